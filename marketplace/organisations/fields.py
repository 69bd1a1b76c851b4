"""Form fields for Swedish numbers, written as people write them."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.organisations.validators import (
    tidy_org_number,
    tidy_postcode,
    tidy_school_unit_code,
    validate_org_number,
    validate_postcode,
    validate_school_unit_code,
)


class OrgNumberField(forms.CharField):
    """A Swedish organisation number, written with or without dash, spaces and century.

    Cleans to 556012-5790, or "".
    """

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Organisation number"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        # A company has to give it.
        self.sometimes_required = True
        super().__init__(max_length=30, required=False, validators=[validate_org_number], **kwargs)

    def to_python(self, value):
        return tidy_org_number(super().to_python(value) or "")


class SchoolUnitCodeField(forms.CharField):
    """A school unit code, with or without spaces. Cleans to eight digits, or ""."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("School unit code"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        validators = [validate_school_unit_code]
        super().__init__(max_length=20, required=False, validators=validators, **kwargs)

    def to_python(self, value):
        return tidy_school_unit_code(super().to_python(value) or "")


class PostcodeField(forms.CharField):
    """A Swedish postcode, with or without country and space. Cleans to 252 21, or ""."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Postcode"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "postal-code"}))
        super().__init__(max_length=20, required=False, validators=[validate_postcode], **kwargs)

    def to_python(self, value):
        return tidy_postcode(super().to_python(value) or "")


def organisation_search_attrs(autocomplete: str = "off") -> dict:
    """The attributes of an input that suggests organisations below itself while one types."""
    return {
        "autocomplete": autocomplete,
        "data-hx-get": reverse_lazy("marketplace:find_organisation"),
        "data-hx-trigger": "input changed delay:250ms",
        "data-hx-target": "#organisations",
    }
