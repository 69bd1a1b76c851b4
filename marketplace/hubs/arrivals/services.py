"""What comes to a hub that somebody has announced: it arrives, is kept, and leaves again."""

from datetime import date, timedelta
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import estimated_mass, record_delivery
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import close, lock_for_update
from marketplace.exchange.reservations.telling import all_members, notify_about
from marketplace.exchange.stock.models import Stock
from marketplace.hubs.arrivals.models import Arrival
from marketplace.hubs.errors import HubClosed
from marketplace.hubs.models import Hub, Movement, Shelf
from marketplace.hubs.services import take_in
from marketplace.listings.models import MaterialListing
from marketplace.notifications.services import notify
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Organisation
from marketplace.review.errors import WrongState
from marketplace.signals import send_listing_changed
from portal.foundation.users.models import User


def lock_arrival(arrival: Arrival) -> Arrival:
    """The row as it is now, locked."""
    found = Arrival.objects.select_for_update(of=("self",)).with_parties()
    return found.get(pk=arrival.pk)


@transaction.atomic
def announce(
    *,
    hub: Hub,
    listing: MaterialListing,
    mass_kg: Decimal,
    reservation: Reservation | None = None,
) -> Arrival:
    """Let those at `hub` know that about `mass_kg` of `listing` comes: the take-in is prepared.

    With a `reservation` it is kept for who has reserved it, else it is for a shelf. The hub is told
    once that is sure. Raises `HubClosed`.
    """
    if not hub.is_open_on(max(timezone.localdate(), hub.first_day or date.min)):
        raise HubClosed
    arrival = Arrival.objects.create(
        hub=hub, listing=listing, reservation=reservation, mass_kg=mass_kg
    )
    if reservation is None:
        tell_hub(arrival, "hub_expected")
    return arrival


def promise(arrival: Arrival) -> None:
    """The giver has said yes: the promised amount comes, and the hub is told."""
    reservation = cast(Reservation, arrival.reservation)
    stock = reservation.listing.stock
    arrival.mass_kg = estimated_mass(reservation.quantity, stock.kg_per_unit)
    arrival.save(update_fields=["mass_kg"])
    tell_hub(arrival, "hub_expected")


def tell_hub(arrival: Arrival, type: str) -> None:
    """Tell those who look after the hub. The reservation itself is not theirs to read."""
    reservation = arrival.reservation
    notify(
        users=members(arrival.hub.organisation),
        type=type,
        key=f"arrival:{arrival.pk}:{type}",
        listing=arrival.listing,
        hub=arrival.hub.name,
        slug=arrival.hub.slug,
        receiver=reservation.organisation.name if reservation else "",
        mass=str(arrival.mass_kg),
    )


@transaction.atomic
def receive(*, arrival: Arrival) -> Arrival:
    """It is there, for who has reserved it, who is told until when it is kept.

    Done twice is done once. Raises `WrongState` when nobody has it reserved.
    """
    arrival = lock_arrival(arrival)
    if arrival.arrived_at:
        return arrival
    reservation = arrival.reservation
    if reservation is None or reservation.state != Reservation.State.ACCEPTED or arrival.closed_at:
        raise WrongState
    arrival.arrived_at = timezone.now()
    arrival.kept_until = _kept_until(arrival.hub)
    arrival.save(update_fields=["arrived_at", "kept_until"])
    notify_about(
        reservation,
        "hub_arrived",
        members(reservation.organisation),
        kept_until=arrival.kept_until.isoformat(),
        where=arrival.hub.where,
    )
    return arrival


def _kept_until(hub: Hub) -> date:
    """The last day on which it can be fetched: a hub that is there for a time keeps no longer."""
    day = timezone.localdate() + timedelta(days=Arrival.KEPT_DAYS)
    return min(day, hub.last_day) if hub.last_day else day


@transaction.atomic
def hand_over(*, arrival: Arrival) -> Handover:
    """Those at the hub have given it to who reserved it: a handover from its giver.

    Raises `WrongState` when it has not arrived, or is not reserved any more.
    """
    arrival = lock_arrival(arrival)
    if arrival.arrived_at is None or arrival.reservation is None:
        raise WrongState
    handover = record_delivery(reservation=arrival.reservation)
    for organisation in (handover.receiver, handover.giver):
        notify_about(
            arrival.reservation,
            "hub_collected",
            members(organisation),
            hub=arrival.hub.name,
            quantity=str(handover.quantity),
            unit=handover.unit,
            mass=str(handover.mass_kg),
            # Nobody has asked whether it would have been bought.
            asks=organisation == handover.receiver,
        )
    return handover


@transaction.atomic
def put_on_shelf(
    *, arrival: Arrival, shelf: Shelf, mass_kg: Decimal, by: User, key: UUID | None = None
) -> Movement:
    """Take it in on `shelf`: what was for a shelf, or what nobody has fetched in its time.

    A reservation whose time at the hub is over ends by that. What lies on the shelf is not given
    away by the listing any more. Raises `WrongState` while it is kept for somebody.
    """
    arrival = lock_arrival(arrival)
    if arrival.movement:
        return arrival.movement
    reservation = arrival.reservation
    if arrival.closed_at or (reservation and arrival.arrived_at is None):
        raise WrongState
    if reservation:
        _release(arrival, reservation)
    movement = take_in(shelf=shelf, mass_kg=mass_kg, by=by, origin=arrival.giver, key=key)
    arrival.movement = movement
    arrival.arrived_at = arrival.arrived_at or timezone.now()
    arrival.save(update_fields=["movement", "arrived_at"])
    return movement


def _release(arrival: Arrival, reservation: Reservation) -> None:
    """Nobody has it reserved any more, and its listing does not offer it either."""
    stock, reservation = lock_for_update(reservation)
    if reservation.state == Reservation.State.COLLECTED:
        raise WrongState
    if reservation.state == Reservation.State.ACCEPTED:
        if not arrival.is_overdue:
            raise WrongState
        stock.reserved -= cast(Decimal, reservation.accepted_quantity)
        stock.save(update_fields=["reserved"])
        _take_out(stock, reservation.quantity)
        close(
            reservation,
            Reservation.State.CANCELLED,
            note=_("It was not collected from the hub in time."),
            type="reservation_cancelled",
            users=all_members(reservation),
            by=arrival.hub.name,
            by_giver=False,
        )
    else:
        _take_out(stock, reservation.quantity)


def _take_out(stock: Stock, quantity: Decimal) -> None:
    """What has come to a shelf is offered there, and not by its listing."""
    quantity = min(quantity, stock.left)
    if stock.offered - quantity > 0:
        stock.offered -= quantity
        stock.save(update_fields=["offered"])
    elif stock.closed_at is None:
        stock.closed_at = timezone.now()
        stock.save(update_fields=["closed_at"])
    send_listing_changed(stock.listing_id)


@transaction.atomic
def close_arrival(*, arrival: Arrival) -> Arrival:
    """It did not come, or its giver has fetched it back. What is kept for somebody stays."""
    arrival = lock_arrival(arrival)
    reservation = arrival.reservation
    if arrival.movement or (reservation and reservation.is_promised):
        raise WrongState
    if arrival.closed_at is None:
        arrival.closed_at = timezone.now()
        arrival.save(update_fields=["closed_at"])
    return arrival


def own_hubs(organisation: Organisation) -> list[tuple[Hub, int, int]]:
    """The hubs that `organisation` looks after, each with how much is on its way and kept."""
    if not organisation.is_approved:
        return []
    return [
        (hub, hub.arrivals.expected().count(), hub.arrivals.kept().count())
        for hub in Hub.objects.listed().filter(organisation=organisation)
    ]
