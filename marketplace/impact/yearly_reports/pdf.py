"""A municipality's yearly report as a PDF: one page for politicians, then tables."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import dropwhile
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.ideas.models import Idea
from marketplace.impact import figures
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.figure import Values
from marketplace.impact.figures.formatting import figure_number
from marketplace.impact.figures.ledger import Rows
from marketplace.impact.figures.periods import Period
from marketplace.impact.pdf_layout import (
    cards,
    chart,
    compared_table,
    footer,
    material_table,
    meanings,
    month_chart,
    photo,
    so_far,
    table,
    text,
)
from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality, MunicipalityGoal
from portal.foundation.mail.rendering import absolute, site_name
from portal.foundation.printing.drawings import mosaic_svg
from portal.foundation.printing.mosaic import mosaic
from portal.foundation.printing.pdf import compile_pdf

TEMPLATE = "marketplace/impact/yearly_report.typ"
LARGE_KEYS = ["mass_kg", "co2e_net_kg", "purchase_avoided_sek", "receivers", "givers"]
COMPARED = [
    *["mass_kg", "co2e_kg", "co2e_net_kg", "co2e_net_low_kg", "co2e_net_high_kg"],
    *["transport_co2e_kg", "value_sek", "purchase_avoided_sek", "handovers"],
    *["givers", "receivers", "collaborations", "new_collaborations", "lasting_collaborations"],
    *["other_collaborations", "ideas_sent", "rating"],
]
TILES = 12
TREND_YEARS = 5
SHOWN_PICTURES = 3
# Millimetres.
WIDTH, GAP, PHOTO_HEIGHT = 174, 4, 40
SHORTEST_QUOTE, LONGEST_QUOTE = 25, 170


def yearly_report(
    *,
    municipalities: Sequence[Municipality],
    year: int,
    name: str,
    everywhere: bool = False,
) -> bytes:
    """Return the report of `year` for `municipalities` together, in the active language.

    `everywhere` includes what belongs to no municipality.
    """
    places = [each.pk for each in municipalities] + ([None] if everywhere else [])
    sums = figures.overview(_rows(municipalities, year))
    values = sums["totals"] | _climate(municipalities, year) | _use(municipalities, places, year)
    before = figures.totals(_rows(municipalities, year - 1))
    before |= _climate(municipalities, year - 1) | _use(municipalities, places, year - 1)
    compared = COMPARED + [each.key for each in figures.added_figures() if each.public]
    title = _("Reuse in %(name)s %(year)d") % {"name": name, "year": year}
    data = {
        "pattern": mosaic_svg(mosaic(TILES, 1, seed=name), columns=TILES, rows=1),
        "footer": footer(),
        "kicker": site_name(),
        "heading": title,
        "so_far": so_far(year),
        "lead": lead(values, name=name, year=year),
        "figures": large_figures(values, before, year),
        "goal": goal(values["mass_kg"], municipalities, year),
        "trend": trend(municipalities, year, sums["months"]),
        "made": made(municipalities, year),
        "months": by_month(sums["months"]),
        "tables": [
            materials(sums["categories"]),
            comparison(compared_table(compared, values, before, year)),
            purchases(municipalities, year),
        ],
        "meanings": explained(compared),
    }
    return compile_pdf(
        TEMPLATE, data, title=title, author=site_name(), description=str(data["lead"])
    )


def by_month(months: Sequence[tuple[date, Values]]) -> dict[str, Any]:
    return {"heading": _("Month by month, in kilograms"), "chart": month_chart(months)}


def comparison(table: dict[str, Any]) -> dict[str, Any]:
    return {"heading": _("Compared with the year before"), "table": table}


def file_name(slug: str, year: int) -> str:
    name = _("yearly-report")
    return f"{name}-{slug}-{year}.pdf"


def _rows(municipalities: Collection[Municipality], year: int) -> Rows:
    return figures.handovers(period=Period.year(year), municipalities=municipalities)


def _climate(municipalities: Collection[Municipality], year: int) -> Values:
    return figures.climate(_rows(municipalities, year)).values


def _use(
    municipalities: Collection[Municipality], places: Collection[int | None], year: int
) -> Values:
    period = Period.year(year)
    use = figures.use_in_all(period=period, municipalities=municipalities)
    return use | figures.computed_together(period=period, municipalities=places)


def lead(values: Mapping[str, Any], *, name: str, year: int) -> str:
    """Sum up the year in one sentence."""
    if not values["receivers"]:
        return _("No left-over material was given away in %(name)s in %(year)d.") % {
            "name": name,
            "year": year,
        }
    return ngettext(
        "In %(year)d companies gave %(mass)s of left-over material to %(count)d school or other "
        "public service in %(name)s.",
        "In %(year)d companies gave %(mass)s of left-over material to %(count)d schools and other "
        "public services in %(name)s.",
        values["receivers"],
    ) % {
        "year": year,
        "mass": text(values["mass_kg"], "mass_kg"),
        "count": values["receivers"],
        "name": name,
    }


def large_figures(values: Mapping[str, Any], before: Mapping[str, Any], year: int) -> list[dict]:
    """Return the five figures of the first page, in plain words and with last year's values."""
    names = {
        "mass_kg": _("of material in use again"),
        "co2e_net_kg": _("lower emissions, net (calculated: between %(low)s and %(high)s)")
        % {
            "low": figure_number(values["co2e_net_low_kg"], "co2e_net_low_kg"),
            "high": figure_number(values["co2e_net_high_kg"], "co2e_net_high_kg"),
        },
        "purchase_avoided_sek": _("in purchases avoided"),
        "receivers": ngettext(
            "school or service got material",
            "schools and services got material",
            values["receivers"],
        ),
        "givers": ngettext(
            "company from here gave material",
            "companies from here gave material",
            values["givers"],
        ),
    }
    return [
        card
        | {
            "name": names[key],
            "before": _("%(year)d: %(value)s")
            % {"year": year - 1, "value": text(before[key], key)},
        }
        for key, card in zip(LARGE_KEYS, cards(values, LARGE_KEYS), strict=True)
    ]


def explained(keys: Iterable[str]) -> dict[str, Any]:
    return {"heading": _("What the figures mean"), "items": [*meanings(keys), method()]}


def method() -> dict[str, str]:
    """Return how the climate effect is computed, as the last of the meanings."""
    return {
        "name": _("Method of the climate effect"),
        "words": _("Version %(version)s, as described at %(url)s.")
        % {"version": figures.METHOD_VERSION, "url": absolute(reverse("marketplace:effect"))},
    }


def goal(mass: Decimal, municipalities: Sequence[Municipality], year: int) -> dict[str, Any] | None:
    """Return the progress towards the goal; None unless all municipalities have set one."""
    chosen = MunicipalityGoal.objects.filter(year=year, municipality__in=municipalities)
    goals = [each.kg for each in chosen]
    if not sum(goals) or len(goals) < len(municipalities):
        return None
    whole = sum(goals)
    share = min(max(mass / whole, 0), 1)
    words = (
        _("The goal of %(goal)s has been reached.")
        if mass >= whole
        else _("%(percent)s %% of the goal of %(goal)s.")
    )
    return {
        "share": float(share),
        "words": words
        % {"goal": text(whole, "goal_kg"), "percent": number_format(int(share * 100), 0)},
    }


def trend(
    municipalities: Sequence[Municipality], year: int, months: Sequence[tuple[date, Values]]
) -> dict[str, Any]:
    """Return a chart of up to five years, or of the months if only one year has figures."""
    years = yearly_mass(municipalities, year)
    if len(years) == 1:
        return {
            "heading": _("Month by month, in kilograms"),
            "chart": month_chart(months),
            "by_year": False,
        }
    labels = [
        (_("%(year)d so far") % {"year": each} if so_far(each) else str(each), mass)
        for each, mass in years
    ]
    return {
        "heading": _("Year by year, in kilograms"),
        "chart": chart(labels, floor=110),
        "by_year": True,
    }


def yearly_mass(municipalities: Sequence[Municipality], year: int) -> list[tuple[int, Decimal]]:
    """Return [(year, kilograms)] up to `year`, starting at the first of five with any."""
    first = year - TREND_YEARS + 1
    period = Period(date(first, 1, 1), date(year, 12, 31))
    rows = figures.handovers(period=period, municipalities=municipalities)
    mass = dict.fromkeys(range(first, year + 1), Decimal())
    for month, sums in figures.grouped(rows, "month").items():
        mass[month.year] += sums["mass_kg"]
    return list(dropwhile(lambda pair: not pair[1] and pair[0] != year, mass.items()))


def made(municipalities: Iterable[Municipality], year: int) -> dict[str, Any] | None:
    """Return pictures of what pupils made in the year, and a quote from one idea."""
    start, before = Period.year(year).moments
    ideas = list(
        Idea.objects.approved()
        .published()
        .filter(
            handover__receiver_municipality__in=municipalities,
            created_at__gte=start,
            created_at__lt=before,
        )
        .order_by(F("progress__adopted_at").desc(nulls_last=True), "-created_at", "-pk")
        .for_cards()[: SHOWN_PICTURES * 4]
    )
    pictures = [card for card in map(idea_card, ideas) if card][:SHOWN_PICTURES]
    quote = next(filter(None, map(idea_quote, ideas)), None)
    if not pictures and not quote:
        return None
    return {"heading": _("What it became"), "pictures": pictures, "quote": quote}


def idea_card(idea: Idea) -> dict[str, Any] | None:
    width = (WIDTH - GAP * (SHOWN_PICTURES - 1)) / SHOWN_PICTURES
    picture = photo(idea.cover, width=width, height=PHOTO_HEIGHT)
    return picture and {
        "photo": picture,
        "title": Truncator(idea.title).chars(60),
        "by": idea.handover.receiver.name,
    }


def idea_quote(idea: Idea) -> dict[str, str] | None:
    words = " ".join(idea.text.split())
    if len(words) < SHORTEST_QUOTE:
        return None
    return {
        "words": _("“%(words)s”") % {"words": Truncator(words).chars(LONGEST_QUOTE)},
        "by": f"{idea.signed}, {idea.handover.receiver.name}",
    }


def materials(sums: Mapping[int, Mapping[str, Any]]) -> dict[str, Any] | None:
    names = MaterialCategory.objects.names()
    groups = sorted(sums.items(), key=lambda pair: -pair[1]["mass_kg"])
    found = material_table((names[pk], group) for pk, group in groups if any(group.values()))
    return found and {"heading": _("By material"), "table": found}


def purchases(municipalities: Sequence[Municipality], year: int) -> dict[str, Any] | None:
    rows = []
    for term, period in (("vt", Period.spring(year)), ("ht", Period.autumn(year))):
        found = figures.bought_and_brokered(year=year, term=term, municipalities=municipalities)
        total = {
            key: sum(row[key] for row in found.values())
            for key in ("bought_kg", "mass_kg", "reports")
        }
        if total["reports"]:
            values = [text(total[key], key) for key in ("bought_kg", "mass_kg")]
            rows.append([str(period).capitalize(), *values, str(total["reports"])])
    if not rows:
        return None
    head = [_("Term"), _("Bought new"), FIGURES["mass_kg"].name, _("Reports of purchases")]
    return {
        "heading": _("Bought new and brokered"),
        "table": table(head, rows, [0.34, 0.22, 0.22, 0.22]),
    }
