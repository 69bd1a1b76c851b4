"""Key figures as people read them: `{{ value|figure:"mass_kg" }}`."""

from django import template

from marketplace.impact.figures.formatting import figure, figure_number

register = template.Library()
register.filter("figure", figure)
register.filter("figure_number", figure_number)
