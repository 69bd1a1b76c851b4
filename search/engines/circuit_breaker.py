"""Leaves Elasticsearch alone for a while when it fails, so that nobody waits for it in vain.

After a failure nobody asks for `SECONDS`; then one request at a time tries again, while the others
go on with the database. Elasticsearch also counts as failing when changes have waited too long to
reach it (it takes none, or nobody sends them), or when much of what it had is not there any more:
what it would answer is no longer true.
"""

import time
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from search.index.models import SearchEntry

SECONDS = 20
PROBE_SECONDS = 5
REMEMBERED_SECONDS = 3600
# How stale the index may be before the database answers instead, in seconds.
STALE_SECONDS = 60
CHECKED_SECONDS = 10
# So large a part of what it has confirmed may be missing; the periodic job repairs that.
MISSING_SHARE = 0.02

OPENED = "search:breaker:opened"
PROBE = "search:breaker:probe"
STALE = "search:breaker:stale"
CONFIRMED = "search:breaker:confirmed"


def allows() -> bool:
    """Whether Elasticsearch may answer a search now."""
    return not is_stale() and may_be_asked()


def may_be_asked() -> bool:
    """Whether it has not failed lately, or it is time to try again."""
    opened = cache.get(OPENED)
    if opened is None:
        return True
    return time.time() >= opened + SECONDS and cache.add(PROBE, True, PROBE_SECONDS)


def is_open() -> bool:
    """Whether Elasticsearch failed when it was last asked."""
    return cache.get(OPENED) is not None


def trip() -> None:
    """Elasticsearch has just failed."""
    cache.set(OPENED, time.time(), REMEMBERED_SECONDS)
    cache.delete(PROBE)


def reset() -> None:
    """Elasticsearch has just answered."""
    if is_open():
        cache.delete_many([OPENED, PROBE])


def is_stale() -> bool:
    """Whether changes have waited for so long that Elasticsearch no longer tells the truth."""
    return bool(cache.get_or_set(STALE, has_waited, CHECKED_SECONDS))


def has_waited() -> bool:
    limit = timezone.now() - timedelta(seconds=STALE_SECONDS)
    return SearchEntry.objects.pending_index().filter(changed_at__lt=limit).exists()


def caught_up() -> None:
    """All changes have been sent."""
    cache.delete(STALE)


def lacks_many(held: int) -> bool:
    """Whether `held` documents are far fewer than those that Elasticsearch has confirmed."""
    if not _too_few(held, cache.get_or_set(CONFIRMED, confirmed, CHECKED_SECONDS) or 0):
        return False
    # Count again: retention may just have removed rows.
    count = confirmed()
    cache.set(CONFIRMED, count, CHECKED_SECONDS)
    return _too_few(held, count)


def confirmed() -> int:
    return SearchEntry.objects.filter(removed=False, indexed_version__gt=0).count()


def _too_few(held: int, count: int) -> bool:
    return count - held > count * MISSING_SHARE
