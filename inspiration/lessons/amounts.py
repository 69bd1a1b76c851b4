"""How much of a material a lesson idea needs, and what an old sentence about it probably means."""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.materials.units import Unit, format_quantity

# What nobody brings a part of.
WHOLE = {Unit.PIECE, Unit.SHEET, Unit.SET, Unit.PAIR, Unit.ROLL, Unit.BOX, Unit.SACK, Unit.PALLET}


# How many children are in a group where nobody has said how many groups there are.
USUAL_GROUP = 6
# More children than any school has at once.
MOST = 500


class Per(models.TextChoices):
    CHILD = "child", gettext_lazy("per child")
    GROUP = "group", gettext_lazy("per group")
    ALL = "all", gettext_lazy("in all")


class Necessity(models.TextChoices):
    MUST = "must", pgettext_lazy("material of a lesson idea", "Required")
    NICE = "nice", pgettext_lazy("material of a lesson idea", "Nice to have")


@dataclass(frozen=True)
class Amount:
    """So much of a material, for each child, for each group, or in all."""

    quantity: Decimal
    unit: str
    per: str

    def needed(self, *, children: int, groups: int) -> Decimal:
        """How much it is for so many; never a part of what comes whole."""
        times = {Per.CHILD: children, Per.GROUP: groups, Per.ALL: 1}[Per(self.per)]
        total = self.quantity * times
        return total.to_integral_value(ROUND_CEILING) if self.unit in WHOLE else total

    def enough_for(self, there_is: Decimal) -> Decimal:
        """How many children, groups or times `there_is` is enough for, in whole numbers."""
        return there_is // self.quantity

    def __str__(self) -> str:
        quantity = format_quantity(self.quantity, self.unit)
        if self.per == Per.ALL:
            return quantity
        return _("%(quantity)s %(per)s") % {"quantity": quantity, "per": Per(self.per).label}


@dataclass(frozen=True)
class Group:
    """Who is to do a lesson idea: so many children, in so many groups."""

    children: int
    groups: int

    @classmethod
    def asked_about(cls, params) -> "Group | None":
        """The group that an address asks about, or None when it asks about none or nonsense."""
        numbers = [params.get("barn", ""), params.get("grupper", "") or "1"]
        if not all(number.isdecimal() and 0 < int(number[:5]) <= MOST for number in numbers):
            return None
        children, groups = (int(number[:5]) for number in numbers)
        return cls.of(children, groups if params.get("grupper") else None)

    @classmethod
    def of(cls, children: int, groups: int | None = None) -> "Group":
        """So many children, in so many groups, or as many as there usually are of so many."""
        return cls(children, groups or -(-children // USUAL_GROUP))

    @property
    def address(self) -> str:
        """The part of an address that asks about it."""
        return f"barn={self.children}&grupper={self.groups}"


# --- Old sentences -------------------------------------------------------------------------------

NUMBERS = {
    "en": "1",
    "ett": "1",
    "one": "1",
    "a": "1",
    "halv": "0.5",
    "half": "0.5",
    "två": "2",
    "two": "2",
    "ett par": "2",
    "a couple of": "2",
    "tre": "3",
    "three": "3",
    "fyra": "4",
    "four": "4",
    "fem": "5",
    "five": "5",
    "tio": "10",
    "ten": "10",
}
UNITS = {
    Unit.KILOGRAM: ("kg", "kilo", "kilos", "kilogram", "kilograms"),
    Unit.GRAM: ("g", "gram", "grams"),
    Unit.LITRE: ("l", "liter", "litre", "litres"),
    Unit.SQUARE_METRE: ("m2", "m²", "kvm", "kvadratmeter", "square metre", "square metres"),
    Unit.METRE: ("m", "meter", "metre", "metres"),
    Unit.SHEET: ("ark", "blad", "sheet", "sheets"),
    Unit.ROLL: ("rulle", "rullar", "roll", "rolls"),
    Unit.SACK: ("säck", "säckar", "sack", "sacks"),
    Unit.PAIR: ("par", "pair", "pairs"),
}
PER = {
    Per.CHILD: r"\bvar\b|\bvarsin|\beach\b|\bper (barn|elev|person|child|pupil|\w+)",
    Per.GROUP: r"\bper (grupp|par|lag|group|pair|team)\b",
}
NUMBER = re.compile(
    r"(?P<low>\d+(?:[.,]\d+)?)(?:\s*[–-]\s*(?P<high>\d+(?:[.,]\d+)?))?"
    rf"|\b(?P<word>{'|'.join(sorted(map(re.escape, NUMBERS), key=len, reverse=True))})\b"
)
UNIT = re.compile(
    r"^\W*(?:\w+\s+)?(?P<unit>{})\b".format(
        "|".join(
            sorted((re.escape(each) for all_ in UNITS.values() for each in all_), key=len)[::-1]
        )
    )
)


def suggested(text: str) -> Amount | None:
    """What "15–20 hylsor" or "en bit per barn" probably means, or None where nobody can tell.

    Of "15–20" it is the larger, so that it is enough.
    """
    text = text.casefold()
    found = NUMBER.search(text)
    if found is None:
        return None
    number = found["high"] or found["low"] or NUMBERS[found["word"]]
    quantity = Decimal(number.replace(",", "."))
    rest = text[found.end() :]
    if found["word"] in ("en", "ett", "a", "one") and (
        half := re.match(r"\s*(halv|half)\w*", rest)
    ):
        quantity, rest = Decimal("0.5"), rest[half.end() :]
    if quantity <= 0 or quantity >= Decimal(1_000_000):
        return None
    named = UNIT.match(rest)
    unit = next(
        (unit for unit, names in UNITS.items() if named and named["unit"] in names), Unit.PIECE
    )
    per = Per.ALL
    if re.search(PER[Per.GROUP], text):
        per = Per.GROUP
    elif re.search(PER[Per.CHILD], text):
        per = Per.CHILD
    return Amount(quantity, unit, per)
