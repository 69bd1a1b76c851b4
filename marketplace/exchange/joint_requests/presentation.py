"""A joint request as its page and lists show it."""

from collections.abc import Iterable

from marketplace.exchange.reservations.models import Reservation

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


def one_for_each(rows: Iterable[Reservation]) -> list[Reservation]:
    """`rows`, with only the first of each joint request."""
    found: dict[object, Reservation] = {}
    for row in rows:
        found.setdefault(row.joint_request_id or row, row)
    return list(found.values())
