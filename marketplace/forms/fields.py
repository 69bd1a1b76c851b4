"""Form fields that people fill in their own way."""

import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _


class QuantityField(forms.DecimalField):
    """An amount above zero, written as 1,5 or 1.5 or 1 200, in any language of the site.

    Cleans to a `Decimal` with at most `decimal_places` decimals.
    """

    default_error_messages = {
        "invalid": _("Write a number, such as 3 or 1,5."),
        "min_value": _("Write a number that is more than zero."),
        "max_value": _("That is more than the portal can count. Check the number."),
        "max_decimal_places": _("Write at most %(max)s decimals."),
    }

    def __init__(self, *, max_value=Decimal(1_000_000), decimal_places=3, **kwargs):
        # A text field with a number keyboard: type=number would refuse the comma in some browsers.
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(
            min_value=Decimal(1).scaleb(-decimal_places),
            max_value=max_value,
            decimal_places=decimal_places,
            **kwargs,
        )

    def to_python(self, value):
        if isinstance(value, str):
            # Spaces group thousands; a comma is a decimal sign, as Swedes write it.
            value = re.sub(r"\s", "", value).replace(",", ".")
            if value.count(".") > 1:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def prepare_value(self, value):
        if isinstance(value, Decimal):
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".").replace(".", ",") if "." in text else text
        return value
