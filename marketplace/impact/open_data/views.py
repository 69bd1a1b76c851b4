"""The effect as open data: CSV, JSON, schema and DCAT."""

import csv
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeAlias

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from marketplace.impact import figures
from marketplace.impact.effect.views import taking_part
from marketplace.impact.figures.forms import PeriodForm
from marketplace.impact.figures.periods import Period
from marketplace.impact.open_data import rows as open_data_rows
from marketplace.impact.open_data.rows import COLUMNS, LICENCE, LICENCE_NAME
from portal.foundation import throttling
from portal.foundation.site_settings.models import SiteSettings

View: TypeAlias = Callable[[HttpRequest], HttpResponse]


def etag(request: HttpRequest, **kwargs: Any) -> str:
    asked = sha256(request.get_full_path().encode()).hexdigest()[:16]
    return f'"{figures.version()}-{timezone.localdate():%Y%m%d}-{asked}"'


def open_data(view: View) -> View:
    """Let the clients that poll a view cache it, and revalidate by ETag."""
    return require_safe(cache_control(public=True, max_age=300)(condition(etag_func=etag)(view)))


def data_of(request: HttpRequest) -> tuple[Period, list[dict[str, Any]]]:
    """Return the (period, rows) that the URL asks for, by default everything."""
    throttling.consume("api", request=request)
    form = PeriodForm(request.GET) if request.GET else None
    period = form.chosen if form else Period.ever()
    places = [each.pk for each in taking_part(request)]
    return period, open_data_rows.rows(figures.handovers(period=period, municipalities=places))


@open_data
def data_csv(request: HttpRequest) -> HttpResponse:
    _period, rows = data_of(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="effekt.csv"'
    schema = request.build_absolute_uri(reverse("marketplace:effect_schema"))
    response["Link"] = f'<{schema}>; rel="describedby"; type="application/csvm+json"'
    response["Access-Control-Allow-Origin"] = "*"
    writer = csv.DictWriter(response, [column.name for column in COLUMNS])
    writer.writeheader()
    writer.writerows(rows)
    return response


@open_data
def data_json(request: HttpRequest) -> HttpResponse:
    period, rows = data_of(request)
    text = json.dumps(
        {
            "title": _("Reuse of material: handovers by month, municipality and category"),
            "licence": LICENCE,
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
    """Write decimals as JSON numbers: floats are exact enough for three decimals."""

    def default(self, value: Any) -> Any:
        return float(value) if hasattr(value, "as_tuple") else super().default(value)


@open_data
def data_schema(request: HttpRequest) -> HttpResponse:
    """Describe the columns in the format of W3C's "CSV on the Web"."""
    return JsonResponse(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": get_language()}],
            "url": request.build_absolute_uri(reverse("marketplace:effect_csv")),
            "dc:title": _("Reuse of material: handovers by month, municipality and category"),
            "dc:license": {"@id": LICENCE},
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
                    for column in COLUMNS
                ],
            },
        },
        json_dumps_params={"ensure_ascii": False},
        content_type="application/csvm+json",
    )


@open_data
def dcat(request: HttpRequest) -> HttpResponse:
    """Describe the data set, its files and the API to data portals that harvest DCAT-AP-SE 3.

    Resources are identified by their Swedish URLs, so that they are the same in all languages.
    """
    with override(settings.LANGUAGE_CODE):
        return render(
            request,
            "marketplace/impact/open_data/dcat.rdf",
            {
                "site": SiteSettings.for_request(request),
                "home": request.build_absolute_uri("/"),
                "base": f"{request.scheme}://{request.get_host()}",
                "licence": LICENCE_NAME,
                "period": Period.ever(),
            },
            content_type="application/rdf+xml",
        )
