"""When something has waited for an answer for too long, and whose turn it then is."""

from datetime import datetime, timedelta
from enum import IntEnum

from django.core.cache import cache
from django.utils import timezone
from wagtail.models import Site

from portal.foundation.site_settings.models import SiteSettings

# How long a colleague has to answer who wants to join, before it comes to the coordinator.
MEMBER_WAITS = timedelta(days=3)
SATURDAY = 5
DEFAULT = 2


class Turn(IntEnum):
    """Who is to answer: everybody asked, then one more by name, then the coordinators."""

    FIRST = 0
    NEXT = 1
    COORDINATOR = 2


def patience() -> int:
    """The working days after which an answer is late, as the site says. Read again every minute."""
    return cache.get_or_set("answer_within_days", _read_patience, 60) or DEFAULT


def _read_patience() -> int:
    site = Site.objects.filter(is_default_site=True).first()
    return SiteSettings.for_site(site).answer_within_days if site else DEFAULT


def working_days_before(moment: datetime, days: int) -> datetime:
    """The moment from which `days` whole days, Monday to Friday, lead to `moment`.

    Saturdays and Sundays do not count; public holidays do, since the portal knows none.
    """
    found = timezone.localtime(moment)
    while days:
        found -= timedelta(days=1)
        if found.weekday() < SATURDAY:
            days -= 1
    return found


def late_since(now: datetime | None = None) -> datetime:
    """What was sent in before this moment is late."""
    return working_days_before(now or timezone.now(), patience())


def came_to_coordinators(now: datetime | None = None) -> datetime:
    """What was sent in before this moment has come to the coordinators."""
    return working_days_before(now or timezone.now(), 2 * patience())


def turn_of(since: datetime, now: datetime | None = None) -> Turn:
    """Whose turn it is to answer what was sent in at `since`."""
    if since <= came_to_coordinators(now):
        return Turn.COORDINATOR
    return Turn.NEXT if since <= late_since(now) else Turn.FIRST
