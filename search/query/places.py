"""Where material is fetched: the pickup areas that are known, with their middle."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Avg, Min

from portal.foundation.collation import by_name
from search.index.models import SearchEntry

KEY = "search:areas"
KEPT_SECONDS = 300


@dataclass(frozen=True)
class Area:
    """A pickup area: the post town, and the municipality that it is in."""

    slug: str
    name: str
    municipality: str
    latitude: float
    longitude: float


def areas() -> dict[str, Area]:
    """{slug: Area} by name; where a town is, is the middle of what is fetched there."""
    found = cache.get(KEY)
    if found is None:
        rows = (
            SearchEntry.objects.exclude(area="")
            .exclude(latitude=None)
            .values("area")
            .annotate(
                name=Min("area_name"),
                where=Min("municipality"),
                latitude=Avg("latitude"),
                longitude=Avg("longitude"),
            )
            .order_by(by_name())
        )
        found = {
            row["area"]: Area(
                slug=row["area"],
                name=row["name"],
                municipality=row["where"],
                latitude=row["latitude"],
                longitude=row["longitude"],
            )
            for row in rows.iterator()
        }
        cache.set(KEY, found, KEPT_SECONDS)
    return found
