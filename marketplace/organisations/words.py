"""What people are called where they work: a preschool has no classes and no pupils."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.organisations.models import Organisation


class Words(NamedTuple):
    """Nouns in the definite form, to be put into a sentence."""

    children: Promise
    group: Promise
    teacher: Promise


Type = Organisation.Type
MIXED = Words(
    children=_("the children and pupils"),
    group=pgettext_lazy("of children or pupils", "the group"),
    teacher=_("an adult"),
)
BY_TYPE: dict[str, Words] = {
    Type.PRESCHOOL: Words(
        children=_("the children"),
        group=pgettext_lazy("of a preschool", "the group"),
        teacher=pgettext_lazy("of a preschool", "the teacher"),
    ),
    Type.SCHOOL: Words(
        children=_("the pupils"),
        group=_("the class"),
        teacher=pgettext_lazy("of a school", "the teacher"),
    ),
}


def words_for(organisation: Organisation | None) -> Words:
    """The words that are used where `organisation` works; for readers of all kinds without it."""
    return BY_TYPE.get(organisation.type, MIXED) if organisation else MIXED
