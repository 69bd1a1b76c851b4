"""What a kind of material is like, as somebody who looks for something to do would say it."""

import csv
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).resolve().parent / "reference_data" / "category_properties.csv"


class Property(models.TextChoices):
    SOFT = "soft", _("soft")
    STIFF = "stiff", _("hard or stiff")
    FLEXIBLE = "flexible", _("bends")
    STRETCHY = "stretchy", _("stretches")
    TRANSPARENT = "transparent", _("lets light through")
    SHINY = "shiny", _("shiny")
    ROLLABLE = "rollable", _("rolls")
    SOUNDING = "sounding", _("makes a sound")
    MUFFLING = "muffling", _("muffles sound")
    SORTABLE = "sortable", _("to sort and count")
    LARGE = "large", _("large")
    FLOATING = "floating", _("floats")
    WATERPROOF = "waterproof", _("stands up to rain")
    MAGNETIC = "magnetic", _("magnetic")
    CUTTABLE = "cuttable", _("cut with scissors")
    PAINTABLE = "paintable", _("to draw or paint on")
    BUILDABLE = "buildable", _("to build with")
    TEXTURED = "textured", _("interesting to touch")
    NATURAL = "natural", _("from nature")
    COLOURING = "colouring", _("gives colour")
    JOINING = "joining", _("holds things together")
    TECHNICAL = "technical", _("electric or mechanical")
    TOOL = "tool", _("to work with")


def reference() -> dict[str, list[str]]:
    """{slug: properties} of all categories that come with the portal."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: row["properties"].split() for row in csv.DictReader(file)}
