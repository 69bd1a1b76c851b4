"""Background jobs of saved searches."""

from django_tasks import task

from search.saved.services import send_alert


@task()
def send_saved_search_alert(search_id: int) -> None:
    """Write the mail about what is new for a saved search, unless it has been written."""
    send_alert(search_id)
