"""Taking it now: what a giver has said yes to beforehand, up to an amount, at its own times."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from marketplace.exchange.calendar_entries.services import sync_calendar_entry
from marketplace.exchange.pickups.models import TakeItNow
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    lock_for_update,
)
from marketplace.exchange.reservations.telling import notify_about
from marketplace.exchange.reservations.ways import FETCH
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Organisation
from marketplace.signals import send_listing_changed
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User


def most_taken_now(giver: Organisation) -> Decimal | None:
    """Up to how many kg may be taken from `giver` without its yes, or None where nothing may."""
    if not giver.pickup_times.coming():
        return None
    return TakeItNow.objects.filter(organisation=giver).values_list("up_to_kg", flat=True).first()


def may_be_taken(giver: Organisation, mass_kg: Decimal, pickup_at: datetime | None) -> bool:
    most = most_taken_now(giver)
    if most is None or pickup_at is None or mass_kg > most:
        return False
    return pickup_at in [pickup.starts_at for pickup in giver.pickup_times.coming()]


def take_if_allowed(rows: Sequence[Reservation], by: User) -> bool:
    """Take all of `rows`, just asked of one giver, where it has said yes to that much beforehand.

    Returns whether they are taken.
    """
    first = rows[0]
    mass_kg = sum(
        (row.requested_quantity * row.listing.stock.kg_per_unit for row in rows), Decimal(0)
    )
    if first.way != FETCH or not may_be_taken(first.giver, mass_kg, first.pickup_at):
        return False
    for row in rows:
        _take(row, by)
    sync_calendar_entry(Reservation.objects.with_parties().get(pk=first.pk))
    # Both calendars need the entry, also that of the person who has just taken it.
    notify_about(first, "reservation_taken_now", members(first.giver, but=by))
    answered = "joint_answered" if len(rows) > 1 else "reservation_accepted"
    notify_about(first, answered, members(first.organisation), promised=True)
    return True


def _take(reservation: Reservation, by: User) -> None:
    stock, reservation = lock_for_update(reservation)
    now = timezone.now()
    stock.reserved += reservation.requested_quantity
    stock.save(update_fields=["reserved"])
    reservation.state = Reservation.State.ACCEPTED
    reservation.accepted_quantity = reservation.requested_quantity
    reservation.accepted_at = reservation.pickup_agreed_at = now
    reservation.save()
    record(
        EventType.RESERVATION_ACCEPTED,
        actor=by,
        organisation=reservation.giver,
        target=reservation,
    )
    send_listing_changed(reservation.listing_id)
