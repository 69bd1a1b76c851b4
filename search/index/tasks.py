"""Background jobs of search."""

from collections import defaultdict
from collections.abc import Sequence

from django.dispatch import Signal
from django_tasks import task

from portal.foundation.jobs.backend import join
from portal.foundation.jobs.batches import in_rounds
from search.index.entries import refresh
from search.index.sync import send_changes

# Things can be found as they are now, or no longer. Arguments: type (str), object_ids (list[int]).
entries_refreshed = Signal()


@task()
def refresh_entry(type: str, object_id: int) -> None:
    """Bring one thing up to date in the table, and then in Elasticsearch if it answers.

    When it does not, the change stays in the table and goes with the next one or the periodic job.
    """
    refresh_entries([(type, object_id)])


join(refresh_entry)


@in_rounds(refresh_entry)
def refresh_entries(waiting: Sequence[Sequence]) -> None:
    """`refresh_entry` for many things: Elasticsearch is asked once for all of them."""
    ids: dict[str, set[int]] = defaultdict(set)
    for type, object_id in waiting:
        ids[type].add(object_id)
    for type, object_ids in ids.items():
        refresh(type, sorted(object_ids))
    send_changes()
    for type, object_ids in ids.items():
        entries_refreshed.send(sender=None, type=type, object_ids=sorted(object_ids))
