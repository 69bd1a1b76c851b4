"""The effect, for everybody: the page with its charts, and the same numbers as open data."""

import csv
import json
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from wagtail.models import Site

from marketplace import charts, figures, opendata
from marketplace.figures import FIGURES, Period
from marketplace.forms.periods import PeriodForm
from marketplace.models import ClimateFactor, MaterialCategory, Municipality
from portal.collation import swedish_order
from portal.models import SiteSettings

LARGE = ["mass_kg", "co2e_kg", "purchase_avoided_sek", "collaborations"]
SMALL = [
    "handovers",
    "givers",
    "receivers",
    "new_collaborations",
    "lasting_collaborations",
    "value_sek",
]
CACHED_SECONDS = 600


def taking_part(request):
    """The municipalities of the site, in Swedish order."""
    return list(Municipality.objects.for_site(Site.find_for_request(request)))


def computed(period, municipalities):
    """Every sum that the page shows. Kept until the ledger has a new row (see `version`)."""
    places = [each.pk for each in municipalities]
    chosen = "-".join(map(str, places))
    key = f"effect:{figures.version()}:{period.start}:{period.end}:{chosen}"

    def compute():
        return figures.overview(figures.handovers(period=period, municipalities=places))

    return cache.get_or_set(key, compute, CACHED_SECONDS)


@require_safe
def effect(request):
    """`/effekt/`: large figures, each municipality towards its goal, months and categories."""
    form = PeriodForm(request.GET or None)
    period = form.chosen
    municipalities = taking_part(request)
    sums = computed(period, municipalities)
    towards = municipality_rows(municipalities, sums["municipalities"], period)
    small = [FIGURES[key] for key in SMALL]
    small += [figure for figure in figures.added_figures() if figure.public]
    values = sums["totals"] | figures.computed_together(
        period=period, municipalities=[None, *(each.pk for each in municipalities)]
    )
    return render(
        request,
        "marketplace/effect.html",
        {
            "form": form,
            "period": period,
            "query": request.GET.urlencode(),
            "large": [(FIGURES[key], sums["totals"][key]) for key in LARGE],
            "small": [(each, values[each.key]) for each in small],
            "municipalities": towards,
            "whole": together(towards),
            "months": month_rows(sums["months"]),
            "chart": month_chart(sums["months"]),
            "categories": category_rows(sums["categories"]),
            "totals": sums["totals"],
            "figures": FIGURES,
            "licence": opendata.LICENCE,
        },
    )


def municipality_rows(municipalities, sums, period):
    goals = figures.goals(period)
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
                "percent": round(mass / goal * 100) if goal else None,
                "bar": charts.share(mass, goal),
            }
        )
    return rows


def together(rows):
    """The goals of all municipalities as one, and how much of it has been reached."""
    goal = sum(row["goal_kg"] for row in rows)
    mass = sum(row["mass_kg"] for row in rows)
    return {"goal_kg": goal, "percent": round(mass / goal * 100) if goal else None}


def month_rows(months):
    return [
        {"month": date_format(month, "F Y"), **sums} for month, sums in months if any(sums.values())
    ]


def month_chart(months):
    """A column per month; per year when there are more than five years of months."""
    if len(months) > 60:
        years = {}
        for month, sums in months:
            years[str(month.year)] = years.get(str(month.year), 0) + sums["mass_kg"]
        return charts.columns(list(years.items()), per_year=True)
    one_year = months[0][0].year == months[-1][0].year
    return charts.columns(
        [
            (date_format(month, "M" if one_year else "M y"), sums["mass_kg"])
            for month, sums in months
        ]
    )


def category_rows(sums):
    names = MaterialCategory.objects.names()
    most = max((each["mass_kg"] for each in sums.values()), default=0)
    rows = [
        {"name": names[pk], "bar": charts.share(each["mass_kg"], most), **each}
        for pk, each in sums.items()
        if any(each.values())
    ]
    return sorted(rows, key=lambda row: -row["mass_kg"])


@require_safe
def factors(request):
    """`/effekt/faktorer/`: the number behind each kilogram, with where it comes from."""
    names = MaterialCategory.objects.names()
    tops = figures.top_categories()
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
    return render(request, "marketplace/effect_factors.html", {"rows": rows})


# --- Open data --------------------------------------------------------------------------------


def etag(request, **kwargs):
    asked = sha256(request.get_full_path().encode()).hexdigest()[:16]
    return f'"{figures.version()}-{timezone.localdate():%Y%m%d}-{asked}"'


def open_data(view):
    """For addresses that others fetch by machine: kept for a while, asked about by ETag."""
    return require_safe(cache_control(public=True, max_age=300)(condition(etag_func=etag)(view)))


def data_of(request):
    """(period, rows) that the address asks for; all there is when it does not say."""
    form = PeriodForm(request.GET) if request.GET else None
    period = form.chosen if form else Period.ever()
    places = [each.pk for each in taking_part(request)]
    return period, opendata.rows(figures.handovers(period=period, municipalities=places))


@open_data
def data_csv(request):
    _period, rows = data_of(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="effekt.csv"'
    schema = request.build_absolute_uri(reverse("marketplace:effect_schema"))
    response["Link"] = f'<{schema}>; rel="describedby"; type="application/csvm+json"'
    response["Access-Control-Allow-Origin"] = "*"
    writer = csv.DictWriter(response, [column.name for column in opendata.COLUMNS])
    writer.writeheader()
    writer.writerows(rows)
    return response


@open_data
def data_json(request):
    period, rows = data_of(request)
    text = json.dumps(
        {
            "title": _("Reuse of material: handovers by month, municipality and category"),
            "licence": opendata.LICENCE,
            "schema": request.build_absolute_uri(reverse("marketplace:effect_schema")),
            "period": {"start": period.start, "end": period.end},
            "rows": rows,
        },
        cls=NumbersEncoder,
        ensure_ascii=False,
    )
    response = HttpResponse(text, content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


class NumbersEncoder(DjangoJSONEncoder):
    """Writes decimals as JSON numbers, which these are: sums with at most three decimals."""

    def default(self, value):
        return float(value) if hasattr(value, "as_tuple") else super().default(value)


@open_data
def data_schema(request):
    """What each column holds, as W3C's "CSV on the Web" describes a table."""
    return JsonResponse(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": get_language()}],
            "url": request.build_absolute_uri(reverse("marketplace:effect_csv")),
            "dc:title": _("Reuse of material: handovers by month, municipality and category"),
            "dc:license": {"@id": opendata.LICENCE},
            "dialect": {"header": True, "encoding": "utf-8", "delimiter": ","},
            "tableSchema": {
                "primaryKey": ["month", "municipality_code", "category"],
                "columns": [
                    {
                        "name": column.name,
                        "titles": column.name,
                        "dc:description": str(column.description),
                        "datatype": column.datatype,
                        "required": True,
                    }
                    for column in opendata.COLUMNS
                ],
            },
        },
        json_dumps_params={"ensure_ascii": False},
        content_type="application/csvm+json",
    )


@open_data
def dcat(request):
    """The data set, its files and the API, for data portals that harvest DCAT-AP-SE 3.

    Everything in it has one name, the same in all languages: the Swedish address.
    """
    with override(settings.LANGUAGE_CODE):
        return render(
            request,
            "marketplace/dcat.rdf",
            {
                "site": SiteSettings.for_request(request),
                "home": request.build_absolute_uri("/"),
                "base": f"{request.scheme}://{request.get_host()}",
                "licence": opendata.LICENCE_NAME,
                "period": Period.ever(),
            },
            content_type="application/rdf+xml",
        )
