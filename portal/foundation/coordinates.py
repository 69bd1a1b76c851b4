"""Positions in Sweden: what is written the wrong way round, or without its comma, is not one."""

from decimal import Decimal

from django.db.models import Q

SOUTH, NORTH = Decimal("55.0"), Decimal("69.2")
WEST, EAST = Decimal("10.5"), Decimal("24.3")


def in_sweden(latitude: str = "latitude", longitude: str = "longitude") -> Q:
    """The condition that the fields with these names are empty or lie in Sweden."""
    return (Q(**{latitude: None}) | Q(**{f"{latitude}__range": (SOUTH, NORTH)})) & (
        Q(**{longitude: None}) | Q(**{f"{longitude}__range": (WEST, EAST)})
    )
