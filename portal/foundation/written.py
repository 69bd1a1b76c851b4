"""Numbers, days and times as people write them in Sweden.

Each function returns one meaning, or raises: a value that may mean two things is asked about
instead of being guessed.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from portal.foundation.spreadsheets.values import SIGNIFICANT_DIGITS
from portal.foundation.text import one_line

THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})+")
PERHAPS_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
BOTH_SIGNS = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:,\d{3})+\.\d+")
NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?")
CLOCK = re.compile(r"(?:kl\.?\s*)?(\d{1,2})(?:[.:](\d{2}))?(?:[.:](\d{2}))?", re.IGNORECASE)
NUMERIC_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%Y/%m/%d", "%d.%m.%Y", "%Y.%m.%d")
MONTHS = {
    name: number
    for names in (
        "januari februari mars april maj juni juli augusti september oktober november december",
        "january february march april may june july august september october november december",
        "jan feb mar apr maj jun jul aug sep okt nov dec",
        "jan feb mar apr may jun jul aug sept oct nov dec",
    )
    for number, name in enumerate(names.split(), start=1)
}


class NotUnderstood(ValueError):
    """The text is no number, day or time."""


class TwoMeanings(NotUnderstood):
    """The text may be read in two ways; `readings` are both, as they would be written clearly."""

    def __init__(self, text: str, readings: tuple[str, str]) -> None:
        super().__init__(text)
        self.readings = readings


def parse_decimal(value: str | float | Decimal) -> Decimal:
    """Return the number that `value` says: 1,5 and 1.5 are the same, spaces group thousands.

    "1.200" raises `TwoMeanings`: 1200 with a European point, or 1,2. A number that was typed as
    such (not a text) has one meaning. Raises `NotUnderstood`.
    """
    if not isinstance(value, str):
        return (
            Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}")
            if isinstance(value, float)
            else Decimal(value)
        )
    text = re.sub(r"[\s']", "", one_line(value)).replace("\u2212", "-")
    if PERHAPS_THOUSANDS.fullmatch(text):
        fraction = text.replace(".", ",").rstrip("0").rstrip(",")
        raise TwoMeanings(value, (text.replace(".", ""), fraction))
    if THOUSANDS.fullmatch(text):
        text = text.replace(".", "").replace(",", "")
    elif BOTH_SIGNS.fullmatch(text):
        # The sign that comes last divides the decimals.
        grouping = "." if text.rfind(",") > text.rfind(".") else ","
        text = text.replace(grouping, "")
    if not NUMBER.fullmatch(text):
        raise NotUnderstood(value)
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise NotUnderstood(value) from error


def parse_day(value: str | int) -> date:
    """Return the day that `value` says: 2027-05-31, 31/5/2027, 31 maj 2027, 20270531 or 270531.

    Six figures are year, month and day, as in Swedish papers. Raises `NotUnderstood`.
    """
    text = one_line(str(value)).casefold().rstrip(".")
    text = re.sub(r" 00:00(:00)?$", "", text)
    if re.fullmatch(r"\d{6}", text):
        text = f"20{text}"
    # strptime would take 2705-3-1 out of 270531.
    if re.fullmatch(r"\d{8}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}", text):
        for form in NUMERIC_DAYS:
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
            except ValueError:
                continue
    if match := re.fullmatch(r"(?:den )?(\d{1,2})[. ]+([a-zåäö]+)\.? (\d{4})", text):
        day, month, year = int(match[1]), MONTHS.get(match[2], 0), int(match[3])
        try:
            return date(year, month, day)
        except ValueError as error:
            raise NotUnderstood(value) from error
    raise NotUnderstood(value)


def parse_time(value: str) -> time:
    """Return the time of day that `value` says: 14.30, 14:30, kl. 14.30 or 14.

    Raises `NotUnderstood`.
    """
    match = CLOCK.fullmatch(one_line(value))
    if not match:
        raise NotUnderstood(value)
    try:
        return time(int(match[1]), int(match[2] or 0))
    except ValueError as error:
        raise NotUnderstood(value) from error


def parse_moment(value: str) -> datetime:
    """Return the day and time that `value` says, without a zone: 2027-05-21 14.30.

    A day alone is not a moment. Raises `NotUnderstood`.
    """
    text = one_line(value).replace("T", " ")
    match = re.fullmatch(r"(.+?),? +((?:kl\.? *)?\d{1,2}(?:[.:]\d{2}){0,2})", text)
    if not match or re.fullmatch(r"\d{4}", match[2]):
        raise NotUnderstood(value)
    return datetime.combine(parse_day(match[1]), parse_time(match[2]))


def parse_yes_no(value: str | bool) -> bool:
    """Return what a yes-or-no cell says, in Swedish, English or as Excel writes it.

    Raises `NotUnderstood`.
    """
    if isinstance(value, bool):
        return value
    text = one_line(str(value)).casefold().rstrip(".")
    if text in ("ja", "j", "yes", "y", "sant", "true", "x", "1"):
        return True
    if text in ("nej", "n", "no", "falskt", "false", "0"):
        return False
    raise NotUnderstood(value)
