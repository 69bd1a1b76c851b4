"""How much there is of a listing."""

from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from django.db import transaction

from marketplace import errors
from marketplace.models import MaterialListing, Stock
from marketplace.signals import listing_changed

GRAM = Decimal("0.001")
ORE = Decimal("0.01")


def rounded(value, step):
    """`value` as a Decimal rounded half up to `step`, as people expect on a receipt."""
    return Decimal(value).quantize(step, rounding=ROUND_HALF_UP)


def announce(listing_id):
    """Tell the rest of the portal, after commit, that a listing looks different to the public."""
    transaction.on_commit(
        partial(listing_changed.send, sender=MaterialListing, listing_id=listing_id)
    )


def lock_stock(listing_id):
    return Stock.objects.select_for_update().get(listing_id=listing_id)


@transaction.atomic
def set_stock(*, listing, offered, unit, kg_per_unit):
    """Create or change how much of `listing` there is, in `unit`s of `kg_per_unit` kilograms each.

    Takes effect at once, also for a published listing: quantities are not reviewed. Raises
    `BelowPromised` when less is offered than what others have been promised or have collected, and
    `UnitLocked` when unit or weight would change the meaning of what has been promised.
    """
    offered = rounded(offered, GRAM)
    kg_per_unit = rounded(kg_per_unit, Decimal("0.0001"))
    if offered <= 0 or kg_per_unit <= 0:
        raise errors.QuantityNotPositive
    stock = Stock.objects.select_for_update().filter(listing=listing).first()
    if stock is None:
        stock = Stock(listing=listing)
    spoken_for = stock.reserved + stock.collected
    if offered < spoken_for:
        raise errors.BelowPromised
    if spoken_for and (stock.unit, stock.kg_per_unit) != (unit, kg_per_unit):
        raise errors.UnitLocked
    stock.offered, stock.unit, stock.kg_per_unit = offered, unit, kg_per_unit
    stock.save()
    announce(listing.pk)
    return stock
