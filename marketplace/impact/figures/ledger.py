"""Sums over the ledger of handovers.

Choose rows with `handovers(…)` and hand them on to the other functions. A group that has nothing
in the period is left out of the answers of the `by_…` functions, except for months, which come
without gaps.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, TypeVar

from django.db.models import Case, Count, IntegerField, Max, Q, Sum, TextField, Value, When
from django.db.models.functions import Cast, TruncMonth
from django.utils import timezone

from marketplace.exchange.handovers.models import Handover, HandoverQuerySet
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.parties import PARTIES, count_parties
from marketplace.impact.figures.periods import Period
from marketplace.impact.figures.value_types import Places, Values
from marketplace.materials.models import ClimateFactor, MaterialCategory
from marketplace.materials.units import Unit
from marketplace.municipalities.models import Municipality, MunicipalityGoal
from marketplace.organisations.models import Organisation
from marketplace.transport.models import Drive

Old = TypeVar("Old")
New = TypeVar("New")

COMPANY = Organisation.Type.COMPANY
# Sums, of which those over municipalities, categories or months always add up to the total.
SUMS = {
    "mass_kg": Sum("mass_kg"),
    "co2e_kg": Sum("co2e_kg"),
    "value_sek": Sum("value_sek"),
    "purchase_avoided_sek": Sum("purchase_avoided_sek"),
    # A correction takes one away and, where something did change hands, adds one.
    "handovers": Sum(Case(When(reverses=None, then=1), default=-1, output_field=IntegerField())),
    "pieces": Sum("quantity", filter=Q(unit=Unit.PIECE)),
}
# Who gave and who received: each pair adds up to `mass_kg`.
SPLIT = {
    "from_company_kg": Sum("mass_kg", filter=Q(giver__type=COMPANY)),
    "from_service_kg": Sum("mass_kg", filter=~Q(giver__type=COMPANY)),
    "to_company_kg": Sum("mass_kg", filter=Q(receiver__type=COMPANY)),
    "to_service_kg": Sum("mass_kg", filter=~Q(receiver__type=COMPANY)),
}
AMOUNTS = SUMS | SPLIT
# Asked in this order: a sum that is named like its column hides the column from those after it.
ASKED = SPLIT | SUMS


# --- Rows and their sums ----------------------------------------------------------------------


@dataclass(frozen=True)
class Rows:
    """A choice of rows of the ledger: in a period (None: ever) and with conditions besides."""

    period: Period | None = None
    conditions: Q = field(default_factory=Q)
    municipalities: frozenset[int | None] | None = None

    def ledger(self) -> HandoverQuerySet:
        """The rows themselves, corrections included."""
        rows = Handover.objects.filter(self.conditions)
        if self.municipalities is not None:
            rows = rows.filter(receiver_municipality__in=self.municipalities)
        if self.period:
            rows = rows.in_period(self.period.start, self.period.end)
        return rows


def handovers(
    *,
    period: Period | None = None,
    municipalities: Places | None = None,
    giver_municipalities: Places | None = None,
    categories: Iterable[MaterialCategory | int] | None = None,
    giver: Organisation | None = None,
    receiver: Organisation | None = None,
    receiver_types: Iterable[str] | None = None,
) -> Rows:
    """Choose rows of the ledger. Every argument that is left out means "all".

    `municipalities` are the receivers' (on the day of the handover), and decide where a handover
    counts. `categories` are taken as given: ask `with_descendants` for what is below them.
    `giver` and `receiver` bring with them the organisations that were merged into them. The result
    goes to the functions below.
    """
    conditions = Q()
    if giver_municipalities is not None:
        conditions &= Q(giver_municipality__in=giver_municipalities)
    if categories is not None:
        conditions &= Q(category__in=categories)
    if giver is not None:
        conditions &= Q(giver__in=Organisation.objects.known_as(giver))
    if receiver is not None:
        conditions &= Q(receiver__in=Organisation.objects.known_as(receiver))
    if receiver_types is not None:
        conditions &= Q(receiver__type__in=receiver_types)
    places = None
    if municipalities is not None:
        places = frozenset(
            municipality.pk if isinstance(municipality, Municipality) else municipality
            for municipality in municipalities
        )
    return Rows(period=period, conditions=conditions, municipalities=places)


def amounts(rows: Rows) -> Values:
    """{key: value} of `AMOUNTS`, in one query."""
    return _tidy(rows.ledger().order_by().aggregate(**ASKED))


def totals(rows: Rows) -> Values:
    """{key: value} of `AMOUNTS` and `PARTIES`: Decimals for amounts, whole numbers for counts."""
    result = amounts(rows)
    parties = count_parties(rows.conditions, rows.period, rows.municipalities)
    return result | {key: sum(parties[key].values()) for key in PARTIES}


def by_municipality(rows: Rows) -> dict[int, Values]:
    """{municipality's pk: totals}, by the receiver's municipality at the time.

    Every figure adds up to that of `totals`, the counts of organisations too: each organisation
    and each collaboration is counted where its last handover was.
    """
    return _with_parties(grouped(rows, "receiver_municipality"), rows)


def _with_parties(groups: dict[int, Values], rows: Rows) -> dict[int, Values]:
    parties = count_parties(rows.conditions, rows.period, rows.municipalities)
    for pk in set(groups).union(*(parties[key] for key in PARTIES)):
        own = groups.get(pk) or _tidy({})
        groups[pk] = own | {key: parties[key][pk] for key in PARTIES}
    return groups


def summed(groups: Mapping[int, Values]) -> Values:
    """The totals of `by_municipality(…)`, without reading the ledger once more."""
    total = _tidy({}) | dict.fromkeys(PARTIES, 0)
    for group in groups.values():
        for key, value in group.items():
            total[key] += value
    return total


def by_giver_municipality(rows: Rows) -> dict[int, Values]:
    """{municipality's pk: sums}, by the giver's municipality at the time."""
    return grouped(rows, "giver_municipality")


def by_category(rows: Rows, *, top: bool = True) -> dict[int, Values]:
    """{category's pk: sums}, by top category, or by the category itself when `top` is False."""
    groups = grouped(rows, "category")
    return to_top(groups) if top else groups


def to_top(groups: Mapping[int, Values]) -> dict[int, Values]:
    """{category's pk: sums} added up to the categories at the top."""
    tops = top_categories()
    return folded(groups, lambda pk: tops[pk])


def folded(groups: Mapping[Old, Values], key: Callable[[Old], New]) -> dict[New, Values]:
    """Groups whose `key(…)` is the same, added up."""
    result: dict[New, Values] = defaultdict(lambda: _tidy({}))
    for value, sums in groups.items():
        whole = result[key(value)]
        for name in AMOUNTS:
            whole[name] += sums[name]
    return dict(result)


def by_month(rows: Rows) -> list[tuple[date, Values]]:
    """[(first day of the month, sums)] from the period's first month to its last, without gaps."""
    return without_gaps(grouped(rows, "month"), rows.period or Period.ever())


def without_gaps(months: Mapping[date, Values], period: Period) -> list[tuple[date, Values]]:
    """[(first day of the month, sums)] for every month of the period."""
    return [(month, months.get(month) or _tidy({})) for month in period.months]


class Overview(TypedDict):
    totals: Values
    municipalities: dict[int, Values]
    categories: dict[int, Values]
    months: list[tuple[date, Values]]


def overview(rows: Rows) -> Overview:
    """All of the above, each read once."""
    cells = grouped(rows, "month", "receiver_municipality")
    places = _with_parties(folded(cells, lambda cell: cell[1]), rows)
    months = folded(cells, lambda cell: cell[0])
    return {
        "totals": summed(places),
        "municipalities": places,
        "categories": by_category(rows),
        "months": without_gaps(months, rows.period or Period.ever()),
    }


def grouped(rows: Rows, *fields: str) -> dict[Any, Values]:
    """{value of the field, or a tuple of several: sums} for fields of the ledger or "month"."""
    ledger = rows.ledger().order_by().annotate(month=TruncMonth("handed_over_on"))
    result: dict[Any, Values] = {}
    for row in ledger.values(*fields).annotate(**ASKED):
        key = tuple(row.pop(name) for name in fields)
        result[key[0] if len(fields) == 1 else key] = _tidy(row)
    return result


def _tidy(sums: Mapping[str, Any]) -> Values:
    """Sums with zero for nothing, rounded to what the ledger holds (SQLite adds in floats)."""
    return {
        key: (
            round(sums.get(key) or Decimal(0), FIGURES[key].decimals)
            if FIGURES[key].decimals
            else sums.get(key) or 0
        )
        for key in AMOUNTS
    }


# --- Names, goals and change ------------------------------------------------------------------


def top_categories() -> dict[int, int]:
    """{pk of a category in the main language: pk of the category at the top of its branch}."""
    parents = dict(MaterialCategory.objects.source().values_list("pk", "parent"))

    def top(pk: int) -> int:
        while parents[pk]:
            pk = parents[pk]
        return pk

    return {pk: top(pk) for pk in parents}


def current_factors(day: date | None = None) -> dict[int, ClimateFactor]:
    """{pk of a category in the main language: the `ClimateFactor` in force}, in two queries.

    A category without a factor of its own has that of the nearest category above.
    """
    own: dict[int, ClimateFactor] = {}
    factors = ClimateFactor.objects.filter(valid_from__lte=day or timezone.localdate())
    for factor in factors.order_by("valid_from"):
        own[factor.category_id] = factor
    parents = dict(MaterialCategory.objects.source().values_list("pk", "parent"))
    found: dict[int, ClimateFactor] = {}
    for pk in parents:
        above = pk
        while above and above not in own:
            above = parents[above]
        if above:
            found[pk] = own[above]
    return found


def goals(period: Period, places: Collection[int] | None = None) -> dict[int, Decimal | None]:
    """{municipality's pk: goal in kg for the period, or None where nobody has set one}.

    Of the municipalities with the pks `places`, or of all.

    A part of a year has the same part, by days, of the year's goal. Where one of the years has no
    goal the period has none.
    """
    years = list(period.years)
    chosen = {
        (goal.municipality_id, goal.year): goal.kg
        for goal in MunicipalityGoal.objects.filter(year__in=years)
    }
    return {
        pk: round(
            sum((chosen[pk, year] * period.part_of_year(year) for year in years), Decimal(0)), 3
        )
        if all((pk, year) in chosen for year in years)
        else None
        for pk in places or Municipality.objects.values_list("pk", flat=True)
    }


def goal_together(wanted: Collection[Decimal | None]) -> Decimal | None:
    """The goals of several municipalities as one: None unless each has set one."""
    chosen = [each for each in wanted if each is not None]
    return sum(chosen, Decimal(0)) if chosen and len(chosen) == len(wanted) else None


def percent_of_goal(mass_kg: Decimal | int, goal: Decimal | None) -> int | None:
    """How much of a goal has been reached, up to 100; None without a goal.

    More than all of it is not told as a percentage: the kilos stand beside it.
    """
    return min(round(mass_kg / goal * 100), 100) if goal else None


def version() -> str:
    """A text that changes whenever a figure can have changed: for caches and ETags.

    The ledger only grows, so its last row tells; besides, organisations merge, goals change and
    kilometres are shared.
    """
    last = Handover.objects.order_by("-pk").values("pk")[:1]
    marks = [
        _mark("row", Handover.objects.filter(pk=last), Max("pk"), Max("recorded_at")),
        _mark("merged", Organisation.objects.exclude(merged_into=None), Count("pk"), Max("pk")),
        _mark("goals", MunicipalityGoal.objects, Count("pk"), Sum("kg")),
        # Kilometres are shared again with every stop.
        _mark("drives", Drive.objects, Max("pk"), Sum("km")),
    ]
    return "-".join(
        f"{name}:{one or 0}:{other or 0}".replace(" ", "_")
        for name, one, other in sorted(marks[0].union(*marks[1:], all=True))
    )


def _mark(name, rows, *aggregates):
    """Two aggregates of `rows` as texts, so that several kinds fit into one query."""
    one, other = (Cast(each, TextField()) for each in aggregates)
    named = rows.order_by().values(kind_of_mark=Value(name, output_field=TextField()))
    marked = named.annotate(first_mark=one, second_mark=other)
    return marked.values_list("kind_of_mark", "first_mark", "second_mark")
