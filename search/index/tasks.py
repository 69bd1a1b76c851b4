"""Background jobs of search."""

from django_tasks import task

from search.index.entries import refresh
from search.index.sync import send_changes
from search.saved.matching import match_new


@task()
def refresh_entry(type: str, object_id: int) -> None:
    """Bring one thing up to date in the table, and then in Elasticsearch if it answers.

    When it does not, the change stays in the table and goes with the next one or the periodic job.
    """
    refresh(type, [object_id])
    send_changes()
    match_new(type, [object_id])
