"""What is asked of search and what it answers: the contract that both engines keep."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import SearchEntry

PAGE_SIZE = 24
# Bounds that no honest question meets; beyond them input is cut, not refused.
MAX_TEXT = 200
MAX_VALUES = 30
MAX_PAGE = 100

# Every facet's values are codes or slugs.
VALUE = re.compile(r"^[\w-]{1,60}$", re.ASCII)

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
    "skick": "condition",
    "amne": "subjects",
    "alder": "age_groups",
    "enhet": "unit",
    "givare": "organisation_kind",
}


@dataclass(frozen=True)
class SearchQuery:
    """A question, made safe: bounded text, known facets, a page within reach."""

    text: str = ""
    language: str = "sv"
    filters: dict = field(default_factory=dict)
    available_now: bool = False
    delivery: bool = False
    max_age: int | None = None
    exactly: bool = False
    sort: str = ""
    page: int = 1
    page_size: int = PAGE_SIZE
    origin: tuple[float, float] | None = None
    today: date = field(default_factory=timezone.localdate)

    @classmethod
    def from_params(cls, params, *, language, origin=None, only=None):
        """Read a question from the address. Whatever is unknown or too much is left out."""
        text = "".join(c if c.isprintable() else " " for c in params.get("q", "")[:MAX_TEXT])
        filters = {}
        for name in FACETS:
            values = [value for value in params.getlist(name)[:MAX_VALUES] if VALUE.match(value)]
            if values:
                filters[name] = list(dict.fromkeys(values))
        if only:
            filters["typ"] = [only]
        kinds = [kind for kind in filters.get("typ", []) if kind in SearchEntry.Kind.values]
        if "typ" in filters:
            filters["typ"] = kinds
            if not kinds:
                del filters["typ"]
        sort = params.get("sort", "")
        if sort not in SORTS or (sort == "narmast" and origin is None):
            sort = ""
        return cls(
            text=" ".join(text.split()),
            language=language,
            filters=filters,
            available_now="nu" in params,
            delivery="leverans" in params,
            max_age=_whole(params.get("fran"), 0, 18),
            exactly="exakt" in params,
            sort=sort,
            page=_whole(params.get("sida"), 1, MAX_PAGE) or 1,
            origin=origin,
        )

    def without(self, name):
        """The same question without one filter: what a facet counts."""
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
    distance_km: float | None = None


@dataclass(frozen=True)
class SearchResult:
    """An answer: one page of hits, the number in all, and counts per facet value.

    `facets` is {facet: {value: count}}; a facet counts as if it were not itself chosen, so that
    another of its values can be chosen too. `suggestion` is a likelier spelling or empty.
    """

    hits: list
    total: int
    facets: dict
    engine: str
    suggestion: str = ""


class EngineUnavailable(Exception):
    """The engine cannot answer now; another one should."""


def _whole(text, lowest, highest):
    try:
        number = int(text or "")
    except ValueError:
        return None
    return max(lowest, min(number, highest))
