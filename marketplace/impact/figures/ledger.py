"""Sums over the ledger of handovers.

Choose rows with `handovers(…)` and pass them to the other functions. The `by_…` functions leave out
groups without handovers, except `by_month`, which has no gaps.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, TypeVar

from django.db.models import (
    Aggregate,
    Case,
    Count,
    IntegerField,
    Manager,
    Max,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
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
    """A selection of ledger rows: a period (None for all time) and further conditions."""

    period: Period | None = None
    conditions: Q = field(default_factory=Q)
    municipalities: frozenset[int | None] | None = None

    def ledger(self) -> HandoverQuerySet:
        """Return the queryset of the rows, corrections included."""
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
    """Select rows of the ledger. Leaving out an argument means "all".

    `municipalities` are the receivers' on the day of the handover; that is where a handover counts.
    `categories` do not include their descendants; use `with_descendants` for those. `giver` and
    `receiver` include organisations that have been merged into them.
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
    """Return {key: value} of `AMOUNTS`, in one query."""
    return _tidy(rows.ledger().order_by().aggregate(**ASKED))


def totals(rows: Rows) -> Values:
    """Return {key: value} of `AMOUNTS` (Decimals) and `PARTIES` (integers)."""
    result = amounts(rows)
    parties = count_parties(rows.conditions, rows.period, rows.municipalities)
    return result | {key: sum(parties[key].values()) for key in PARTIES}


def by_municipality(rows: Rows) -> dict[int, Values]:
    """Return {municipality's pk: totals}, by the receiver's municipality at the time.

    All figures add up to those of `totals`. Counts of organisations and collaborations do as well,
    since each is counted once, where its last handover was.
    """
    return _with_parties(grouped(rows, "receiver_municipality"), rows)


def _with_parties(groups: dict[int, Values], rows: Rows) -> dict[int, Values]:
    parties = count_parties(rows.conditions, rows.period, rows.municipalities)
    for pk in set(groups).union(*(parties[key] for key in PARTIES)):
        own = groups.get(pk) or _tidy({})
        groups[pk] = own | {key: parties[key][pk] for key in PARTIES}
    return groups


def summed(groups: Mapping[int, Values]) -> Values:
    """Add up the result of `by_municipality(…)` without reading the ledger again."""
    total = _tidy({}) | dict.fromkeys(PARTIES, 0)
    for group in groups.values():
        for key, value in group.items():
            total[key] += value
    return total


def by_giver_municipality(rows: Rows) -> dict[int, Values]:
    """Return {municipality's pk: sums}, by the giver's municipality at the time."""
    return grouped(rows, "giver_municipality")


def by_category(rows: Rows, *, top: bool = True) -> dict[int, Values]:
    """Return {category's pk: sums}, by top category unless `top` is False."""
    groups = grouped(rows, "category")
    return to_top(groups) if top else groups


def to_top(groups: Mapping[int, Values]) -> dict[int, Values]:
    """Add up {category's pk: sums} to the top categories."""
    tops = top_categories()
    return folded(groups, lambda pk: tops[pk])


def folded(groups: Mapping[Old, Values], key: Callable[[Old], New]) -> dict[New, Values]:
    """Add up the groups that have the same `key(…)`."""
    result: dict[New, Values] = defaultdict(lambda: _tidy({}))
    for value, sums in groups.items():
        whole = result[key(value)]
        for name in AMOUNTS:
            whole[name] += sums[name]
    return dict(result)


def by_month(rows: Rows) -> list[tuple[date, Values]]:
    """Return [(first day of the month, sums)] for every month of the period."""
    return without_gaps(grouped(rows, "month"), rows.period or Period.ever())


def without_gaps(months: Mapping[date, Values], period: Period) -> list[tuple[date, Values]]:
    """Return [(first day of the month, sums)], with zeros for months without handovers."""
    return [(month, months.get(month) or _tidy({})) for month in period.months]


class Overview(TypedDict):
    totals: Values
    municipalities: dict[int, Values]
    categories: dict[int, Values]
    months: list[tuple[date, Values]]


def overview(rows: Rows) -> Overview:
    """Return totals and groups together, with fewer queries than one by one."""
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
    """Return {value of the field, or tuple of several: sums}, for ledger fields or "month"."""
    ledger = rows.ledger().order_by().annotate(month=TruncMonth("handed_over_on"))
    result: dict[Any, Values] = {}
    for row in ledger.values(*fields).annotate(**ASKED):
        key = tuple(row.pop(name) for name in fields)
        result[key[0] if len(fields) == 1 else key] = _tidy(row)
    return result


def _tidy(sums: Mapping[str, Any]) -> Values:
    """Replace None by zero, and round to the ledger's precision (SQLite sums in floats)."""
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
    """Return {source category's pk: pk of the top category above it}."""
    parents = dict(MaterialCategory.objects.source().values_list("pk", "parent"))

    def top(pk: int) -> int:
        while parents[pk]:
            pk = parents[pk]
        return pk

    return {pk: top(pk) for pk in parents}


def current_factors(day: date | None = None) -> dict[int, ClimateFactor]:
    """Return {source category's pk: the `ClimateFactor` in force}, in two queries.

    A category without its own factor inherits that of the nearest ancestor.
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
    """Return {municipality's pk: goal in kg for the period, or None}.

    `places` are the pks of the municipalities, by default all. Part of a year counts pro rata by
    days. The goal is None if any of the years lacks one.
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
    """Add up the goals of several municipalities; None unless all have set one."""
    chosen = [each for each in wanted if each is not None]
    return sum(chosen, Decimal(0)) if chosen and len(chosen) == len(wanted) else None


def percent_of_goal(mass_kg: Decimal | int, goal: Decimal | None) -> int | None:
    """Return how much of the goal has been reached, at most 100; None without a goal.

    It is capped because the kilograms next to it show by how much the goal was exceeded.
    """
    return min(round(mass_kg / goal * 100), 100) if goal else None


def version() -> str:
    """Return a string that changes whenever a figure may have changed, for caches and ETags.

    The ledger is append-only, so its last row identifies its state. Figures also change when
    organisations are merged, goals are edited or kilometres are shared out.
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


def _mark(
    name: str, rows: QuerySet[Any] | Manager[Any], *aggregates: Aggregate
) -> QuerySet[Any, tuple[str, str | None, str | None]]:
    """Return two aggregates of `rows` as text, so that all kinds fit into one query."""
    one, other = (Cast(each, TextField()) for each in aggregates)
    named = rows.order_by().values(kind_of_mark=Value(name, output_field=TextField()))
    marked = named.annotate(first_mark=one, second_mark=other)
    return marked.values_list("kind_of_mark", "first_mark", "second_mark")
