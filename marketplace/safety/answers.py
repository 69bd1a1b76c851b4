"""The five questions about left-over material, and what can be answered.

Within a question the answers go from the most harmless to the worst; "don't know" stands last and
is never better than asking.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

PRESETS = Path(__file__).resolve().parent / "category_answers.csv"
UNKNOWN = "unknown"


class MadeFor(models.TextChoices):
    CHILDREN = "children", _("Children, play or nature")
    EVERYDAY = "everyday", _("Home, clothes, office or packaging")
    BUILDING = "building", _("Building, flooring, furniture or interiors")
    INDUSTRY = "industry", _("Machines, vehicles, the outdoors or farming")
    ELECTRONICS = "electronics", _("Electronics or cables")
    UNKNOWN = UNKNOWN, _("Don't know")


class Treatment(models.TextChoices):
    NONE = "none", _("None of that")
    OILED = "oiled", _("Oiled or waxed")
    PAINTED = "painted", _("Painted or varnished")
    PVC = "pvc", _("Made of PVC")
    FLAME_RETARDANT = "flame_retardant", _("Flame-retarded or preserved")
    UNKNOWN = UNKNOWN, _("Don't know")


class DustOrSmell(models.TextChoices):
    NONE = "none", _("No")
    DUST = "dust", _("It is dusty")
    SMELL = "smell", _("It smells strongly")
    UNKNOWN = UNKNOWN, _("Don't know")


class LooseParts(models.TextChoices):
    NONE = "none", _("No")
    MAY_COME_OFF = "may_come_off", _("Yes, parts may come off")
    SMALL = "small", _("Yes, these are small parts")
    UNKNOWN = UNKNOWN, _("Don't know")


class HeatOrFood(models.TextChoices):
    MADE_FOR_IT = "made_for_it", _("Yes, it was made for that")
    NOT_MADE_FOR_IT = "not_made_for_it", _("No")
    UNKNOWN = UNKNOWN, _("Don't know")


class Ruling(models.TextChoices):
    """What an editor has settled for preschools, where the answers alone say "ask"."""

    CARE = "care", _("Fits preschools, with care")
    NOT = "not", _("Not for preschools")


# Name of the field: its question and answers, in the order in which they are asked.
QUESTIONS = {
    "made_for": (_("What was it made for?"), MadeFor),
    "treatment": (_("Is it painted, oiled, flame-retarded or PVC?"), Treatment),
    "dust_or_smell": (_("Is it dusty, or does it smell?"), DustOrSmell),
    "loose_parts": (_("Can parts smaller than a toilet roll come off?"), LooseParts),
    "heat_or_food": (_("Does it take heat or food?"), HeatOrFood),
}


class Answers(NamedTuple):
    """Everything that decides for whom a listing is safe.

    `stated_age` is the giver's own lower limit in years or None; `ruling` an editor's; `recalled`
    says that nobody is to use it any longer.
    """

    made_for: str = UNKNOWN
    treatment: str = UNKNOWN
    dust_or_smell: str = UNKNOWN
    loose_parts: str = UNKNOWN
    heat_or_food: str = UNKNOWN
    sharp_edges: bool = False
    stated_age: int | None = None
    ruling: str = ""

    @property
    def has_unknown(self) -> bool:
        return UNKNOWN in self[: len(QUESTIONS)]

    @classmethod
    def of(cls, thing: Any) -> "Answers":
        """The answers of a listing, or of anything else with the same fields."""
        return cls(
            **{name: getattr(thing, name) for name in QUESTIONS},
            sharp_edges=thing.sharp_edges,
            stated_age=thing.suitable_from_age,
            ruling=thing.preschool_ruling,
        )


@cache
def presets() -> dict[str, dict[str, str]]:
    """{slug of a category: {question: what its kind of material answers by itself}}."""
    with PRESETS.open(encoding="utf-8", newline="") as file:
        return {row.pop("slug"): row for row in csv.DictReader(file)}


def presets_for(category: Any) -> dict[str, str]:
    """What the category of a listing answers by itself; the nearest one above that is known."""
    while category is not None:
        if known := presets().get(category.slug):
            return known
        category = category.parent
    return {}
