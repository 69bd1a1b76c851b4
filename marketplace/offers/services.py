"""How much there is of a listing; sending it for review, taking it back, opening it again."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState

from marketplace.exchange.errors import (
    BelowPromised,
    ListingNotAvailable,
    PlaceMissing,
    QuantityNotPositive,
    UnitLocked,
)
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import close
from marketplace.exchange.stock.models import Stock
from marketplace.exchange.stock.services import lock_stock
from marketplace.exchange.waiting_list.services import dissolve_line, offer_to_next
from marketplace.listings.models import MaterialListing
from marketplace.materials.units import GRAM, rounded
from marketplace.organisations.membership.recipients import members
from marketplace.review.services import send_for_review
from marketplace.signals import send_listing_changed
from portal.foundation.users.models import User


@transaction.atomic
def set_stock(
    *, listing: MaterialListing, offered: Decimal, unit: str, kg_per_unit: Decimal
) -> Stock:
    """Create or change how much of `listing` there is, in `unit`s of `kg_per_unit` kilograms each.

    Takes effect at once, also for a published listing: quantities are not reviewed. Raises
    `BelowPromised` when less is offered than what others have been promised or have collected, and
    `UnitLocked` when unit or weight would change the meaning of what has been promised.
    """
    offered = rounded(offered, GRAM)
    kg_per_unit = rounded(kg_per_unit, Decimal("0.0001"))
    if offered <= 0 or kg_per_unit <= 0:
        raise QuantityNotPositive
    stock = Stock.objects.select_for_update().filter(listing=listing).first()
    if stock is None:
        stock = Stock(listing=listing)
    spoken_for = stock.reserved + stock.collected
    if offered < spoken_for:
        raise BelowPromised
    if spoken_for and (stock.unit, stock.kg_per_unit) != (unit, kg_per_unit):
        raise UnitLocked
    stock.offered, stock.unit, stock.kg_per_unit = offered, unit, kg_per_unit
    stock.save()
    offer_to_next(listing.pk)
    send_listing_changed(listing.pk)
    return stock


def can_be_fetched(listing: MaterialListing) -> bool:
    """Whether somebody who is promised some knows where to go, and whom to ask for."""
    reachable = listing.contact_phone or listing.contact_email
    return bool(listing.pickup_address and listing.contact_name and reachable)


@transaction.atomic
def submit_listing(*, listing: MaterialListing, by: User | None) -> MaterialListing:
    """Save what is in `listing` as a new version and send it for review.

    The workflow that is assigned to the model in Wagtail decides what happens then. With no
    workflow the version stays a draft. A published listing stays online as it was until the new
    version is approved. A version that already waits is replaced by this one.

    Raises `PlaceMissing`: nothing is promised that nobody could fetch.
    """
    if not can_be_fetched(listing):
        raise PlaceMissing
    listing.save_revision(user=by, log_action=True)
    waiting = listing.current_workflow_state
    if waiting and waiting.status != WorkflowState.STATUS_NEEDS_CHANGES:
        waiting.cancel(user=by)
    send_for_review(listing, version=listing, by=by)
    listing.refresh_from_db()
    return listing


@transaction.atomic
def copy_listing(*, listing: MaterialListing, by: User) -> MaterialListing:
    """Make a draft with the words, photos and quantity of `listing`, without its days."""
    latest = listing.get_latest_revision_as_object()
    copied = {name: getattr(latest, name) for name in MaterialListing.WRITTEN}
    new = MaterialListing(**copied, organisation=listing.organisation, created_by=by, live=False)
    new.tags.set(list(latest.tags.names()))
    new.set_photos((photo.image, photo.alt_text) for photo in latest.photos.all())
    new.save()
    stock = listing.stock
    set_stock(listing=new, offered=stock.offered, unit=stock.unit, kg_per_unit=stock.kg_per_unit)
    new.save_revision(user=by, log_action=True)
    return new


@transaction.atomic
def withdraw_listing(*, listing: MaterialListing, by: User) -> MaterialListing:
    """Take a listing out of the exchange. What has been promised stays promised.

    Requests that nobody has answered are declined, a review in progress ends.
    """
    stock = lock_stock(listing.pk)
    if stock.closed_at is None:
        stock.closed_at = timezone.now()
        stock.save(update_fields=["closed_at"])
    if state := listing.current_workflow_state:
        state.cancel(user=by)
    for reservation in listing.reservations.requested().select_for_update(of=("self",)):
        close(
            reservation,
            Reservation.State.DECLINED,
            note=_("The material is no longer given away."),
            type="reservation_declined",
            users=members(reservation.organisation, but=by),
        )
    dissolve_line(listing, stock)
    send_listing_changed(listing.pk)
    return listing


@transaction.atomic
def reopen_listing(
    *, listing: MaterialListing, by: User | None, available_until: date | None = None
) -> MaterialListing:
    """Put a closed or ended listing back, until `available_until` (a date, or None for no end).

    Only the last day changes, both in what is shown and in a version that may wait for review.
    """
    stock = lock_stock(listing.pk)
    if hasattr(listing, "recall"):
        raise ListingNotAvailable(_("It is recalled, and cannot be given away again."))
    if available_until and available_until < timezone.localdate():
        raise ListingNotAvailable(_("The last day has already passed."))
    stock.closed_at = None
    stock.save(update_fields=["closed_at"])
    listing.available_until = available_until
    MaterialListing.objects.filter(pk=listing.pk).update(available_until=available_until)
    if revision := listing.latest_revision:
        revision.content["available_until"] = available_until and available_until.isoformat()
        revision.save(update_fields=["content"])
    offer_to_next(listing.pk)
    send_listing_changed(listing.pk)
    return listing
