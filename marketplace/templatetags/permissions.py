"""The predicates of `marketplace.permissions` by the same names: `{% can_offer user as ok %}`."""

from django import template

from marketplace.permissions import PREDICATES

register = template.Library()
for predicate in PREDICATES:
    register.simple_tag(predicate)
