"""Sums over the ledger of handovers.

Choose rows with `handovers(…)` and pass them to the other functions. The `by_…` functions leave out
groups without handovers, except `by_month`, which has no gaps.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, TypeVar

from django.db.models import (
    Aggregate,
    Case,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from marketplace.exchange.handovers.models import Handover, HandoverQuerySet
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.figure import Places, Values
from marketplace.impact.figures.parties import PARTIES, count_parties
from marketplace.impact.figures.periods import Period, end_of_month
from marketplace.impact.sums.models import MonthSum, SumsMark
from marketplace.materials.models import ClimateFactor, MaterialCategory
from marketplace.materials.units import Unit
from marketplace.municipalities.models import Municipality, MunicipalityGoal
from marketplace.organisations.models import Organisation

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
# More rows than the ledger will ever have.
FAR = 10**15


# --- Rows and their sums ----------------------------------------------------------------------


@dataclass(frozen=True)
class Rows:
    """A selection of ledger rows: a period (None for all time) and further conditions.

    Those in `of_months` ask for nothing but `MonthSum.FIELDS`, so that kept sums can answer, too.
    """

    period: Period | None = None
    conditions: Q = field(default_factory=Q)
    municipalities: frozenset[int | None] | None = None
    of_months: Q = field(default_factory=Q)

    @property
    def kind(self) -> Q:
        """The conditions, without period and municipalities."""
        return self.conditions & self.of_months

    def ledger(self) -> HandoverQuerySet:
        """Return the queryset of the rows, corrections included."""
        rows = Handover.objects.filter(self.kind)
        if self.municipalities is not None:
            rows = rows.filter(receiver_municipality__in=self.municipalities)
        if self.period:
            rows = rows.in_period(self.period.start, self.period.end)
        return rows

    def months(self) -> QuerySet[MonthSum] | None:
        """Return the kept sums of whole months, or None where they know too little to help."""
        if self.conditions or (self.period and self.period.whole_months is None):
            return None
        sums = MonthSum.objects.filter(self.of_months)
        if self.municipalities is not None:
            sums = sums.filter(receiver_municipality__in=self.municipalities)
        if self.period and self.period.whole_months:
            first, last = self.period.whole_months
            sums = sums.filter(month__gte=first, month__lte=last)
        return sums

    def besides_months(self) -> HandoverQuerySet:
        """Return the rows that `months()` does not count."""
        mark = Coalesce(Subquery(SumsMark.objects.values("last_row")[:1]), 0)
        # Both ends tell PostgreSQL that these are few, so that it looks them up by their key.
        besides = Q(pk__gt=mark, pk__lt=mark + FAR)
        if self.period and self.period.whole_months:
            first, last = self.period.whole_months
            if self.period.start < first:
                besides |= Q(handed_over_on__lt=first)
            if self.period.end > end_of_month(last):
                besides |= Q(handed_over_on__gt=end_of_month(last))
        return self.ledger().filter(besides)


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
    of_months = Q() if categories is None else Q(category__in=categories)
    return Rows(period, conditions, places, of_months)


def received_in(municipalities: QuerySet[Municipality]) -> Rows:
    """Select the rows received there, ever, without asking first which municipalities that are."""
    return Rows(of_months=Q(receiver_municipality__in=municipalities))


def amounts(rows: Rows) -> Values:
    """Return {key: value} of `AMOUNTS`, in one query."""
    if rows.months() is None:
        return tidy(rows.ledger().order_by().aggregate(**ASKED))
    answers = grouped(rows, "would_have_bought").values()
    return {key: sum((each[key] for each in answers), NOTHING[key]) for key in AMOUNTS}


def totals(rows: Rows) -> Values:
    """Return {key: value} of `AMOUNTS` (Decimals) and `PARTIES` (integers)."""
    result = amounts(rows)
    parties = count_parties(rows.kind, rows.period, rows.municipalities)
    return result | {key: sum(parties[key].values()) for key in PARTIES}


def by_municipality(rows: Rows) -> dict[int, Values]:
    """Return {municipality's pk: totals}, by the receiver's municipality at the time.

    All figures add up to those of `totals`. Counts of organisations and collaborations do as well,
    since each is counted once, where its last handover was.
    """
    return _with_parties(grouped(rows, "receiver_municipality"), rows)


def _with_parties(groups: dict[int, Values], rows: Rows) -> dict[int, Values]:
    parties = count_parties(rows.kind, rows.period, rows.municipalities)
    for pk in set(groups).union(*(parties[key] for key in PARTIES)):
        own = groups.get(pk) or tidy({})
        groups[pk] = own | {key: parties[key][pk] for key in PARTIES}
    return groups


def summed(groups: Mapping[int, Values]) -> Values:
    """Add up the result of `by_municipality(…)` without reading the ledger again."""
    total = tidy({}) | dict.fromkeys(PARTIES, 0)
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
    tops = MaterialCategory.objects.tops()
    return folded(groups, lambda pk: tops[pk])


def folded(groups: Mapping[Old, Values], key: Callable[[Old], New]) -> dict[New, Values]:
    """Add up the groups that have the same `key(…)`."""
    result: dict[New, Values] = defaultdict(lambda: tidy({}))
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
    return [(month, months.get(month) or tidy({})) for month in period.months]


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
    result: dict[Any, Values] = {}
    for row in sums_by(rows, fields, ASKED):
        found = tuple(row.pop(name) for name in fields)
        key = found[0] if len(fields) == 1 else found
        sums, known = tidy(row), result.get(key)
        result[key] = {name: known[name] + sums[name] for name in AMOUNTS} if known else sums
    return result


def sums_by(
    rows: Rows, fields: Sequence[str], sums: Mapping[str, Aggregate]
) -> QuerySet[Any, dict[str, Any]]:
    """Return a row for each group, in one query: two where a part of it is kept by months.

    `sums` are some of `ASKED`.
    """
    months = rows.months() if set(fields) <= set(MonthSum.FIELDS) else None
    ledger = rows.ledger() if months is None else rows.besides_months()
    by_month = ledger.order_by().annotate(month=TruncMonth("handed_over_on"))
    groups = by_month.values(*fields).annotate(**sums)
    if months is None:
        return groups
    kept = months.order_by().values(*fields).annotate(**{name: Sum(name) for name in sums})
    return groups.union(kept, all=True)


def tidy(sums: Mapping[str, Any]) -> Values:
    """Replace None by zero, and round to the ledger's precision (SQLite sums in floats)."""
    return {
        key: (
            round(sums.get(key) or Decimal(0), FIGURES[key].decimals)
            if FIGURES[key].decimals
            else sums.get(key) or 0
        )
        for key in AMOUNTS
    }


NOTHING = tidy({})


# --- Names, goals and change ------------------------------------------------------------------


def current_factors(day: date | None = None) -> dict[int, ClimateFactor]:
    """Return {source category's pk: the `ClimateFactor` in force}, in two queries.

    A category without its own factor inherits that of the nearest ancestor.
    """
    own: dict[int, ClimateFactor] = {}
    factors = ClimateFactor.objects.filter(valid_from__lte=day or timezone.localdate())
    for factor in factors.order_by("valid_from"):
        own[factor.category_id] = factor
    parents = {pk: parent for pk, _slug, parent in MaterialCategory.objects.tree()}
    found: dict[int, ClimateFactor] = {}
    for pk in parents:
        above: int | None = pk
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
