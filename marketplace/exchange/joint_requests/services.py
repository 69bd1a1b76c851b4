"""Several things at once: one request and one pickup for each giver."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.exchange.errors import ListingNotAvailable, QuantityNotPositive
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import confirm_silently
from marketplace.exchange.joint_requests.models import JointRequest
from marketplace.exchange.reservations.actions import Action, Side
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import (
    PICKUP,
    accept_silently,
    close_silently,
    create_request,
    ensure_possible,
    lock_for_update,
    notify_of_request,
    release,
)
from marketplace.exchange.reservations.taking import take_if_allowed
from marketplace.exchange.reservations.telling import (
    notify_about,
    notify_counterparty,
    notify_pickup_agreed,
    sides,
    signature,
    sync_calendar,
)
from marketplace.exchange.stock.services import lock_stocks
from marketplace.listings.models import MaterialListing
from marketplace.organisations.membership.recipients import members
from marketplace.review.errors import ExchangeError, WrongState
from portal.foundation.users.models import User


@transaction.atomic
def create_requests(
    *, parts: Mapping[MaterialListing, Decimal], by: User, **wished: Any
) -> list[Reservation]:
    """Ask for several things, or for nothing at all when one of them is refused.

    `parts` says how much of which listing, in the listing's unit; they may be of different givers.
    `wished` is the rest of what `create_request` takes and goes for all of them. All of one giver
    is one joint request: it is answered, picked up and told of as one. Where a giver lets things
    be taken at once, all that is asked of it together must be within its limit.

    Returns the reservations in the order of `parts`. Raises an `ExchangeError` that carries the
    listing it is about as `listing`.
    """
    lock_stocks(listing.pk for listing in parts)
    created = [
        _create(listing=listing, quantity=quantity, by=by, **wished)
        for listing, quantity in parts.items()
    ]
    givers = attrgetter("listing.organisation_id")
    for _giver, rows in groupby(sorted(created, key=givers), key=givers):
        together = list(rows)
        if len(together) > 1:
            _join(together, JointRequest.objects.create())
        if not take_if_allowed(together, by):
            notify_of_request(together[0], by)
    found = Reservation.objects.with_parties().in_bulk([row.pk for row in created])
    return [found[row.pk] for row in created]


@transaction.atomic
def ask_for_more(
    *,
    reservation: Reservation,
    parts: Mapping[MaterialListing, Decimal],
    by: User,
    safety_confirmed: bool = False,
) -> list[Reservation]:
    """Add things of the same giver to an open `reservation`: the same request, the same pickup.

    Purpose and dates are those of `reservation`, which they fetch. Raises `WrongState` when it is
    too late, and else as `create_requests` does.
    """
    lock_stocks([reservation.listing_id, *(listing.pk for listing in parts)])
    _stock, reservation = lock_for_update(reservation)
    ensure_possible(reservation, Action.ADD, Side.RECEIVER)
    for listing in parts:
        if listing.organisation_id != reservation.giver.pk:
            raise ListingNotAvailable
    more = [
        _create(
            listing=listing,
            quantity=quantity,
            by=by,
            organisation=reservation.organisation,
            purpose=reservation.purpose,
            needed_by=reservation.needed_by,
            can_come=reservation.can_come,
            safety_confirmed=safety_confirmed,
        )
        for listing, quantity in parts.items()
    ]
    joint = reservation.joint_request or JointRequest.objects.create()
    _join([reservation, *more], joint)
    shared = {name: getattr(reservation, name) for name in PICKUP}
    Reservation.objects.filter(pk__in=[row.pk for row in more]).update(**shared)
    notify_of_request(more[0], by)
    return more


def _create(*, listing: MaterialListing, **wished: Any) -> Reservation:
    try:
        return create_request(listing=listing, **wished)
    except ExchangeError as error:
        error.listing = listing
        raise


def _join(rows: list[Reservation], joint: JointRequest) -> None:
    for row in rows:
        row.joint_request = joint
        row.save(update_fields=["joint_request"])


def lock_rows(joint: JointRequest) -> list[Reservation]:
    """The reservations of `joint` as they are now, they and their stocks locked."""
    lock_stocks(joint.reservations.values_list("listing", flat=True))
    found = Reservation.objects.select_for_update(of=("self",)).filter(joint_request=joint)
    return list(found.with_parties().order_by("pk"))


@transaction.atomic
def answer_joint_request(
    *,
    joint: JointRequest,
    by: User,
    answers: Mapping[int, Decimal | None],
    pickup_at: datetime | None = None,
    reason: str = "",
) -> list[Reservation]:
    """Answer what waits in `joint`, all with one notification.

    `answers` says how much of each reservation (by its primary key) is promised; nothing is a no,
    with `reason` for all of them. The pickup time is as in `accept_reservation`. Raises
    `WrongState` when one of them is answered already.
    """
    rows = [row for row in lock_rows(joint) if row.pk in answers]
    for row in rows:
        ensure_possible(row, Action.ANSWER, Side.GIVER)
    promised = [row for row in rows if answers[row.pk]]
    for row in promised:
        _accept(row, by, answers[row.pk], pickup_at)
    for row in rows:
        if row not in promised:
            close_silently(row, Reservation.State.DECLINED, note=reason)
    first = (promised or rows)[0]
    first.refresh_from_db()
    told = list(members(first.organisation, but=by))
    sync_calendar(first, but=told)
    notify_about(first, "joint_answered", told, key=_now(), reason=reason, promised=bool(promised))
    if promised and first.pickup_agreed_at:
        notify_pickup_agreed(first, but=told)
    return rows


def _accept(
    reservation: Reservation, by: User, quantity: Decimal | None, pickup_at: datetime | None
) -> None:
    try:
        accept_silently(reservation=reservation, by=by, quantity=quantity, pickup_at=pickup_at)
    except ExchangeError as error:
        error.listing = reservation.listing
        raise


@transaction.atomic
def cancel_joint_request(*, joint: JointRequest, by: User, reason: str = "") -> None:
    """Call off all that is open of `joint`, from either side, with one notification."""
    rows = [row for row in lock_rows(joint) if row.is_open]
    if not rows:
        raise WrongState
    for row in rows:
        close_silently(release(row, by), Reservation.State.CANCELLED, note=reason)
    first = rows[0]
    own, other = sides(first, by)
    told = list(members(other, but=by))
    sync_calendar(first, but=told)
    notify_about(first, "joint_cancelled", told, key=_now(), by=signature(by, own), reason=reason)


@transaction.atomic
def confirm_joint_handover(
    *,
    joint: JointRequest,
    by: User,
    collected: Mapping[int, Decimal],
    early: bool = False,
    **answers: Any,
) -> list[Handover]:
    """Record what was collected of `joint`, a row of the ledger each, with one notification.

    `collected` says how much of each reservation (by its primary key); what it leaves out stays
    promised. The rest is as in `confirm_handover` and goes for all.
    """
    rows = [row for row in lock_rows(joint) if row.pk in collected]
    if not rows:
        raise QuantityNotPositive
    handovers = [_confirm(row, by, collected[row.pk], early=early, **answers) for row in rows]
    notify_counterparty(rows[0], "joint_handed_over", by, key=_now())
    return handovers


def _confirm(reservation: Reservation, by: User, quantity: Decimal, **answers: Any) -> Handover:
    try:
        return confirm_silently(reservation=reservation, by=by, quantity=quantity, **answers)
    except ExchangeError as error:
        error.listing = reservation.listing
        raise


def _now() -> str:
    return f"{timezone.now():%Y%m%d%H%M%S%f}"
