"""What children, groups and teachers are called at an organisation: `{{ school|the_group }}`."""

from django import template

from marketplace.organisations.words import words_for

register = template.Library()


@register.filter
def the_children(organisation):
    return words_for(organisation).children


@register.filter
def the_group(organisation):
    return words_for(organisation).group


@register.filter
def the_teacher(organisation):
    return words_for(organisation).teacher
