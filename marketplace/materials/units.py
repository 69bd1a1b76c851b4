"""The units that material is counted in."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

QUANTITY: dict[str, Any] = {"max_digits": 12, "decimal_places": 3}


class Unit(models.TextChoices):
    PIECE = "st", _("pieces")
    KILOGRAM = "kg", _("kilograms")
    GRAM = "g", _("grams")
    LITRE = "l", _("litres")
    METRE = "m", _("metres")
    RUNNING_METRE = "lopmeter", _("running metres")
    SQUARE_METRE = "m2", _("square metres")
    CUBIC_METRE = "m3", _("cubic metres")
    PALLET = "pall", _("pallets")
    BOX = "kartong", _("boxes")
    SACK = "sack", _("sacks")
    ROLL = "rulle", _("rolls")
    SHEET = "ark", _("sheets")
    SET = "set", _("sets")
    PAIR = "par", _("pairs")


# Mass units say their own weight, so nobody is asked what "one kilogram" weighs.
KG_PER_MASS_UNIT = {Unit.KILOGRAM: "1", Unit.GRAM: "0.001"}


def trim(value):
    """A Decimal without trailing zeros, in the reader's number format: 3, 2,5 or 1 200."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return number_format(text, use_l10n=True, force_grouping=True)


def format_quantity(value, unit):
    """`value` with its unit as people say it: "1 box", "3 boxes", "2,5 kg"."""
    # Fractions take the plural in both languages; only exactly one is singular.
    count = 1 if value == 1 else 2
    words = {
        Unit.PIECE: lambda: ngettext("%(value)s piece", "%(value)s pieces", count),
        Unit.KILOGRAM: lambda: ngettext("%(value)s kg", "%(value)s kg", count),
        Unit.GRAM: lambda: ngettext("%(value)s g", "%(value)s g", count),
        Unit.LITRE: lambda: ngettext("%(value)s litre", "%(value)s litres", count),
        Unit.METRE: lambda: ngettext("%(value)s metre", "%(value)s metres", count),
        Unit.RUNNING_METRE: lambda: ngettext(
            "%(value)s running metre", "%(value)s running metres", count
        ),
        Unit.SQUARE_METRE: lambda: ngettext("%(value)s m²", "%(value)s m²", count),
        Unit.CUBIC_METRE: lambda: ngettext("%(value)s m³", "%(value)s m³", count),
        Unit.PALLET: lambda: ngettext("%(value)s pallet", "%(value)s pallets", count),
        Unit.BOX: lambda: ngettext("%(value)s box", "%(value)s boxes", count),
        Unit.SACK: lambda: ngettext("%(value)s sack", "%(value)s sacks", count),
        Unit.ROLL: lambda: ngettext("%(value)s roll", "%(value)s rolls", count),
        Unit.SHEET: lambda: ngettext("%(value)s sheet", "%(value)s sheets", count),
        Unit.SET: lambda: ngettext("%(value)s set", "%(value)s sets", count),
        Unit.PAIR: lambda: ngettext("%(value)s pair", "%(value)s pairs", count),
    }
    return words[Unit(unit)]() % {"value": trim(value)}


GRAM = Decimal("0.001")


ORE = Decimal("0.01")


def two_digits(value):
    """`value` as a Decimal rounded half up to two digits that count: 15.112 → 15, 1234 → 1200.

    What was worked out from a guess is not known better than that.
    """
    value = Decimal(value)
    if not value:
        return value
    step = Decimal(1).scaleb(value.adjusted() - 1)
    return rounded(value / step, Decimal(1)) * step


def rounded(value, step):
    """`value` as a Decimal rounded half up to `step`, as people expect on a receipt."""
    return Decimal(value).quantize(step, rounding=ROUND_HALF_UP)
