"""How big material is, and what one needs to take it away: the one place that decides it."""

import csv
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.materials.units import Unit
from portal.foundation.text_types import StrOrPromise

FILE = Path(__file__).resolve().parent / "reference_data" / "carry_classes.csv"


class CarryClass(models.TextChoices):
    """What one unit of a material needs to be carried. The giver taps it."""

    HAND = "hand", _("Fits in a hand")
    BAG = "bag", _("Fits in a bag")
    BOX = "box", _("Fits in a box")
    PALLET = "pallet", _("Needs a pallet")
    UNWIELDY = "unwieldy", _("Long or unwieldy")


class CarriedBy(models.TextChoices):
    """The least that one has to come with."""

    BICYCLE = "bicycle", _("Fits a bicycle")
    CAR = "car", _("Needs a car")
    VAN = "van", _("Needs a van")


# Litres that one unit takes up: a hand's worth, a carrier bag, a banana box, a pallet with a frame,
# a table or a stack of boards. Rules of thumb, which plans and words both go by.
LITRES: dict[str, Decimal] = {
    CarryClass.HAND: Decimal("0.5"),
    CarryClass.BAG: Decimal(25),
    CarryClass.BOX: Decimal(50),
    CarryClass.PALLET: Decimal(1000),
    CarryClass.UNWIELDY: Decimal(400),
}
# What is not counted one by one comes packed: so many kilograms in each.
KG_PER_PACKAGE: dict[str, Decimal] = {
    CarryClass.HAND: Decimal("0.5"),
    CarryClass.BAG: Decimal(8),
    CarryClass.BOX: Decimal(15),
    CarryClass.PALLET: Decimal(500),
    CarryClass.UNWIELDY: Decimal(40),
}
# The units of which one is a thing, whatever it weighs.
COUNTED = {Unit.PIECE, Unit.PALLET, Unit.BOX, Unit.SACK, Unit.ROLL, Unit.SET, Unit.PAIR}


@dataclass(frozen=True)
class Limit:
    kg: Decimal
    litres: Decimal
    classes: tuple[str, ...]


EASY = (CarryClass.HAND, CarryClass.BAG, CarryClass.BOX)
LIMITS = {
    CarriedBy.BICYCLE: Limit(Decimal(15), Decimal(50), EASY),
    CarriedBy.CAR: Limit(Decimal(200), Decimal(400), EASY),
}


@dataclass(frozen=True)
class Load:
    """A quantity of material as something to carry: its mass in kg and its volume in litres."""

    carry_class: str
    kg: Decimal
    litres: Decimal

    @property
    def carried_by(self) -> CarriedBy:
        """The least that takes it: a bicycle, a car or a van."""
        for carried_by, limit in LIMITS.items():
            if (
                self.carry_class in limit.classes
                and self.kg <= limit.kg
                and self.litres <= limit.litres
            ):
                return carried_by
        return CarriedBy.VAN


def load(*, carry_class: str, quantity: Decimal, unit: str, kg_per_unit: Decimal) -> Load:
    """What `quantity` of a material weighs (kg) and takes up (litres).

    Things that are counted take up what their class says, each. Everything else (kilograms, metres,
    sheets) comes in packages of that class, as many as the kilograms fill; litres are litres.
    """
    kg = quantity * kg_per_unit
    if unit == Unit.LITRE:
        litres = quantity
    elif unit == Unit.CUBIC_METRE:
        litres = quantity * 1000
    elif unit in COUNTED:
        litres = quantity * LITRES[carry_class]
    else:
        packages = kg / KG_PER_PACKAGE[carry_class]
        litres = packages.to_integral_value(ROUND_CEILING) * LITRES[carry_class]
    return Load(carry_class, kg, litres)


def most_by(
    carried_by: str, *, carry_class: str, quantity: Decimal, unit: str, kg_per_unit: Decimal
) -> Decimal:
    """How much of `quantity`, in whole units, a bicycle or a car takes at once; 0 for nothing."""
    order = list(CarriedBy)

    def fits(amount: Decimal) -> bool:
        asked = load(carry_class=carry_class, quantity=amount, unit=unit, kg_per_unit=kg_per_unit)
        return order.index(asked.carried_by) <= order.index(CarriedBy(carried_by))

    if fits(quantity):
        return quantity
    fitting, too_much = 0, int(quantity.to_integral_value(ROUND_FLOOR)) + 1
    while too_much - fitting > 1:
        middle = (fitting + too_much) // 2
        if fits(Decimal(middle)):
            fitting = middle
        else:
            too_much = middle
    return Decimal(fitting)


@dataclass(frozen=True)
class Carrying:
    """What it takes to fetch a listing: all that is left of it, and the least that one may take."""

    whole: CarriedBy
    part: CarriedBy

    @property
    def words(self) -> StrOrPromise:
        """In a few words, for a card."""
        if self.whole == self.part:
            return self.whole.label
        if self.part == CarriedBy.BICYCLE:
            return _("A part fits a bicycle")
        return _("A part fits a car")


def least(*, splittable: bool, smallest_part: Decimal | None, left: Decimal, unit: str) -> Decimal:
    """The least that somebody may take of what is left: the smallest part, or else one."""
    if not splittable:
        return left
    wanted = smallest_part or (Decimal(1000) if unit == Unit.GRAM else Decimal(1))
    return min(wanted, left)


def reference() -> dict[str, str]:
    """{slug: carry class} of the categories of the portal; others have their parent's."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: row["carry_class"] for row in csv.DictReader(file)}
