"""Quantities as people say them: `{{ stock.left|quantity:stock.unit }}`, `{{ mass|kilograms }}`."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from marketplace.materials.units import Unit, format_quantity, two_digits

register = template.Library()


@register.filter
def quantity(value, unit):
    """A number (also as text, as in a notification) with its unit: "3 boxes". Empty for None."""
    return "" if value in (None, "") else format_quantity(Decimal(value), unit)


@register.filter
def kilograms(value):
    """A mass in kg, without needless decimals: "2,5 kg". Empty for None."""
    return quantity(value, Unit.KILOGRAM)


register.filter(two_digits)


@register.filter
def about_kilograms(value, weighed=False):
    """A mass in kg as well as it is known: "2,53 kg" when weighed, otherwise "about 2,5 kg"."""
    if value in (None, ""):
        return ""
    if weighed:
        return kilograms(value)
    return _("about %(mass)s") % {"mass": kilograms(two_digits(value))}
