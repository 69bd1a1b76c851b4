"""Key figures of searching, for the reports, the dashboards and the API."""

from collections import defaultdict
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy

from marketplace.impact.figures.figure import Figure
from marketplace.impact.figures.periods import Period
from marketplace.municipalities.models import Municipality
from search.statistics.models import SearchCount

SOURCE = gettext_lazy("One row per day, words and municipality; none per person")
SUMS = ("searches", "without_result", "clicks", "click_positions")

FIGURES = [
    Figure(
        "searches",
        gettext_lazy("Searches"),
        "",
        gettext_lazy(
            "Searches with words, each counted once however it is narrowed down "
            "afterwards. They count for the municipality of the searcher's "
            "organisation, or else for the one municipality that was searched in; "
            "the rest count only for all municipalities together."
        ),
        source=SOURCE,
    ),
    Figure(
        "searches_without_result",
        gettext_lazy("Searches without result"),
        "",
        gettext_lazy("Those of the searches that found nothing at all."),
        source=SOURCE,
    ),
    Figure(
        "searches_without_percent",
        gettext_lazy("Share without result"),
        "%",
        gettext_lazy("Searches without result as a share of the searches."),
        source=SOURCE,
        empty="null when nobody searched.",
    ),
    Figure(
        "search_clicks",
        gettext_lazy("Opened results"),
        "",
        gettext_lazy("How often somebody opened a result of a search, on the day of the search."),
        source=SOURCE,
    ),
    Figure(
        "click_position",
        gettext_lazy("Position of opened results"),
        "",
        gettext_lazy(
            "The average position in the list of the results that were opened, where "
            "1 is at the top: the lower the number, the sooner people find what they "
            "are looking for."
        ),
        decimals=1,
        source=SOURCE,
        empty="null when nothing was opened.",
    ),
]


def in_days(period: Period) -> QuerySet:
    """The counts of the days of `period`."""
    return SearchCount.objects.filter(day__gte=period.start, day__lte=period.end).order_by()


def by_place(
    *, period: Period, municipalities: Collection[int | None] | None = None
) -> dict[int | None, dict[str, Any]]:
    """{municipality's pk, or None for no municipality: {key: value}} of `FIGURES`."""
    found = {place: finished(sums) for place, sums in _sums(period, municipalities).items()}
    for place in municipalities or []:
        found.setdefault(place, finished({}))
    return found


def together(
    *, period: Period, municipalities: Collection[int | None] | None = None
) -> dict[str, Any]:
    """{key: value} of `FIGURES`, for all the municipalities together."""
    total = dict.fromkeys(SUMS, 0)
    for sums in _sums(period, municipalities).values():
        for name in SUMS:
            total[name] += sums[name]
    return finished(total)


def _sums(
    period: Period, municipalities: Collection[int | None] | None
) -> dict[int | None, dict[str, int]]:
    named = Municipality.objects.filter(slug=OuterRef("municipality")).values("pk")
    result: dict[int | None, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    rows = in_days(period).values(place=Subquery(named)).annotate(**totals())
    for row in rows:
        place = row["place"]
        if municipalities is None or place in municipalities:
            for name in SUMS:
                result[place][name] += row[f"sum_{name}"]
    return dict(result)


def totals() -> dict[str, Sum]:
    """The sums of a group of counts, as annotations `sum_…`."""
    return {f"sum_{name}": Sum(name) for name in SUMS}


def finished(sums: dict[str, int]) -> dict[str, Any]:
    """{key: value} of `FIGURES` from {name: sum} of `SUMS`, None for a share of nothing."""
    searches, without, clicks = (sums.get(name, 0) for name in SUMS[:3])
    return {
        "searches": searches,
        "searches_without_result": without,
        "searches_without_percent": _rounded(100 * without, searches, "1"),
        "search_clicks": clicks,
        "click_position": _rounded(sums.get("click_positions", 0), clicks, "0.1"),
    }


def _rounded(part: int, whole: int, step: str) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(part) / whole).quantize(Decimal(step), rounding=ROUND_HALF_UP)
