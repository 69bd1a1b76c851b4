"""How far it is between places, and how long it takes: by roads where there is a server for it.

Without one (`OSRM_URL`), and while it does not answer, distances are great circles times a factor.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from math import asin, ceil, cos, radians, sin, sqrt
from urllib.request import urlopen

from django.conf import settings

logger = logging.getLogger(__name__)

# (latitude, longitude)
Position = tuple[float, float]
EARTH_KM = 6371
TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Distances:
    """Metres and seconds between all places, in both directions, and whether they are by roads."""

    metres: list[list[int]]
    seconds: list[list[int]]
    by_roads: bool


def great_circle_km(a: Position, b: Position) -> float:
    lat1, lon1, lat2, lon2 = (radians(float(each)) for each in (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1, h)))


def distances(places: Sequence[Position]) -> Distances:
    """The table between `places`, by roads if that can be had."""
    if settings.OSRM_URL:
        try:
            return by_roads(places)
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
            logger.warning("No distances from OSRM, going by air: %r", error)
    return by_air(places)


def by_air(places: Sequence[Position]) -> Distances:
    """Great circles × `TRANSPORT_DETOUR_FACTOR`, at `TRANSPORT_SPEED_KMH`."""
    factor = settings.TRANSPORT_DETOUR_FACTOR * 1000
    metres = [[ceil(great_circle_km(a, b) * factor) for b in places] for a in places]
    per_second = settings.TRANSPORT_SPEED_KMH / 3.6
    return Distances(metres, [[ceil(each / per_second) for each in row] for row in metres], False)


def by_roads(places: Sequence[Position]) -> Distances:
    """What the table service of OSRM answers. Raises when it does not, or leaves something out."""
    points = ";".join(f"{float(lon):.5f},{float(lat):.5f}" for lat, lon in places)
    url = f"{settings.OSRM_URL.rstrip('/')}/table/v1/driving/{points}?annotations=duration,distance"
    with urlopen(url, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310  # the operator's own
        answer = json.load(response)
    metres, seconds = (
        [[ceil(each) for each in row] for row in answer[name]]
        for name in ("distances", "durations")
    )
    if any(len(row) != len(places) for table in (metres, seconds) for row in table):
        raise ValueError("a table of another size")
    return Distances(metres, seconds, by_roads=True)
