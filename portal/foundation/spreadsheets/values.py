"""What a cell holds, and why some cells hold nothing that can be used."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite

from django.utils.translation import gettext as _

from portal.foundation.text import tidy

# Excel keeps 15 significant digits; what a computation adds beyond them was never shown.
SIGNIFICANT_DIGITS = 15
# C1 controls, the replacement character, and UTF-8 that was once read as Windows letters.
GARBLED = re.compile("[\u0080-\u009f\ufffd]|Ã[¤¥¶„…–©]|â€")


@dataclass(frozen=True)
class BadCell:
    """A cell without a usable value: a formula, an error, or garbled or too long text.

    `shown` is what it looks like on the screen.
    """

    reason: str
    shown: str = ""

    def __str__(self) -> str:
        return self.shown

    @property
    def message(self) -> str:
        match self.reason:
            case "formula":
                return _("the formula has no result; open the file, save it and send it again")
            case "error":
                return _("the cell shows the error %(error)s") % {"error": self.shown}
            case "garbled":
                return _("the letters are garbled; save the file as XLSX and send it again")
            case _:
                return _("the text is longer than a spreadsheet can show")


# A text is "" when the cell is empty. Numbers and booleans were typed as such: in them, no comma
# or point has been guessed. Days and times are ISO 8601 texts.
Value = str | int | float | bool | BadCell


def text_value(text: str, *, longest: int) -> str | BadCell:
    """Return what a text cell says."""
    if len(text) > longest:
        return BadCell("long", text[:40])
    if GARBLED.search(text):
        return BadCell("garbled", text[:40])
    return tidy(text)


def number_value(text: str) -> int | float | BadCell:
    """Return the number that the raw value of a cell shows: 6.300000000000001 is 6.3."""
    try:
        number = float(text)
    except ValueError:
        return BadCell("error", text[:40])
    if not isfinite(number):
        return BadCell("error", text[:40])
    number = float(f"{number:.{SIGNIFICANT_DIGITS}g}")
    return int(number) if number.is_integer() and abs(number) < 10**SIGNIFICANT_DIGITS else number


def moment_value(moment: datetime | date | time) -> str:
    """Return a day as 2027-05-31, a time as 14:30, both as 2027-05-31 14:30."""
    if isinstance(moment, time):
        return f"{moment:%H:%M}"
    if isinstance(moment, datetime) and (moment.hour or moment.minute):
        return f"{moment:%Y-%m-%d %H:%M}"
    return f"{moment:%Y-%m-%d}"


def as_text(value: Value) -> str:
    """Return what a cell shows to somebody who reads Swedish."""
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case int():
            return str(value)
        case float():
            return f"{Decimal(repr(value)):f}".replace(".", ",")
        case _:
            return str(value)
