"""How much there is of a listing."""

from collections.abc import Iterable

from marketplace.exchange.stock.models import Stock


def lock_stock(listing_id: int) -> Stock:
    return Stock.objects.select_for_update().get(listing_id=listing_id)


def lock_stocks(listing_ids: Iterable[int]) -> list[Stock]:
    """The stocks of several listings, always locked in the same order: two never wait in a ring."""
    return [lock_stock(listing_id) for listing_id in sorted(set(listing_ids))]
