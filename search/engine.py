"""What is asked of search and what it answers: the contract that both engines keep."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from math import asin, cos, radians, sin, sqrt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import SearchEntry

PAGE_SIZE = 24
# Bounds that no honest question meets; beyond them input is cut, not refused.
MAX_TEXT = 200
MAX_VALUES = 30
MAX_PAGE = 100
# Every facet's values are codes or slugs.
VALUE = re.compile(r"[\w-]{1,60}", re.ASCII)

SORTS = {
    "": _("Best match"),
    "nyast": _("Newest"),
    "slutar": _("Ending soon"),
    "narmast": _("Nearest"),
}

# Facet: (parameter in the address, field of the entry).
FACETS = {
    "typ": "kind",
    "kategori": "categories",
    "kommun": "municipality",
    "ort": "area",
    "skick": "condition",
    "amne": "subjects",
    "alder": "age_groups",
    "enhet": "unit",
    "givare": "organisation_kind",
}
# The youngest of the children in years: what is for older ones is left out.
AGES = ("1", "3", "6", "10", "13")
# Choices that are on or off, or one of a few: (parameter, values).
SWITCHES = {"nu": ("1",), "leverans": ("1",), "fran": AGES}


@dataclass(frozen=True)
class SearchQuery:
    """A question, made safe: bounded text, known facets, a page within reach.

    `filters` is {facet or switch: values}. `among` are the only entries that may answer (they are
    never read loosely), `municipalities` the only ones that the site is for, and `site` the key of
    the only Wagtail site whose pages may answer; each None for all.
    """

    text: str = ""
    language: str = "sv"
    filters: dict = field(default_factory=dict)
    exactly: bool = False
    sort: str = ""
    page: int = 1
    page_size: int = PAGE_SIZE
    origin: tuple[float, float] | None = None
    today: date = field(default_factory=timezone.localdate)
    municipalities: tuple | None = None
    site: int | None = None
    among: tuple | None = None

    @classmethod
    def from_params(cls, params, *, language, origin=None, only=None, **limits):
        """Read a question from the address. Whatever is unknown or too much is left out.

        `limits` are `municipalities` and `site` (see `search.reference.limits`).
        """
        filters = {}
        for name in FACETS:
            values = [
                value for value in params.getlist(name)[:MAX_VALUES] if VALUE.fullmatch(value)
            ]
            if name == "typ":
                values = [kind for kind in values if kind in SearchEntry.Kind.values]
            if values:
                filters[name] = list(dict.fromkeys(values))
        for name, known in SWITCHES.items():
            if params.get(name) in known:
                filters[name] = [params[name]]
        if only:
            filters["typ"] = [str(only)]
        sort = params.get("sort", "")
        if sort not in SORTS or (sort == "narmast" and origin is None):
            sort = ""
        return cls(
            text=readable(params.get("q", ""), MAX_TEXT),
            language=language,
            filters=filters,
            exactly="exakt" in params,
            sort=sort,
            page=_whole(params.get("sida"), 1, MAX_PAGE) or 1,
            origin=origin,
            **limits,
        )

    def without(self, name):
        """The same question without one filter: what a facet counts."""
        if name not in self.filters:
            return self
        return replace(
            self, filters={key: value for key, value in self.filters.items() if key != name}
        )


@dataclass(frozen=True)
class Hit:
    """One thing found. `highlight` is a piece of its text as safe HTML, or empty."""

    entry_id: int
    kind: str
    object_id: int
    highlight: str = ""


@dataclass(frozen=True)
class SearchResult:
    """An answer: one page of hits, the number in all, and counts per facet value.

    `facets` is {facet: {value: count}}; a facet counts as if it were not itself chosen, so that
    another of its values can be chosen too. `correction` is what was searched for instead of a
    misspelt question, or empty.
    """

    hits: list
    total: int
    facets: dict
    engine: str
    correction: str = ""


class EngineUnavailable(Exception):
    """The engine cannot answer now; another one should."""


def distance_km(origin, place):
    """Great-circle distance in km between two (latitude, longitude), or None without one."""
    if origin is None or place is None or None in place:
        return None
    lat1, lon1, lat2, lon2 = (radians(float(each)) for each in (*origin, *place))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))


def readable(text, length):
    """The beginning of what somebody typed, without what no eye sees and no database takes."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:length]).split())


def _whole(text, lowest, highest):
    try:
        number = int((text or "")[:9])
    except ValueError:
        return None
    return max(lowest, min(number, highest))
