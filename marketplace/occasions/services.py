"""Take a place or stand in line, give it back, and be told what changes."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.notifications.services import notify
from marketplace.occasions.errors import AlreadyBooked, BookingClosed, NotApproved, TooManyPlaces
from marketplace.occasions.models import Booking, Occasion
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Organisation
from marketplace.review.errors import WrongState
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.users.models import User

REMIND_FROM_HOUR = 8
# Where an occasion is shown: each takes one and returns a path in the active language, or "".
ADDRESSES: list[Callable[[Occasion], str]] = []


def address_of(occasion: Occasion) -> str:
    """The path of the page where `occasion` is booked, or "" while it has none."""
    return next(filter(None, (address(occasion) for address in ADDRESSES)), "")


def lock_occasion(occasion: Occasion) -> Occasion:
    """The row as it is now: all bookings of it pass one after the other."""
    return Occasion.objects.select_for_update().get(pk=occasion.pk)


@transaction.atomic
def book(*, occasion: Occasion, organisation: Organisation, by: User, people: int) -> Booking:
    """Take `people` places for `organisation`, or a place in line when there are not that many.

    Who comes later never passes the line. Raises `BookingClosed`, `NotApproved`, `TooManyPlaces`
    and `AlreadyBooked`.
    """
    occasion = lock_occasion(occasion)
    if not occasion.takes_bookings:
        raise BookingClosed
    if not organisation.is_approved:
        raise NotApproved
    if not 1 <= people <= occasion.most_per_booking:
        raise TooManyPlaces
    fits = people <= occasion.left and not occasion.bookings.waiting().exists()
    try:
        with transaction.atomic():
            booking = Booking.objects.create(
                occasion=occasion,
                organisation=organisation,
                created_by=by,
                people=people,
                state=Booking.State.BOOKED if fits else Booking.State.WAITING,
                told_of=occasion.starts_at,
            )
    except IntegrityError as error:
        raise AlreadyBooked from error
    if fits:
        take(occasion, people)
    tell(booking, "place_booked" if fits else "place_waiting", members(organisation))
    return booking


@transaction.atomic
def cancel_booking(*, booking: Booking, by: User) -> Booking:
    """Give the places back, or leave the line. Those first in line get what is free."""
    occasion = lock_occasion(booking.occasion)
    booking = Booking.objects.select_related("occasion", "organisation").get(pk=booking.pk)
    if booking.state not in Booking.OPEN_STATES:
        raise WrongState
    if booking.is_booked:
        take(occasion, -booking.people)
    booking.state = Booking.State.CANCELLED
    booking.closed_at = timezone.now()
    booking.save(update_fields=["state", "closed_at"])
    tell(booking, "place_cancelled", members(booking.organisation, but=by))
    promote_line(occasion)
    return booking


def take(occasion: Occasion, people: int) -> None:
    """Count `people` more (or fewer) places of the locked `occasion` as taken."""
    occasion.taken += people
    occasion.save(update_fields=["taken"])


def promote_line(occasion: Occasion) -> None:
    """Give free places of the locked `occasion` to those first in line, as far as they go."""
    if occasion.called_off or occasion.starts_at <= timezone.now():
        return
    for booking in occasion.bookings.waiting().select_related("occasion", "organisation"):
        if booking.people > occasion.left:
            break
        take(occasion, booking.people)
        booking.state = Booking.State.BOOKED
        booking.save(update_fields=["state"])
        tell(booking, "place_free", members(booking.organisation))


@transaction.atomic
def arrange_occasion(*, occasion: Occasion | None, **values: Any) -> Occasion:
    """Make an occasion, or bring one in step with the `values` of its organiser.

    The line moves up where there are more places; those who have booked are told of another time,
    or that it is called off. Safe to run again: who knows already is not told once more.
    """
    if occasion is None:
        return Occasion.objects.create(**values)
    occasion = lock_occasion(occasion)
    for name, value in values.items():
        setattr(occasion, name, value)
    occasion.places = max(occasion.places, occasion.taken)
    occasion.save()
    promote_line(occasion)
    for booking in occasion.bookings.coming().select_related("occasion", "organisation"):
        if occasion.called_off:
            tell(booking, "place_called_off", members(booking.organisation))
        elif booking.told_of != occasion.starts_at:
            Booking.objects.filter(pk=booking.pk).update(told_of=occasion.starts_at)
            key = f"{occasion.starts_at:%Y%m%d%H%M}"
            tell(booking, "place_moved", members(booking.organisation), key=key)
    return occasion


def remind_of_bookings(now: datetime | None = None) -> int:
    """Remind those who have booked, from eight the morning before. Returns how many bookings."""
    now = now or timezone.now()
    if timezone.localtime(now).hour < REMIND_FROM_HOUR:
        return 0
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    coming = (
        Booking.objects.booked()
        .filter(occasion__starts_at__date=tomorrow, occasion__called_off=False)
        .exclude(reminded_for__date=tomorrow)
        .select_related("occasion", "organisation")
    )
    return for_each_row(list(coming), _remind)


@transaction.atomic
def _remind(booking: Booking) -> bool:
    starts_at = booking.occasion.starts_at
    not_reminded = Booking.objects.booked().filter(pk=booking.pk).exclude(reminded_for=starts_at)
    if not not_reminded.update(reminded_for=starts_at):
        return False
    key = f"{starts_at:%Y%m%d%H%M}"
    tell(booking, "place_tomorrow", members(booking.organisation), key=key)
    return True


def tell(booking: Booking, type: str, users: Iterable[User], key: str = "") -> None:
    """Notify `users` of what happened to `booking`, once."""
    occasion = booking.occasion
    notify(
        users=users,
        type=type,
        key=":".join(filter(None, ["booking", str(booking.pk), type, key])),
        organisation=booking.organisation,
        booking_id=booking.pk,
        title=occasion.title,
        starts_at=occasion.starts_at.isoformat(),
        where=occasion.where,
        people=booking.people,
    )
