"""At the end of a listing's time its giver is asked once: longer, to a hub, or gone elsewhere."""

from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from marketplace.exchange.stock.services import lock_stock
from marketplace.hubs.arrivals.services import announce
from marketplace.hubs.models import Hub
from marketplace.listings.models import MaterialListing
from marketplace.materials.units import GRAM, rounded
from marketplace.notifications.services import notify
from marketplace.offers.services import reopen_listing, withdraw_listing
from marketplace.offers.unplaced.models import Unplaced
from marketplace.organisations.membership.recipients import members
from marketplace.review.errors import WrongState
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.users.models import User

LONGER = timedelta(days=30)
# What ended before is history: nobody remembers where it went.
ASKED_WITHIN = timedelta(days=14)


def ask_about_unplaced(day: date | None = None) -> int:
    """Ask givers, once for each listing, about what nobody took in its time. Returns how many."""
    day = day or timezone.localdate()
    ended = MaterialListing.objects.published().filter(
        organisation__approval="approved",
        available_until__lt=day,
        available_until__gte=day - ASKED_WITHIN,
        stock__closed_at=None,
        unplaced=None,
    )
    return for_each_row(ended, partial(_ask))


@transaction.atomic
def _ask(pk: int) -> bool:
    stock = lock_stock(pk)
    listing = MaterialListing.objects.select_related("organisation").get(pk=pk)
    if stock.left <= 0 or listing.available_until is None:
        return False
    unplaced, created = Unplaced.objects.get_or_create(
        listing=listing, defaults={"ended_on": listing.available_until}
    )
    if not created:
        return False
    notify(
        users=members(listing.organisation),
        type="listing_unplaced",
        key=f"unplaced:{unplaced.pk}",
        listing=listing,
        quantity=str(stock.left),
        unit=stock.unit,
    )
    return True


@transaction.atomic
def answer_unplaced(
    *, unplaced: Unplaced, answer: str, by: User, hub: Hub | None = None
) -> Unplaced:
    """Do what the giver says of what is left. What is gone is kept as a figure, in kg.

    With `hub`, which goes with that answer, its people know that it comes, and about how much.
    Raises `WrongState` when it has been answered already.
    """
    stock = lock_stock(unplaced.listing_id)
    unplaced = Unplaced.objects.select_for_update(of=("self",)).get(pk=unplaced.pk)
    if unplaced.answer:
        raise WrongState
    listing = MaterialListing.objects.get(pk=unplaced.listing_id)
    today = timezone.localdate()
    if answer == Unplaced.Answer.LONGER:
        reopen_listing(listing=listing, by=by, available_until=today + LONGER)
    else:
        if answer == Unplaced.Answer.GONE:
            unplaced.mass_kg = rounded(max(stock.left_kg, 0), GRAM)
        if answer == Unplaced.Answer.HUB and hub:
            announce(hub=hub, listing=listing, mass_kg=rounded(max(stock.left_kg, GRAM), GRAM))
        withdraw_listing(listing=listing, by=by)
    unplaced.answer = answer
    unplaced.answered_on = today
    unplaced.save(update_fields=["answer", "answered_on", "mass_kg"])
    return unplaced
