"""A map of where it is: circles drawn on the server, one per municipality or pickup area.

No tiles and nobody else's server: the places are those of the reference data, and the drawing is
scaled to them, so that another region needs nothing but its own municipalities.
"""

from dataclasses import dataclass
from math import cos, hypot, radians, sqrt

from django.http import QueryDict

from search.query.params import with_value, without
from search.query.places import areas
from search.results.search import Search

WIDTH = 320
MARGIN = 36
LEAST_HEIGHT, MOST_HEIGHT = 200, 420
LEAST_RADIUS, MOST_RADIUS = 11, 25
NOTHING_RADIUS = 4
# Places nearer to each other than this, in degrees, are not drawn further apart.
LEAST_SPAN = 0.04
# (slug, name, latitude, longitude).
Place = tuple[str, str, float, float]


@dataclass
class Circle:
    """A place on the map, and what choosing it leads to."""

    slug: str
    label: str
    count: int
    url: str
    selected: bool
    x: float
    y: float
    radius: float

    @property
    def label_y(self) -> float:
        return round(self.y + self.radius + 11, 1)


@dataclass(frozen=True)
class Map:
    """The drawing and its list equivalent. `inside` names the one municipality that it shows."""

    circles: list
    width: int
    height: int
    inside: str = ""
    back: str = ""


def draw(search: Search) -> Map | None:
    """The map of what was found: municipalities, or the pickup areas of the one chosen."""
    chosen = search.chosen("kommun")
    counts = search.counts("ort")
    if len(chosen) == 1:
        places = [
            (area.slug, area.name, area.latitude, area.longitude)
            for area in areas().values()
            if area.municipality == chosen[0]
            and (counts.get(area.slug) or area.slug in search.chosen("ort"))
        ]
        if len(places) > 1:
            drawn, width, height = circles("ort", places, search)
            return Map(
                drawn,
                width,
                height,
                inside=search.labels.label("kommun", chosen[0]),
                back=f"?{without(_without_areas(search.params), 'kommun')}",
            )
    places = [
        (each.slug, each.name, float(each.latitude), float(each.longitude))
        for each in search.municipalities
    ]
    return Map(*circles("kommun", places, search)) if places else None


def _without_areas(params: QueryDict) -> QueryDict:
    changed = params.copy()
    changed.pop("ort", None)
    return changed


def circles(facet: str, places: list[Place], search: Search) -> tuple[list[Circle], int, int]:
    """([Circle], width, height). A place where nothing is has a dot, and leads nowhere."""
    counts = search.counts(facet)
    chosen = search.chosen(facet)
    points, height = project([(latitude, longitude) for *_name, latitude, longitude in places])
    most = max(counts.get(place[0], 0) for place in places) or 1
    base = _without_areas(search.params)
    drawn = [
        Circle(
            slug=slug,
            label=name,
            count=counts.get(slug, 0),
            # Choosing what is chosen takes it back.
            url=f"?{without(base, facet) if slug in chosen else with_value(base, facet, slug)}",
            selected=slug in chosen,
            x=x,
            y=y,
            radius=radius(counts.get(slug, 0), most),
        )
        for (slug, name, *_where), (x, y) in zip(places, points, strict=True)
    ]
    keep_apart(drawn, height)
    return drawn, WIDTH, height


def radius(count: int, most: int) -> float:
    """Twice as many, twice the area; never so small that a thumb misses it."""
    if not count:
        return NOTHING_RADIUS
    return round(LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * sqrt(count / most), 1)


def project(points: list[tuple[float, float]]) -> tuple[list[tuple[float, float]], int]:
    """Places on paper: flat, with the north up, filling the width."""
    latitudes, longitudes = zip(*points, strict=True)
    narrowing = cos(radians(sum(latitudes) / len(latitudes)))
    across = max((max(longitudes) - min(longitudes)) * narrowing, LEAST_SPAN)
    up = max(max(latitudes) - min(latitudes), LEAST_SPAN)
    room = WIDTH - 2 * MARGIN
    scale = min(room / across, (MOST_HEIGHT - 2 * MARGIN) / up)
    height = round(max(up * scale + 2 * MARGIN, LEAST_HEIGHT))
    middle_x = (max(longitudes) + min(longitudes)) / 2
    middle_y = (max(latitudes) + min(latitudes)) / 2
    return [
        (
            round(WIDTH / 2 + (longitude - middle_x) * narrowing * scale, 1),
            round(height / 2 - (latitude - middle_y) * scale, 1),
        )
        for latitude, longitude in points
    ], height


def keep_apart(drawn: list[Circle], height: int, rounds: int = 40) -> None:
    """Move circles that would cover each other, or each other's names, a little apart."""
    for _round in range(rounds):
        moved = False
        for number, one in enumerate(drawn):
            for other in drawn[number + 1 :]:
                apart = one.radius + other.radius + 6
                # A name needs room below its circle.
                dx, dy = other.x - one.x, (other.y - one.y) * 0.8
                distance = hypot(dx, dy)
                if distance >= apart:
                    continue
                if not distance:
                    dx, dy, distance = 0.0, 1.0, 1.0
                push = (apart - distance) / 2
                one.x, one.y = one.x - dx / distance * push, one.y - dy / distance * push
                other.x, other.y = other.x + dx / distance * push, other.y + dy / distance * push
                moved = True
        if not moved:
            break
    for each in drawn:
        each.x = round(min(max(each.x, each.radius + 2), WIDTH - each.radius - 2), 1)
        each.y = round(min(max(each.y, each.radius + 2), height - each.radius - 14), 1)
