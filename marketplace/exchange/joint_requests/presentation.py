"""A joint request as its page and lists show it."""

from collections.abc import Iterable
from typing import Any

from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.ways import way_of

PLACE = (
    "pickup_address",
    "pickup_postcode",
    "pickup_town",
    "pickup_hours",
    "pickup_access",
    "contact_name",
    "contact_phone",
    "contact_email",
    "delivery_offered",
)


def places_of(rows: Iterable[Reservation]) -> list[tuple[Reservation, list[Reservation]]]:
    """[(one of them, all that are picked up at the same place)] of what is promised."""
    found: dict[tuple, list[Reservation]] = {}
    for row in rows:
        if row.is_promised:
            place = tuple(getattr(row.listing, name) for name in PLACE)
            found.setdefault(place, []).append(row)
    return [(same[0], same) for same in found.values()]


def ways_of(rows: Iterable[Reservation]) -> list[tuple[Reservation, dict[str, Any]]]:
    """[(one of them, how they come)], once for all that come together and stand alike."""
    found: dict[tuple, tuple[Reservation, dict[str, Any]]] = {}
    for row in rows:
        context = way_of(row.way).context(row) if row.is_open or row.is_promised else {}
        if context:
            found.setdefault((row.way, row.state, context.get("stage")), (row, context))
    return list(found.values())


def one_for_each(rows: Iterable[Reservation]) -> list[Reservation]:
    """`rows`, with only the first of each joint request."""
    found: dict[object, Reservation] = {}
    for row in rows:
        found.setdefault(row.joint_request_id or row, row)
    return list(found.values())
