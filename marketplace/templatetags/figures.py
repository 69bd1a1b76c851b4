"""Key figures as people read them: `{{ value|figure:"mass_kg" }}`."""

from django import template

from marketplace.impact.figures.formatting import figure, figure_number, part_of_goal

register = template.Library()
register.filter("figure", figure)
register.filter("figure_number", figure_number)
register.filter("part_of_goal", part_of_goal)
