"""The predicates of `marketplace.permissions` by the same names: `{% can_offer user as ok %}`.

`{{ organisation|shown_to:user }}` is its name, or only where it is.
"""

from django import template

from marketplace.permissions import PREDICATES
from marketplace.scoping import shown_name

register = template.Library()
for predicate in PREDICATES:
    register.simple_tag(predicate)
register.filter("shown_to", shown_name)
