"""Purchases reported by receivers, compared with what was brokered to them."""

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Sum

from marketplace.impact.figures.figure import Places, Values
from marketplace.impact.figures.ledger import grouped, handovers
from marketplace.impact.figures.periods import Period
from marketplace.impact.purchases.models import PurchaseReport

TERMS: dict[str, Callable[[int], Period]] = {
    PurchaseReport.Term.SPRING: Period.spring,
    PurchaseReport.Term.AUTUMN: Period.autumn,
}


def bought_and_brokered(
    *, year: int, term: str, municipalities: Places | None = None
) -> dict[int, Values]:
    """Return {municipality's pk: {"bought_kg", "bought_sek", "reports", "mass_kg"}} of a term.

    `reports` is the number of organisations that have reported, needed to interpret a low number.
    """
    reports = PurchaseReport.objects.of_term(year, term)
    if municipalities is not None:
        reports = reports.filter(municipality__in=municipalities)
    result: dict[int, Values] = {}
    organisations: dict[int, set[int]] = {}
    for place, organisation, kg, sek in (
        reports.order_by()
        .values_list("municipality", "organisation")
        .annotate(kg=Sum("mass_kg"), sek=Sum("cost_sek"))
    ):
        row = result.setdefault(place, _nothing())
        row["bought_kg"] += kg
        row["bought_sek"] += sek
        organisations.setdefault(place, set()).add(organisation)
    for place, who in organisations.items():
        result[place]["reports"] = len(who)
    rows = handovers(period=TERMS[term](year), municipalities=municipalities)
    for place, sums in grouped(rows, "receiver_municipality").items():
        if sums["mass_kg"]:
            result.setdefault(place, _nothing())["mass_kg"] = sums["mass_kg"]
    for row in result.values():
        row["bought_kg"] = round(row["bought_kg"], 3)
        row["bought_sek"] = round(row["bought_sek"], 2)
    return result


def _nothing() -> Values:
    return {
        "bought_kg": Decimal(0),
        "bought_sek": Decimal(0),
        "reports": 0,
        "mass_kg": Decimal(0),
    }
