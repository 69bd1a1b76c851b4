from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from icalendar import Event

from marketplace.exchange.reservations.models import Reservation
from portal.foundation.users.models import User

from .models import CalendarEntry, CalendarFeed

# What other subjects put into a person's calendar: each takes the user and yields iCalendar events.
FEED_SOURCES: list[Callable[[User], Iterable[Event]]] = []
# How long a pickup takes when only its start was agreed on.
USUAL_LENGTH = timedelta(minutes=30)


@transaction.atomic
def sync_calendar_entry(reservation: Reservation) -> CalendarEntry | None:
    """Bring the calendar entry of `reservation` in step with what is agreed now.

    What is of one joint request is one entry, which hangs on the first of its reservations.
    Creates it with the first agreement and raises its sequence with every change. Returns None
    when no time was ever agreed on. Safe to call again.
    """
    rows = reservation.together
    agreed = _agreed(rows)
    entry = CalendarEntry.objects.select_for_update().filter(reservation=rows[0]).first()
    if entry is None:
        return _create(rows[0], agreed) if agreed else None
    if agreed:
        now = _values(agreed)
    elif any(row.state == Reservation.State.COLLECTED for row in rows):
        # It happened: the entry stays where it is.
        return entry
    else:
        now = {"is_cancelled": True}
    if any(getattr(entry, name) != value for name, value in now.items()):
        for name, value in now.items():
            setattr(entry, name, value)
        entry.sequence += 1
        entry.changed_at = timezone.now()
        entry.save()
    return entry


def _agreed(rows: list[Reservation]) -> list[Reservation]:
    """Those that are picked up at an agreed time; only the promised ones where some are."""
    agreed = [row for row in rows if row.is_open and row.pickup_at and row.pickup_agreed_at]
    return [row for row in agreed if row.is_promised] or agreed


def _create(first: Reservation, agreed: list[Reservation]) -> CalendarEntry:
    entry, _created = CalendarEntry.objects.get_or_create(
        reservation=first, defaults=_values(agreed)
    )
    return entry


def _values(agreed: list[Reservation]) -> dict[str, Any]:
    """What the entry says of its `agreed` reservations."""
    starts_at, ends_at = _times(agreed[0])
    contents = ",".join(f"{row.pk}:{row.quantity}" for row in agreed)
    return {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "is_cancelled": False,
        "contents": contents if agreed[0].joint_request_id else "",
    }


def _times(reservation: Reservation) -> tuple[datetime, datetime]:
    starts_at = cast(datetime, reservation.pickup_at)
    return starts_at, reservation.pickup_until or starts_at + USUAL_LENGTH


@transaction.atomic
def renew_feed(user: User) -> CalendarFeed:
    """Give `user` a new feed URL. The one before stops working."""
    CalendarFeed.objects.filter(user=user).delete()
    return CalendarFeed.objects.create(user=user)


def revoke_feed(user: User) -> None:
    CalendarFeed.objects.filter(user=user).delete()
