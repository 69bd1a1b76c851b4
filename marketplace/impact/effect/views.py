"""The public effect page, with its charts, and the climate factors behind it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe
from wagtail.models import Site

from marketplace.impact import figures
from marketplace.impact.charts import Columns, columns, share
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.figure import Values
from marketplace.impact.figures.forms import PeriodForm
from marketplace.impact.figures.ledger import Overview
from marketplace.impact.figures.periods import Period
from marketplace.impact.figures.reach import term_of, with_reach
from marketplace.impact.open_data.rows import LICENCE
from marketplace.materials.models import ClimateFactor, MaterialCategory
from marketplace.municipalities.models import Municipality
from portal.foundation import throttling
from portal.foundation.collation import swedish_order
from portal.foundation.page_cache.values import kept

LARGE = ["mass_kg", "co2e_net_kg", "purchase_avoided_sek", "collaborations"]


SMALL = [
    "handovers",
    "from_company_kg",
    "from_service_kg",
    "givers_company",
    "givers_service",
    "to_service_kg",
    "to_company_kg",
    "receivers_service",
    "receivers_company",
    "new_collaborations",
    "lasting_collaborations",
    "value_sek",
]


class Sums(Overview):
    """The overview with the climate effect, whose figures are among the totals too."""

    climate: figures.Climate


def taking_part(request: HttpRequest) -> list[Municipality]:
    """The municipalities of the site, in Swedish order."""
    return list(Municipality.objects.for_site(Site.find_for_request(request)))


def computed(period: Period, municipalities: Sequence[Municipality]) -> Sums:
    """Return every sum that the page shows, kept until something changes."""
    places = [each.pk for each in municipalities]

    def compute() -> Sums:
        rows = figures.handovers(period=period, municipalities=places)
        climate = figures.climate(rows)
        sums = figures.overview(rows)
        return {**sums, "totals": sums["totals"] | climate.values, "climate": climate}

    return kept("effect", compute, period.start, period.end, places)


@require_safe
def effect(request: HttpRequest) -> HttpResponse:
    """Show the main figures, progress towards goals, months and categories at `/effekt/`."""
    form = PeriodForm(request.GET or None)
    if request.GET:
        throttling.consume_by_device("effect", request=request)
    period = form.chosen
    return render(
        request,
        "marketplace/impact/effect/effect.html",
        {
            "form": form,
            "period": period,
            "query": request.GET.urlencode(),
            # Called by the template, which need not ask where it has the part from before.
            "shown": cache(lambda: shown(period, taking_part(request))),
            "figures": FIGURES,
            "licence": LICENCE,
        },
    )


def shown(period: Period, municipalities: Sequence[Municipality]) -> dict[str, Any]:
    """Return what the template shows of a period."""
    sums = computed(period, municipalities)
    towards = municipality_rows(municipalities, sums["municipalities"], period)
    term = term_of(timezone.localdate())
    small = [FIGURES[key] for key in SMALL]
    small += [figure for figure in figures.added_figures() if figure.public]
    values = sums["totals"] | figures.computed_together(
        period=period, municipalities=[None, *(each.pk for each in municipalities)]
    )
    return {
        "large": [(FIGURES[key], sums["totals"][key]) for key in LARGE],
        "small": [(each, values[each.key]) for each in small],
        "municipalities": with_reach(towards, term),
        "term": term,
        "whole": together(towards),
        "months": month_rows(sums["months"]),
        "chart": month_chart(sums["months"]),
        "categories": category_rows(sums["categories"]),
        "climate": sums["climate"],
        "totals": sums["totals"],
    }


def municipality_rows(
    municipalities: Collection[Municipality], sums: Mapping[int, Values], period: Period
) -> list[dict[str, Any]]:
    goals = figures.goals(period, [each.pk for each in municipalities])
    rows = []
    for municipality in municipalities:
        own = sums.get(municipality.pk, {})
        mass = own.get("mass_kg", 0)
        goal = goals[municipality.pk]
        rows.append(
            {
                "municipality": municipality,
                "mass_kg": mass,
                "co2e_kg": own.get("co2e_kg", 0),
                "collaborations": own.get("collaborations", 0),
                "goal_kg": goal,
                "percent": figures.percent_of_goal(mass, goal),
                "bar": share(mass, goal),
            }
        )
    return rows


def together(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the municipalities' combined goal and how much of it has been reached."""
    goal = figures.goal_together([row["goal_kg"] for row in rows])
    mass = sum(row["mass_kg"] for row in rows)
    return {"goal_kg": goal, "percent": figures.percent_of_goal(mass, goal)}


def month_rows(months: Iterable[tuple[date, Values]]) -> list[dict[str, Any]]:
    return [
        {"month": date_format(month, "F Y"), **sums} for month, sums in months if any(sums.values())
    ]


def month_chart(months: Sequence[tuple[date, Values]]) -> Columns:
    """Draw a column per month, or per year when there are more than five years."""
    if len(months) > 60:
        years: dict[str, Any] = {}
        for month, sums in months:
            years[str(month.year)] = years.get(str(month.year), 0) + sums["mass_kg"]
        return columns(list(years.items()), per_year=True)
    one_year = months[0][0].year == months[-1][0].year
    return columns(
        [
            (date_format(month, "M" if one_year else "M y"), sums["mass_kg"])
            for month, sums in months
        ]
    )


def category_rows(sums: Mapping[int, Values]) -> list[dict[str, Any]]:
    names = MaterialCategory.objects.names()
    most = max((each["mass_kg"] for each in sums.values()), default=0)
    rows = [
        {"name": names[pk], "bar": share(each["mass_kg"], most), **each}
        for pk, each in sums.items()
        if any(each.values())
    ]
    return sorted(rows, key=lambda row: -row["mass_kg"])


@require_safe
def factors(request: HttpRequest) -> HttpResponse:
    """List the climate factors and their sources at `/effekt/faktorer/`."""
    names = MaterialCategory.objects.names()
    tops = MaterialCategory.objects.tops()
    rows = [
        {
            "name": names[factor.category_id],
            "top": names[tops[factor.category_id]],
            "factor": factor,
        }
        for factor in ClimateFactor.objects.order_by("category_id", "-valid_from")
        if factor.category_id in tops
    ]
    rows.sort(key=lambda row: (swedish_order(row["top"]), swedish_order(row["name"])))
    return render(request, "marketplace/impact/effect/effect_factors.html", {"rows": rows})
