"""Counting a shelf: what is there decides, and the ledger keeps what changed hands.

What is missing is a loss of the hub, with its reason: nobody received it, so it is no handover and
in no figure. What there is more of has come without anybody noting it, so nobody knows from whom.
"""

from decimal import Decimal

from django.db import transaction

from marketplace.exchange.errors import QuantityNotPositive
from marketplace.hubs.errors import CountedMeanwhile
from marketplace.hubs.models import Movement, Shelf
from marketplace.hubs.services import draw, lock_shelf, take_from_stock, take_in
from marketplace.materials.units import GRAM, rounded
from portal.foundation.users.models import User


@transaction.atomic
def recount(
    *,
    shelf: Shelf,
    counted_kg: Decimal,
    expected_kg: Decimal,
    reason: str,
    by: User,
) -> list[Movement]:
    """Let `shelf` hold what has been counted, in kg. Returns the movements that came of it.

    `expected_kg` is what the portal said when counting began: raises `CountedMeanwhile` when that
    is not true any more.
    """
    shelf = lock_shelf(shelf)
    counted_kg = rounded(counted_kg, GRAM)
    if counted_kg < 0:
        raise QuantityNotPositive
    if shelf.left_kg != expected_kg:
        raise CountedMeanwhile
    difference = counted_kg - shelf.left_kg
    if difference > 0:
        return [take_in(shelf=shelf, mass_kg=difference, by=by, reason=reason)]
    if difference < 0:
        return _lose(shelf, -difference, reason, by)
    return []


def _lose(shelf: Shelf, mass_kg: Decimal, reason: str, by: User) -> list[Movement]:
    movements = [
        Movement.objects.create(
            shelf=shelf,
            type=Movement.Type.LOST,
            mass_kg=-part_kg,
            origin=lot.origin,
            lot=lot,
            reason=reason,
            recorded_by=by,
        )
        for lot, part_kg in list(draw(shelf, mass_kg))
    ]
    take_from_stock(shelf, mass_kg)
    return movements
