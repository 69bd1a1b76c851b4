"""Checks of Swedish numbers."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import luhn


def validate_org_number(value):
    """Accept a Swedish organisation number, ten digits with a Luhn check digit.

    The third digit of a legal person's number is at least 2 (Skatteverket, SKV 709).
    """
    digits = value.replace("-", "").replace(" ", "")
    if not re.fullmatch(r"\d{10}", digits):
        raise ValidationError(_("An organisation number has ten digits, such as 556012-5790."))
    if digits[2] < "2" or not luhn.is_valid(digits):
        raise ValidationError(
            _("That is not a valid organisation number. Check that all digits are right.")
        )


def tidy_org_number(text):
    """The number as it is kept, 556012-5790, however it was written; other texts as they are.

    Twelve digits are the ten with the century before them, always 16 for a legal person.
    """
    digits = re.sub(r"[\s-]", "", text)
    if len(digits) == 12:
        digits = digits.removeprefix("16")
    return f"{digits[:6]}-{digits[6:]}" if re.fullmatch(r"\d{10}", digits) else text.strip()


def validate_school_unit_code(value):
    """Accept a school unit code, eight digits (Skolverket's register)."""
    if not re.fullmatch(r"\d{8}", value):
        raise ValidationError(_("A school unit code has eight digits."))
