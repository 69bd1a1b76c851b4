"""Checks of Swedish numbers."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import luhn

# Hyphens and dashes of every kind, spaces, and what word processors leave between figures.
BETWEEN = re.compile("[\\s\u00ad\u200b-\u200d\u2010-\u2015\u2212\ufe58\ufe63\uff0d\ufeff-]")


def figures_of(text: str) -> str:
    """Return `text` without what people write between figures."""
    return BETWEEN.sub("", text)


def is_personal_number(text: str) -> bool:
    """Whether `text` has the form of a personal identity or coordination number.

    Its third and fourth figures are a month; those of a legal person are at least 20.
    """
    digits = figures_of(text).replace("+", "")
    if len(digits) == 12 and digits[:2] in ("18", "19", "20"):
        digits = digits[2:]
    return bool(re.fullmatch(r"\d{2}(0[1-9]|1[0-2])\d{6}", digits)) and luhn.is_valid(digits)


def validate_org_number(value: str) -> None:
    """Accept a Swedish organisation number, ten digits with a Luhn check digit.

    The third digit of a legal person's number is at least 2 (Skatteverket, SKV 709).
    """
    if is_personal_number(value):
        raise ValidationError(
            _(
                "That is a personal identity number, which the portal never keeps. "
                "Leave the number empty and tick “Sole trader”."
            ),
            code="personal",
        )
    digits = figures_of(value)
    if not re.fullmatch(r"\d{10}", digits):
        raise ValidationError(_("An organisation number has ten digits, such as 556012-5790."))
    if digits[2] < "2" or not luhn.is_valid(digits):
        raise ValidationError(
            _("That is not a valid organisation number. Check that all digits are right.")
        )


def tidy_org_number(text: str) -> str:
    """Return the number as it is kept, 556012-5790, however it was written; else `text` itself.

    Twelve digits are the ten with the century before them, always 16 for a legal person. A VAT
    number is SE, the ten digits and 01.
    """
    digits = figures_of(text).upper()
    if vat := re.fullmatch(r"SE(\d{10})\d{2}", digits):
        digits = vat[1]
    if len(digits) == 12:
        digits = digits.removeprefix("16")
    return f"{digits[:6]}-{digits[6:]}" if re.fullmatch(r"\d{10}", digits) else text.strip()


def tidy_school_unit_code(text: str) -> str:
    """Return a school unit code as eight digits, written with or without spaces."""
    digits = figures_of(text)
    return digits if re.fullmatch(r"\d{8}", digits) else text.strip()


def tidy_postcode(text: str) -> str:
    """Return a postcode as 252 21, also when it was written SE-252 21, S-25221 or 252-21."""
    digits = re.sub(r"^(SE|S)(?=\d)", "", figures_of(text).upper())
    return f"{digits[:3]} {digits[3:]}" if re.fullmatch(r"\d{5}", digits) else text.strip()


def validate_postcode(value: str) -> None:
    """Accept a Swedish postcode, five digits of which the first is at least 1."""
    if not re.fullmatch(r"[1-9]\d{2} \d{2}", value):
        raise ValidationError(_("A postcode has five digits, such as 252 21."))


def validate_school_unit_code(value: str) -> None:
    """Accept a school unit code, eight digits (Skolverket's register)."""
    if not re.fullmatch(r"\d{8}", value):
        raise ValidationError(_("A school unit code has eight digits."))
