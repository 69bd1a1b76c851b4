"""Format key figures for people."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.impact.figures.definitions import FIGURES

UNITS = {
    "kg": "kg",
    "kg CO2e": "kg CO₂e",
    "SEK": "kr",
    "h": gettext_lazy("hours"),
    "%": "%",
    "km": "km",
}


def figure(value: Decimal | float | None, key: str) -> str:
    """Format `value` of the figure `key` with its unit: "4 532 kg", "15 072 kg CO₂e", "230 240 kr".

    Values from 10 up are whole numbers; smaller ones keep one decimal if the figure has decimals.
    Amounts to pay are exact to the öre.
    """
    number = figure_number(value, key)
    unit = UNITS.get(FIGURES[key].unit)
    return f"{number}\N{NO-BREAK SPACE}{unit}" if unit else number


def part_of_goal(percent: int | None) -> str:
    """Format how much of a goal has been reached: "25 %", "reached", or a dash without a goal."""
    if percent is None:
        return "–"
    if percent == 100:
        return _("reached")
    return f"{number_format(percent, use_l10n=True)}\N{NO-BREAK SPACE}%"


def figure_number(value: Decimal | float | None, key: str) -> str:
    """Format `value` without its unit, for a table that has the unit in its heading."""
    value = Decimal(value or 0)
    if key.startswith("cost_"):
        return number_format(value, 2, use_l10n=True, force_grouping=True)
    small = FIGURES[key].decimals and abs(value) < 10 and value != value.to_integral_value()
    rounded = value.quantize(Decimal("0.1" if small else "1"), rounding=ROUND_HALF_UP)
    return number_format(rounded, use_l10n=True, force_grouping=True)
