"""How much may be asked for, and where to begin: at some of it, never silently at all."""

from decimal import ROUND_HALF_UP, Decimal

from marketplace.exchange.errors import (
    BelowSmallestPart,
    MustTakeAll,
    NotEnoughLeft,
    QuantityNotPositive,
)
from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import MaterialListing
from marketplace.materials.units import Unit

# What one person carries to a car, or home on a bicycle.
CARRIED_KG = Decimal(10)
SHARE_OF_WHAT_IS_LEFT = 4
# Litres, metres and kilograms can be asked for by the tenth; a box only whole.
MEASURED = {
    Unit.KILOGRAM,
    Unit.LITRE,
    Unit.METRE,
    Unit.RUNNING_METRE,
    Unit.SQUARE_METRE,
    Unit.CUBIC_METRE,
}


def sensible_part(listing: MaterialListing, stock: Stock, of: Decimal | None = None) -> Decimal:
    """What to suggest that somebody asks for, in the unit of `stock`.

    As much as one person carries, at most a quarter of what is left, or of `of`, so that it
    suffices for others, but no less than the giver's smallest part or one whole. All of it where
    it is not divided.
    """
    there = stock.left if of is None else of
    if not listing.splittable or there <= 0:
        return there
    step = Decimal("0.1") if stock.unit in MEASURED else Decimal(1)
    part = min(there / SHARE_OF_WHAT_IS_LEFT, CARRIED_KG / stock.kg_per_unit)
    part = part.quantize(Decimal(1) if part >= 1 else step, rounding=ROUND_HALF_UP)
    least = max(listing.smallest_part or step, step)
    return min(max(part, least), there)


def check_part(*, listing: MaterialListing, stock: Stock, quantity: Decimal) -> None:
    """Raise a named error unless `quantity` of `listing` may be asked for as things are."""
    if quantity <= 0:
        raise QuantityNotPositive
    if quantity > stock.left:
        raise NotEnoughLeft
    if not listing.splittable and quantity != stock.left:
        raise MustTakeAll
    # The last bit may always be taken, even when it is less than the smallest part.
    if listing.smallest_part and quantity < min(listing.smallest_part, stock.left):
        raise BelowSmallestPart
