"""Background jobs of search."""

from django_tasks import task

from . import index, matching, saved
from .upkeep import send_changes


@task()
def refresh_entry(kind: str, object_id: int):
    """Bring one thing up to date in the table, and then in Elasticsearch if it answers.

    When it does not, the change stays in the table and goes with the next one or the periodic job.
    """
    index.refresh(kind, [object_id])
    send_changes()
    matching.match_new(kind, [object_id])


@task()
def tell_saved_search(search_id: int):
    """Write the mail about what is new for a saved search, unless it has been written."""
    saved.tell(search_id)
