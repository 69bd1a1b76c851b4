"""From a request to a promise, and what giver and receiver agree on."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from marketplace.exchange.errors import (
    AlreadyProlonged,
)
from marketplace.exchange.reservations.actions import Action, Side
from marketplace.exchange.reservations.checks import (
    check_pickup,
    check_promise,
    check_request,
    save_once,
)
from marketplace.exchange.reservations.confirmation import confirmation
from marketplace.exchange.reservations.models import Reservation, ReservationMessage
from marketplace.exchange.reservations.parts import check_part
from marketplace.exchange.reservations.telling import (
    notify_about,
    notify_counterparty,
    notify_pickup_agreed,
    side_of,
    sides,
    signature,
    sync_calendar,
)
from marketplace.exchange.reservations.ways import FETCH, way_of
from marketplace.exchange.stock.models import Stock
from marketplace.exchange.stock.services import lock_stock
from marketplace.exchange.waiting_list.services import offer_to_next
from marketplace.listings.models import MaterialListing
from marketplace.materials.units import GRAM, rounded
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Organisation
from marketplace.review.errors import WrongState
from marketplace.signals import send_listing_changed
from portal.foundation.audit.services import EventType, record
from portal.foundation.text_types import StrOrPromise
from portal.foundation.users.models import User

# What all of a joint request have in common.
PICKUP = (
    "pickup_at",
    "pickup_until",
    "pickup_proposed_by_giver",
    "pickup_agreed_at",
    "uncollected_asked_at",
)


def lock_for_update(reservation: Reservation) -> tuple[Stock, Reservation]:
    """(stock, reservation) as they are now, both locked."""
    stock = lock_stock(reservation.listing_id)
    fresh = (
        Reservation.objects.select_for_update(of=("self",)).with_parties().get(pk=reservation.pk)
    )
    return stock, fresh


def ensure_possible(reservation: Reservation, action: Action, side: Side) -> None:
    """Raise `WrongState` unless `side` can do `action` now. Call it with the row locked."""
    if action not in reservation.actions_for(side):
        raise WrongState


def close(
    reservation: Reservation,
    state: Reservation.State,
    *,
    type: str,
    users: Iterable[User],
    note: StrOrPromise = "",
    **context: Any,
) -> None:
    """End it, and tell `users`."""
    close_silently(reservation, state, note=note)
    users = list(users)
    sync_calendar(reservation, but=users)
    notify_about(reservation, type, users, reason=reservation.closing_note, **context)


def close_silently(
    reservation: Reservation, state: Reservation.State, *, note: StrOrPromise = ""
) -> None:
    """End it without telling anybody, which is left to the caller, calendars included."""
    reservation.state = state
    reservation.closed_at = timezone.now()
    reservation.closing_note = str(note)[:500]
    reservation.save(update_fields=["state", "closed_at", "closing_note"])
    way_of(reservation.way).closed(reservation)
    offer_to_next(reservation.listing_id)


def request_reservation(*, by: User, **wished: Any) -> Reservation:
    """Ask for some of a listing, as `create_request` takes it. Nothing is promised by asking."""
    with transaction.atomic():
        reservation = create_request(by=by, **wished)
        notify_of_request(reservation, by)
        return reservation


def notify_of_request(reservation: Reservation, by: User) -> None:
    notify_about(reservation, "reservation_requested", members(reservation.giver, but=by))


@transaction.atomic
def create_request(
    *,
    listing: MaterialListing,
    organisation: Organisation,
    by: User,
    quantity: Decimal,
    purpose: str = "",
    pickup_at: datetime | None = None,
    pickup_until: datetime | None = None,
    needed_by: date | None = None,
    can_come: str = "",
    safety_confirmed: bool = False,
    way: str = FETCH,
    details: Mapping[str, Any] | None = None,
) -> Reservation:
    """Record that `organisation` asks for `quantity` of `listing`; the caller notifies.

    A preschool must confirm that it knows that something does not fit all its children. `way` is
    a choice of `ways.WAYS`, and `details` what its form has asked.
    """
    stock, listing = lock_listing(listing)
    check_request(listing, organisation, pickup_at)
    quantity = rounded(quantity, GRAM)
    check_part(listing=listing, stock=stock, quantity=quantity)
    reservation = Reservation(
        listing=listing,
        organisation=organisation,
        created_by=by,
        requested_quantity=quantity,
        purpose=purpose,
        pickup_at=pickup_at,
        pickup_until=pickup_until,
        needed_by=needed_by,
        can_come=can_come,
        safety_confirmed_at=confirmation(listing, organisation, confirmed=safety_confirmed),
        way=way,
    )
    save_once(reservation)
    way_of(way).chosen(reservation, details or {})
    return reservation


def lock_listing(listing: MaterialListing) -> tuple[Stock, MaterialListing]:
    """(its stock, locked; the listing) as they are now."""
    stock = lock_stock(listing.pk)
    found = MaterialListing.objects.select_related("organisation", "stock")
    return stock, found.get(pk=listing.pk)


@transaction.atomic
def accept_reservation(
    *,
    reservation: Reservation,
    by: User,
    quantity: Decimal | None = None,
    pickup_at: datetime | None = None,
) -> Reservation:
    """Promise `quantity` (all that was asked for, unless less is given) to who asked.

    The wished pickup time is agreed to unless another `pickup_at` is given, which is then a
    proposal that the receiver agrees to.
    """
    reservation = accept_silently(
        reservation=reservation, by=by, quantity=quantity, pickup_at=pickup_at
    )
    told = list(members(reservation.organisation, but=by))
    sync_calendar(reservation, but=told)
    notify_about(reservation, "reservation_accepted", told)
    if reservation.pickup_agreed_at:
        notify_pickup_agreed(reservation, but=told)
    return reservation


@transaction.atomic
def accept_silently(
    *,
    reservation: Reservation,
    by: User,
    quantity: Decimal | None = None,
    pickup_at: datetime | None = None,
) -> Reservation:
    """Accept as `accept_reservation` does; telling people and calendars is left to the caller."""
    stock, reservation = lock_for_update(reservation)
    ensure_possible(reservation, Action.ANSWER, Side.GIVER)
    quantity = rounded(quantity or reservation.requested_quantity, GRAM)
    check_promise(reservation, stock, quantity)
    _answer_pickup(reservation, pickup_at)
    stock.reserved += quantity
    stock.save(update_fields=["reserved"])
    reservation.state = Reservation.State.ACCEPTED
    reservation.accepted_quantity = quantity
    reservation.accepted_at = timezone.now()
    reservation.save()
    share_pickup(reservation)
    way_of(reservation.way).accepted(reservation)
    record(
        EventType.RESERVATION_ACCEPTED,
        actor=by,
        organisation=reservation.giver,
        target=reservation,
    )
    offer_to_next(reservation.listing_id)
    send_listing_changed(reservation.listing_id)
    return reservation


def _answer_pickup(reservation: Reservation, pickup_at: datetime | None) -> None:
    """Agree to the wished time, or propose `pickup_at` where that is another one."""
    if pickup_at is not None and pickup_at != reservation.pickup_at:
        check_pickup(pickup_at)
        reservation.pickup_at = pickup_at
        reservation.pickup_until = None
        reservation.pickup_proposed_by_giver = True
        reservation.pickup_agreed_at = None
    elif reservation.pickup_at and not reservation.pickup_proposed_by_giver:
        reservation.pickup_agreed_at = reservation.pickup_agreed_at or timezone.now()


def share_pickup(reservation: Reservation) -> None:
    """Let what is open of the same joint request have the same pickup as `reservation`."""
    if reservation.joint_request_id:
        Reservation.objects.open().filter(joint_request=reservation.joint_request_id).update(
            **{name: getattr(reservation, name) for name in PICKUP}
        )


@transaction.atomic
def decline_reservation(*, reservation: Reservation, by: User, reason: str = "") -> Reservation:
    """Say no to a request that has not been answered, with a word to who asked."""
    _stock, reservation = lock_for_update(reservation)
    ensure_possible(reservation, Action.ANSWER, Side.GIVER)
    close(
        reservation,
        Reservation.State.DECLINED,
        note=reason,
        type="reservation_declined",
        users=members(reservation.organisation, but=by),
    )
    return reservation


@transaction.atomic
def cancel_reservation(*, reservation: Reservation, by: User, reason: str = "") -> Reservation:
    """Call off a request or a promise, from either side. What was promised is free again."""
    reservation = release(reservation, by)
    own, other = sides(reservation, by)
    close(
        reservation,
        Reservation.State.CANCELLED,
        by=signature(by, own),
        by_giver=own == reservation.giver,
        note=reason,
        type="reservation_cancelled",
        users=members(other, but=by),
    )
    return reservation


def release(reservation: Reservation, by: User) -> Reservation:
    """Let what is promised be free again, if `by` may cancel it; returns the row, locked."""
    stock, reservation = lock_for_update(reservation)
    ensure_possible(reservation, Action.CANCEL, side_of(reservation, by))
    if reservation.state == Reservation.State.ACCEPTED:
        stock.reserved -= cast(Decimal, reservation.accepted_quantity)
        stock.save(update_fields=["reserved"])
        send_listing_changed(reservation.listing_id)
    return reservation


@transaction.atomic
def prolong_reservation(*, reservation: Reservation, by: User) -> Reservation:
    """Extend a request or an accepted reservation by two weeks, once, and notify the other side.

    All of a joint request is extended as one.
    """
    _stock, reservation = lock_for_update(reservation)
    if reservation.is_open and reservation.prolonged_at:
        raise AlreadyProlonged
    ensure_possible(reservation, Action.PROLONG, Side.RECEIVER)
    reservation.prolonged_at = timezone.now()
    reservation.uncollected_asked_at = None
    reservation.save(update_fields=["prolonged_at", "uncollected_asked_at"])
    others = Reservation.objects.open().filter(pk__in=[row.pk for row in reservation.together])
    others.update(prolonged_at=reservation.prolonged_at, uncollected_asked_at=None)
    _own, other = sides(reservation, by)
    notify_about(
        reservation,
        "reservation_prolonged",
        members(other, but=by),
        unanswered=reservation.state == Reservation.State.REQUESTED,
    )
    return reservation


@transaction.atomic
def propose_pickup(
    *, reservation: Reservation, by: User, pickup_at: datetime, pickup_until: datetime | None = None
) -> Reservation:
    """Suggest a time of pickup to the other side.

    A receiver who picks one of the times that the giver of a promise offers has agreed by that.
    """
    _stock, reservation = lock_for_update(reservation)
    side = side_of(reservation, by)
    ensure_possible(reservation, Action.PROPOSE_PICKUP, side)
    check_pickup(pickup_at)
    gives = side == Side.GIVER
    reservation.pickup_at = pickup_at
    reservation.pickup_until = pickup_until
    reservation.pickup_proposed_by_giver = gives
    reservation.pickup_agreed_at = None
    reservation.uncollected_asked_at = None
    if reservation.state == Reservation.State.ACCEPTED and not gives:
        offered = reservation.giver.pickup_times.coming()
        if pickup_at in [pickup.starts_at for pickup in offered]:
            reservation.pickup_agreed_at = timezone.now()
    reservation.save()
    share_pickup(reservation)
    others = members(reservation.counterparty(side), but=by)
    sync_calendar(reservation, but=list(others))
    if reservation.pickup_agreed_at:
        notify_pickup_agreed(reservation)
        return reservation
    notify_counterparty(
        reservation,
        "pickup_proposed",
        by,
        key=f"{timezone.now():%Y%m%d%H%M%S%f}",
        pickup_at=pickup_at.isoformat(),
    )
    return reservation


@transaction.atomic
def agree_pickup(*, reservation: Reservation, by: User) -> Reservation:
    """Say yes to the time that the other side has proposed."""
    _stock, reservation = lock_for_update(reservation)
    ensure_possible(reservation, Action.AGREE_PICKUP, side_of(reservation, by))
    reservation.pickup_agreed_at = timezone.now()
    reservation.save(update_fields=["pickup_agreed_at"])
    share_pickup(reservation)
    sync_calendar(reservation)
    notify_pickup_agreed(reservation)
    return reservation


@transaction.atomic
def post_message(*, reservation: Reservation, by: User, text: str) -> ReservationMessage:
    """Add a message and notify the other side. The thread stays open after closing."""
    side, _other = sides(reservation, by)
    message = ReservationMessage.objects.create(
        reservation=reservation, author=by, organisation=side, text=text
    )
    notify_counterparty(reservation, "message", by, key=str(message.pk), text=text)
    return message
