"""How much there is of a listing."""

from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from django.db import transaction

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
