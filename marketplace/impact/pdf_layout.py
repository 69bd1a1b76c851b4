"""The parts that PDF reports share: cards, charts, tables and definitions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from marketplace.impact import charts as impact_charts
from marketplace.impact.charts import Columns
from marketplace.impact.figures.definitions import FIGURES
from marketplace.impact.figures.formatting import UNITS, figure, figure_number
from portal.foundation.images.models import CustomImage
from portal.foundation.printing.drawings import photo_svg
from portal.foundation.tokens import colours

COMPARED_WIDTHS = [0.56, 0.22, 0.22]
# Of a chart's width of 720.
WIDEST_COLUMN = 70
MATERIAL_KEYS = ["mass_kg", "co2e_kg", "value_sek"]
MATERIAL_WIDTHS = [0.4, 0.18, 0.24, 0.18]


def footer() -> str:
    return _("Made on %(day)s from the portal's ledger. %(url)s") % {
        "day": date_format(timezone.localdate(), "DATE_FORMAT"),
        "url": settings.WAGTAILADMIN_BASE_URL,
    }


def so_far(year: int) -> str:
    """Say up to which day the figures of the current year go; "" for other years."""
    today = timezone.localdate()
    if year != today.year:
        return ""
    return _("so far, until %(day)s") % {"day": date_format(today, "DATE_FORMAT")}


def text(value: Decimal | int | None, key: str) -> str:
    """Format a figure with its unit, or return a dash for None."""
    return "–" if value is None else str(figure(value, key))


def cards(values: Mapping[str, Any], keys: Iterable[str]) -> list[dict[str, str]]:
    """Return the figures of `keys` for the template's `figure-card`."""
    return [
        {
            "number": str(figure_number(values[key], key)),
            "unit": str(UNITS.get(FIGURES[key].unit, "")),
            "name": str(FIGURES[key].name),
        }
        for key in keys
    ]


def chart(pairs: Sequence[tuple[str, Decimal]], *, floor: int = 130) -> dict[str, str]:
    """Return {svg, alt} of a column chart of kilograms, for (label, kilograms)."""
    drawn = impact_charts.columns(pairs, floor=floor)
    values = ", ".join(f"{label} {text(value, 'mass_kg')}" for label, value in pairs)
    return {"svg": chart_svg(drawn), "alt": _("Column chart: %(values)s.") % {"values": values}}


def chart_svg(chart: Columns) -> str:
    """Draw a column chart as standalone SVG in the colours of the light theme."""
    lines = format_html_join(
        "",
        '<path d="M{} {}H{}" stroke="{}" stroke-width="0.7"/>'
        '<text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (
                *(chart.left, line.y, chart.width, colours()["line"]),
                *(chart.left - 8, line.y + 4),
                number_format(line.value, 0, use_l10n=True, force_grouping=True),
            )
            for line in chart.lines
        ),
    )
    columns = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (
                *(each.middle - min(each.width, WIDEST_COLUMN) / 2, each.y),
                *(min(each.width, WIDEST_COLUMN), each.height),
                colours()["accent"],
                *(each.middle, chart.floor + 18, each.label if each.labelled else ""),
            )
            for each in chart.columns
        ),
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" font-family="Noto Sans" '
        'font-size="11" fill="{}">{}{}</svg>',
        *(chart.width, chart.floor + 24, colours()["ink-soft"], lines, columns),
    )


def month_chart(months: Sequence[tuple[date, Mapping[str, Any]]]) -> dict[str, str]:
    """Return the chart of `figures.by_month(…)`."""
    return chart([(date_format(month, "M"), sums["mass_kg"]) for month, sums in months])


def photo(image: CustomImage | None, *, width: float, height: float) -> dict[str, str] | None:
    """Return {svg, alt} of an image cropped to millimetres, or None if it cannot be read."""
    svg = photo_svg(image, width=width, height=height)
    if image is None or not svg:
        return None
    return {"svg": svg, "alt": image.contextual_alt_text or image.default_alt_text}


def table(head: Sequence[Any], rows: Sequence[Sequence[Any]], widths: Sequence[float]) -> dict:
    """Return a table with text in the first column and numbers in the others."""
    return {"head": head, "rows": rows, "widths": widths}


def material_table(groups: Iterable[tuple[str, Mapping[str, Any]]]) -> dict | None:
    """Return the table of (category name, sums), or None if it would be empty."""
    rows = [[name, *(text(sums[key], key) for key in MATERIAL_KEYS)] for name, sums in groups]
    head = [_("Material"), _("Kilograms"), _("Climate effect, gross"), _("Value")]
    return table(head, rows, MATERIAL_WIDTHS) if rows else None


def compared_table(
    keys: Iterable[str], values: Mapping[str, Any], before: Mapping[str, Any], year: int
) -> dict:
    """Return a table that compares a year's figures with the previous year's."""
    rows = [[FIGURES[key].name, text(values[key], key), text(before[key], key)] for key in keys]
    return table([_("Figure"), str(year), str(year - 1)], rows, COMPARED_WIDTHS)


def meanings(keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return the definitions of the figures in `keys`."""
    return [{"name": FIGURES[key].name, "words": FIGURES[key].definition} for key in keys]
