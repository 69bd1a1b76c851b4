"""Who is told what about a reservation, and what goes into their calendars."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from marketplace.exchange.calendar_entries.services import sync_calendar_entry
from marketplace.exchange.reservations.actions import Side
from marketplace.exchange.reservations.models import Reservation
from marketplace.notifications.services import notify
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Membership, Organisation
from portal.foundation.users.models import User


def side_of(reservation: Reservation, by: User) -> Side:
    """Return the side that `by` acts for. Somebody in both organisations counts as the giver."""
    gives = Membership.objects.active().filter(user=by, organisation=reservation.giver).exists()
    return Side.GIVER if gives else Side.RECEIVER


def sides(reservation: Reservation, by: User) -> tuple[Organisation, Organisation]:
    """The organisation that `by` acts for in `reservation`, and the other one."""
    side = side_of(reservation, by)
    return reservation.party(side), reservation.counterparty(side)


def signature(by: User, organisation: Organisation) -> str:
    """Who did something and for whom, such as "Kim Larsson (Björkskolan)"."""
    return f"{by} ({organisation.name})"


def all_members(reservation: Reservation, but: User | None = None) -> QuerySet[User]:
    return members(reservation.giver, reservation.organisation, but=but)


def notify_about(
    reservation: Reservation,
    type: str,
    users: Iterable[User],
    key: str = "",
    *,
    as_one: bool = False,
    **context: Any,
) -> None:
    """Tell `users`, once for each `key`; once for all of a joint request where it is `as_one`."""
    joint = reservation.joint_request_id
    about = f"joint:{joint}" if as_one and joint else f"reservation:{reservation.pk}"
    notify(
        users=users,
        type=type,
        key=":".join(filter(None, [about, type, key])),
        reservation=reservation,
        listing=reservation.listing,
        **context,
    )


def notify_counterparty(
    reservation: Reservation, type: str, by: User, key: str = "", **context: Any
) -> None:
    """Tell the other side than that of `by`, with the signature."""
    own, other = sides(reservation, by)
    users = members(other, but=by)
    notify_about(reservation, type, users, key, by=signature(by, own), **context)


def sync_calendar(reservation: Reservation, *, but: Iterable[User] = ()) -> None:
    """Bring the calendar entry in step; when it fell, tell everybody except the users `but`.

    They are told by another mail, which brings the calendar's cancellation along.
    """
    entry = sync_calendar_entry(reservation)
    if entry and entry.is_cancelled:
        notify_about(
            reservation,
            "pickup_cancelled",
            [user for user in all_members(reservation) if user not in but],
            key=str(entry.sequence),
            starts_at=entry.starts_at.isoformat(),
        )


def notify_pickup_agreed(reservation: Reservation, *, but: Iterable[User] = ()) -> None:
    """Tell both sides except the users `but`: the calendars of all need the same entry."""
    notify_about(
        reservation,
        "pickup_agreed",
        [user for user in all_members(reservation) if user not in but],
        key=f"{reservation.pickup_agreed_at:%Y%m%d%H%M%S%f}",
    )
