"""The line for a listing of which everything is promised."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from marketplace.exchange.errors import (
    AlreadyAsked,
    AlreadyInLine,
    ListingNotAvailable,
    NotAReceiver,
    NotEnoughLeft,
    QuantityNotPositive,
)
from marketplace.exchange.reservations.confirmation import confirmation
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.stock.models import Stock
from marketplace.exchange.stock.services import lock_stock
from marketplace.exchange.waiting_list.models import WaitingPlace
from marketplace.listings.models import MaterialListing
from marketplace.materials.units import GRAM, rounded
from marketplace.notifications.services import notify
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Organisation
from marketplace.review.errors import WrongState
from marketplace.safety.presentation import needs_confirmation
from marketplace.signals import send_listing_changed
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.users.models import User

OFFER_LASTS = timedelta(hours=48)


def _notify(place: WaitingPlace, type: str, users: Iterable[User], **context: Any) -> None:
    notify(
        users=users,
        type=type,
        key=f"waiting:{place.pk}:{type}:{place.offered_at or place.created_at:%Y%m%d%H%M%S}",
        listing=place.listing,
        waiting_id=place.pk,
        **context,
    )


@transaction.atomic
def join_line(
    *,
    listing: MaterialListing,
    organisation: Organisation,
    by: User,
    quantity: Decimal,
    purpose: str = "",
    safety_confirmed: bool = False,
) -> WaitingPlace:
    """Put `organisation` last in the line for `listing`."""
    stock = lock_stock(listing.pk)
    listing = MaterialListing.objects.select_related("organisation", "stock").get(pk=listing.pk)
    if not organisation.is_approved:
        raise NotAReceiver
    if not listing.can_come_back(stock) or not listing.is_open_to(organisation):
        raise ListingNotAvailable
    if listing.reservations.open().made_by(organisation).exists():
        raise AlreadyAsked
    quantity = rounded(quantity, GRAM)
    if quantity <= 0:
        raise QuantityNotPositive
    if quantity > stock.offered:
        raise NotEnoughLeft
    confirmation(listing, organisation, confirmed=safety_confirmed)
    try:
        with transaction.atomic():
            return WaitingPlace.objects.create(
                listing=listing,
                organisation=organisation,
                created_by=by,
                quantity=quantity,
                purpose=purpose,
            )
    except IntegrityError as error:
        raise AlreadyInLine from error


def offer_to_next(listing_id: int) -> None:
    """Offer what is left of a listing to those first in line, and hold it for them.

    Requests that have not been answered come before the line: what they ask for is not offered.
    Called inside the transaction that set something free.
    """
    line = WaitingPlace.objects.waiting().filter(listing=listing_id)
    if not line.exists():
        return
    stock = lock_stock(listing_id)
    listing = MaterialListing.objects.select_related("organisation", "stock").get(pk=listing_id)
    if not listing.is_available:
        return
    asked_for = listing.reservations.requested().aggregate(sum=Sum("requested_quantity"))["sum"]
    free = stock.left - (asked_for or 0)
    now = timezone.now()
    for place in line.select_for_update(of=("self",)).with_parties():
        if free <= 0:
            break
        place.offered_quantity = min(place.quantity, free) if listing.splittable else free
        place.offered_at = now
        place.offered_until = now + OFFER_LASTS
        place.save()
        stock.reserved += place.offered_quantity
        free -= place.offered_quantity
        _notify(
            place,
            "waiting_offered",
            members(place.organisation),
            quantity=str(place.offered_quantity),
            unit=stock.unit,
            until=place.offered_until.isoformat(),
        )
    stock.save(update_fields=["reserved"])
    send_listing_changed(listing_id)


@transaction.atomic
def hold_for(
    *, listing: MaterialListing, organisation: Organisation, quantity: Decimal | None = None
) -> WaitingPlace | None:
    """Hold what is left of `listing`, or `quantity` of it, for whom its giver offers it to.

    For 48 hours it counts as reserved, as what comes back to somebody in line. None where there is
    nothing to hold, or `organisation` has asked for it or stands in line already. Telling it is the
    caller's part.
    """
    stock = lock_stock(listing.pk)
    listing = MaterialListing.objects.select_related("organisation", "stock").get(pk=listing.pk)
    if not listing.is_available or not organisation.is_approved:
        return None
    if listing.reservations.open().made_by(organisation).exists():
        return None
    if listing.waiting_places.open().filter(organisation=organisation).exists():
        return None
    held = min(quantity, stock.left) if quantity and listing.splittable else stock.left
    now = timezone.now()
    place = WaitingPlace.objects.create(
        listing=listing,
        organisation=organisation,
        quantity=held,
        offered_quantity=held,
        offered_at=now,
        offered_until=now + OFFER_LASTS,
    )
    stock.reserved += held
    stock.save(update_fields=["reserved"])
    send_listing_changed(listing.pk)
    return place


def _locked(place: WaitingPlace) -> tuple[Stock, WaitingPlace]:
    stock = lock_stock(place.listing_id)
    place = WaitingPlace.objects.select_for_update(of=("self",)).with_parties().get(pk=place.pk)
    return stock, place


def _close(stock: Stock, place: WaitingPlace) -> None:
    """End a place in line; what was held for it is free again."""
    if place.is_offered:
        stock.reserved -= cast(Decimal, place.offered_quantity)
        stock.save(update_fields=["reserved"])
    place.closed_at = timezone.now()
    place.save(update_fields=["closed_at"])


@transaction.atomic
def take_offer(*, place: WaitingPlace, by: User) -> Reservation:
    """Say yes to what came back: the held quantity becomes a promise. Returns the reservation."""
    _stock, place = _locked(place)
    if not place.is_offered or cast(datetime, place.offered_until) < timezone.now():
        raise WrongState
    if place.listing.reservations.open().made_by(place.organisation).exists():
        raise AlreadyAsked
    now = timezone.now()
    # The hold turns into the promise: what is reserved in the stock stays as it is.
    place.closed_at = now
    place.save(update_fields=["closed_at"])
    reservation = Reservation.objects.create(
        listing=place.listing,
        organisation=place.organisation,
        created_by=by,
        state=Reservation.State.ACCEPTED,
        requested_quantity=cast(Decimal, place.offered_quantity),
        accepted_quantity=place.offered_quantity,
        purpose=place.purpose,
        accepted_at=now,
        # It was read when joining the line.
        safety_confirmed_at=place.created_at
        if needs_confirmation(place.listing.answers, place.organisation)
        else None,
    )
    notify(
        users=members(reservation.giver, but=by),
        type="waiting_taken",
        key=f"waiting:{place.pk}:taken",
        reservation=reservation,
        listing=reservation.listing,
    )
    return reservation


@transaction.atomic
def leave_line(*, place: WaitingPlace, by: User | None = None) -> WaitingPlace:
    """Leave the line, also by saying no to an offer, which then goes to the next."""
    stock, place = _locked(place)
    if place.closed_at:
        raise WrongState
    _close(stock, place)
    offer_to_next(place.listing_id)
    send_listing_changed(place.listing_id)
    return place


def expire_offers(now: datetime | None = None) -> int:
    """Give what nobody took in 48 hours to the next in line. Returns how many offers ended."""
    now = now or timezone.now()
    late = WaitingPlace.objects.offered().filter(offered_until__lt=now)
    return for_each_row(list(late), partial(_expire, now=now))


@transaction.atomic
def _expire(place: WaitingPlace, now: datetime) -> bool:
    stock, place = _locked(place)
    if not place.is_offered or cast(datetime, place.offered_until) >= now:
        return False
    _notify(place, "waiting_offer_expired", members(place.organisation))
    _close(stock, place)
    offer_to_next(place.listing_id)
    send_listing_changed(place.listing_id)
    return True


def dissolve_line(listing: MaterialListing, stock: Stock) -> None:
    """End the whole line of a listing that is taken back. Called with its stock locked."""
    for place in WaitingPlace.objects.open().filter(listing=listing).with_parties():
        _close(stock, place)
        _notify(place, "waiting_ended", members(place.organisation))
