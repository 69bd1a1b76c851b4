"""The line for a listing of which everything is promised."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from marketplace import errors, notifications
from marketplace.models import MaterialListing, Reservation, WaitingPlace

from .stock import GRAM, announce, lock_stock, rounded

OFFER_LASTS = timedelta(hours=48)


def can_come_back(listing, stock):
    """Whether there is a line to stand in: all is promised, but not all has been collected."""
    return (
        listing.live
        and listing.organisation.is_approved
        and stock.closed_at is None
        and stock.left <= 0
        and stock.reserved > 0
        and (listing.available_until is None or listing.available_until >= timezone.localdate())
    )


def _tell(place, kind, users, **context):
    notifications.notify(
        users=users,
        kind=kind,
        key=f"waiting:{place.pk}:{kind}:{place.offered_at or place.created_at:%Y%m%d%H%M%S}",
        listing=place.listing,
        waiting_id=place.pk,
        **context,
    )


@transaction.atomic
def join_line(*, listing, organisation, by, quantity, purpose=""):
    """Put `organisation` last in the line for `listing`."""
    stock = lock_stock(listing.pk)
    listing = MaterialListing.objects.select_related("organisation", "stock").get(pk=listing.pk)
    if not (organisation.is_receiver and organisation.is_approved):
        raise errors.NotAReceiver
    if not can_come_back(listing, stock):
        raise errors.ListingNotAvailable
    if listing.reservations.open().made_by(organisation).exists():
        raise errors.AlreadyAsked
    quantity = rounded(quantity, GRAM)
    if quantity <= 0:
        raise errors.QuantityNotPositive
    if quantity > stock.offered:
        raise errors.NotEnoughLeft
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
        raise errors.AlreadyInLine from error


def offer_to_next(listing_id):
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
        _tell(
            place,
            "waiting_offered",
            notifications.members(place.organisation),
            quantity=str(place.offered_quantity),
            unit=stock.unit,
            until=place.offered_until.isoformat(),
        )
    stock.save(update_fields=["reserved"])
    announce(listing_id)


def _locked(place):
    stock = lock_stock(place.listing_id)
    place = WaitingPlace.objects.select_for_update(of=("self",)).with_parties().get(pk=place.pk)
    return stock, place


def _close(stock, place):
    """End a place in line; what was held for it is free again."""
    if place.is_offered:
        stock.reserved -= place.offered_quantity
        stock.save(update_fields=["reserved"])
    place.closed_at = timezone.now()
    place.save(update_fields=["closed_at"])


@transaction.atomic
def take_offer(*, place, by):
    """Say yes to what came back: the held quantity becomes a promise. Returns the reservation."""
    _stock, place = _locked(place)
    if not place.is_offered or place.offered_until < timezone.now():
        raise errors.WrongState
    if place.listing.reservations.open().made_by(place.organisation).exists():
        raise errors.AlreadyAsked
    now = timezone.now()
    # The hold turns into the promise: what is reserved in the stock stays as it is.
    place.closed_at = now
    place.save(update_fields=["closed_at"])
    reservation = Reservation.objects.create(
        listing=place.listing,
        organisation=place.organisation,
        created_by=by,
        state=Reservation.State.ACCEPTED,
        requested_quantity=place.offered_quantity,
        accepted_quantity=place.offered_quantity,
        purpose=place.purpose,
        accepted_at=now,
    )
    notifications.notify(
        users=notifications.members(reservation.giver, but=by),
        kind="waiting_taken",
        key=f"waiting:{place.pk}:taken",
        reservation=reservation,
        listing=reservation.listing,
    )
    return reservation


@transaction.atomic
def leave_line(*, place, by=None):
    """Leave the line, also by saying no to an offer, which then goes to the next."""
    stock, place = _locked(place)
    if place.closed_at:
        raise errors.WrongState
    _close(stock, place)
    offer_to_next(place.listing_id)
    announce(place.listing_id)
    return place


def expire_offers(now=None):
    """Give what nobody took in 48 hours to the next in line. Returns how many offers ended."""
    now = now or timezone.now()
    late = WaitingPlace.objects.offered().filter(offered_until__lt=now)
    return sum(_expire(place, now) for place in late)


@transaction.atomic
def _expire(place, now):
    stock, place = _locked(place)
    if not place.is_offered or place.offered_until >= now:
        return False
    _tell(place, "waiting_offer_expired", notifications.members(place.organisation))
    _close(stock, place)
    offer_to_next(place.listing_id)
    announce(place.listing_id)
    return True


def dissolve_line(listing, stock):
    """End the whole line of a listing that is taken back. Called with its stock locked."""
    for place in WaitingPlace.objects.open().filter(listing=listing).with_parties():
        _close(stock, place)
        _tell(place, "waiting_ended", notifications.members(place.organisation))
