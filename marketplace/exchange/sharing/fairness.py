"""How a large listing is shared out fairly: a pure function, to be tried in every way."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: `asked` in the listing's unit, and how far away they are, in km."""

    key: int
    asked: Decimal
    distance_km: float


def share(
    wishes: Iterable[Wish], *, left: Decimal, least: Decimal = Decimal(1)
) -> dict[int, Decimal]:
    """{key of a wish: what it gets} of `left`, in the listing's unit.

    Everybody gets one equal portion before anybody gets a second; nobody gets more than was asked
    for, nor less than `least` (or all that was asked for); the nearest comes first where
    there is not enough for all. What is over after the first portion goes to the nearest, up to
    what they asked for.
    """
    order = sorted(wishes, key=lambda wish: (wish.distance_km, wish.key))
    given = {wish.key: Decimal(0) for wish in order}
    if not order or left <= 0:
        return given
    portion = max((left / len(order)).to_integral_value(ROUND_FLOOR), least)
    for wish in order:
        part = min(wish.asked, portion)
        if part <= left:
            given[wish.key] = part
            left -= part
    if not all(given.values()):
        return given
    for wish in order:
        more = min(wish.asked - given[wish.key], left)
        given[wish.key] += more
        left -= more
    return given
