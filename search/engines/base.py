"""What is asked of search and what it answers: the contract that both engines keep."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.foundation.text_cleaning.cleaning import clean_text
from search.index.models import SearchEntry

PAGE_SIZE = 24
# Bounds that no honest question meets; beyond them input is cut, not refused.
MAX_TEXT = 200
MAX_VALUES = 12
MAX_FILTERS = 24
MAX_PAGE = 100
# Every facet's values are codes or slugs.
VALUE = re.compile(r"[\w-]{1,60}", re.ASCII)

# (latitude, longitude).
Position = tuple[Decimal | float, Decimal | float]

SORTS = {
    "": _("Best match"),
    "nyast": _("Newest"),
    "slutar": _("Ending soon"),
    "narmast": _("Nearest"),
}

# Facet: (parameter in the address, field of the entry).
FACETS = {
    "typ": "type",
    "kategori": "categories",
    "kommun": "municipality",
    "ort": "area",
    "skick": "condition",
    "amne": "subjects",
    "alder": "age_groups",
    "enhet": "unit",
    "givare": "organisation_type",
}
# The youngest of the children in years: only what is known to suit them answers.
AGES = ("1", "3", "6", "10", "13")
# Choices that are on or off, or one of a few: (parameter, values).
SWITCHES = {"nu": ("1",), "leverans": ("1",), "utanbil": ("1",), "fran": AGES}


@dataclass(frozen=True)
class SearchQuery:
    """A question, made safe: bounded text, known facets, a page within reach.

    `filters` is {facet or switch: values}. `among` are the only entries that may answer (they are
    never read loosely), `municipalities` the only ones that the site is for, and `site` the key of
    the only Wagtail site whose pages may answer; each None for all. `homes` are the municipalities
    (slugs) whose own offers may be seen before all others see them; None for every one.
    """

    text: str = ""
    language: str = "sv"
    filters: dict = field(default_factory=dict)
    exactly: bool = False
    sort: str = ""
    page: int = 1
    page_size: int = PAGE_SIZE
    origin: Position | None = None
    today: date = field(default_factory=timezone.localdate)
    municipalities: tuple | None = None
    site: int | None = None
    among: tuple | None = None
    homes: tuple | None = ()
    now: datetime = field(default_factory=timezone.now)

    @classmethod
    def from_params(
        cls,
        params: QueryDict,
        *,
        language: str,
        origin: Position | None = None,
        only: str | None = None,
        **limits: Any,
    ) -> "SearchQuery":
        """Read a question from the address. Whatever is unknown or too much is left out.

        `limits` are `municipalities`, `site` and `homes` (see `search.reference.limits`).
        """
        filters = _filters_of(params)
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

    def without(self, name: str) -> "SearchQuery":
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
    type: str
    object_id: int
    highlight: str = ""


@dataclass(frozen=True)
class SearchResult:
    """An answer: one page of hits, the number in all, and counts per facet value.

    `facets` is {facet: {value: count}}; a facet counts as if it were not itself chosen, so that
    another of its values can be chosen too. `correction` is what was searched for instead of a
    misspelt question, or empty. `related` are hits that are only of the same kind, when few answer
    the question: they are in neither the number nor the counts.
    """

    hits: list
    total: int
    facets: dict
    engine: str
    correction: str = ""
    related: list = field(default_factory=list)


class EngineUnavailable(Exception):
    """The engine cannot answer now; another one should."""


def distance_km(origin: Position | None, place: Position | None) -> float | None:
    """Great-circle distance in km between two (latitude, longitude), or None without one."""
    if origin is None or place is None or None in place:
        return None
    lat1, lon1, lat2, lon2 = (radians(float(each)) for each in (*origin, *place))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))


def readable(text: str, length: int) -> str:
    """The beginning of what somebody typed, without what no eye sees and no database takes."""
    return " ".join(clean_text(text[:length]).split())


def _filters_of(params: QueryDict) -> dict[str, list[str]]:
    filters = {}
    left = MAX_FILTERS
    for name in FACETS:
        values = [
            value
            for value in dict.fromkeys(params.getlist(name)[:MAX_VALUES])
            if VALUE.fullmatch(value)
        ][:left]
        left -= len(values)
        if name == "typ":
            values = [each for each in values if each in SearchEntry.Type.values]
        if values:
            filters[name] = values
    for name, known in SWITCHES.items():
        if (value := params.get(name)) in known:
            filters[name] = [value]
    return filters


def _whole(text: str | None, lowest: int, highest: int) -> int | None:
    try:
        number = int((text or "")[:9])
    except ValueError:
        return None
    return max(lowest, min(number, highest))
