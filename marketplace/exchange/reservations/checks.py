"""What forbids a request or a promise. Call them with the stock's row locked."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.exchange.errors import (
    AlreadyAsked,
    ListingNotAvailable,
    MoreThanAsked,
    MustTakeAll,
    NotAReceiver,
    NotEnoughLeft,
    PickupInThePast,
    QuantityNotPositive,
)
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import MaterialListing
from marketplace.organisations.models import Organisation


def check_request(
    listing: MaterialListing, organisation: Organisation, pickup_at: datetime | None
) -> None:
    """Raise what forbids asking now, and for that pickup time; not how much (`check_part`)."""
    if not organisation.is_approved:
        raise NotAReceiver
    if organisation == listing.organisation or not listing.is_available:
        raise ListingNotAvailable
    if not listing.is_open_to(organisation):
        raise ListingNotAvailable
    if listing.reservations.open().made_by(organisation).exists():
        raise AlreadyAsked
    check_pickup(pickup_at)


def save_once(reservation: Reservation) -> None:
    """Save a new request. Raises `AlreadyAsked` when the organisation has just sent another."""
    try:
        with transaction.atomic():
            reservation.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyAsked from error


def check_promise(reservation: Reservation, stock: Stock, quantity: Decimal) -> None:
    """Raise what forbids promising `quantity`: at most what was asked for and what is left."""
    listing = reservation.listing
    if not listing.live:
        raise ListingNotAvailable
    if quantity <= 0:
        raise QuantityNotPositive
    if quantity > reservation.requested_quantity:
        raise MoreThanAsked
    if quantity > stock.left:
        raise NotEnoughLeft
    if not listing.splittable and quantity != reservation.requested_quantity:
        raise MustTakeAll


def check_pickup(pickup_at: datetime | None) -> None:
    """Raise `PickupInThePast` unless the time lies ahead, or none is given."""
    if pickup_at and pickup_at <= timezone.now():
        raise PickupInThePast
