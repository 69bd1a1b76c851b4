"""Quantities as people say them: `{{ stock.left|quantity:stock.unit }}`, `{{ mass|kilograms }}`."""

from decimal import Decimal

from django import template

from marketplace.models import Unit, format_quantity

register = template.Library()


@register.filter
def quantity(value, unit):
    """A number (also as text, as in a notification) with its unit: "3 boxes". Empty for None."""
    return "" if value in (None, "") else format_quantity(Decimal(value), unit)


@register.filter
def kilograms(value):
    """A mass in kg, without needless decimals: "2,5 kg". Empty for None."""
    return quantity(value, Unit.KILOGRAM)
