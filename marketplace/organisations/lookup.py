"""Find an organisation by what people type."""

from functools import reduce
from operator import or_

from django.db.models import Q

from marketplace.organisations.models import Organisation
from marketplace.organisations.validators import tidy_org_number, tidy_school_unit_code
from portal.foundation.text_cleaning.cleaning import clean_text

# How much has to be written to suggest what was meant, how much of it is read, and how many are
# suggested.
SHORTEST, LONGEST, MOST_WORDS, MOST_ALIKE = 2, 120, 8, 8


def find_organisation(text, *, municipality=None):
    """The organisation that takes part, or waits to, with this name or number; or None.

    Where several municipalities have one of that name, `municipality` says which, or the text
    itself, as `Organisation.full_name` writes it.
    """
    text = clean_text(text).strip()
    found = Organisation.objects.exclude(approval=Organisation.Approval.REJECTED)
    named = found.filter(is_called(text)).order_by("approval", "pk")
    if municipality:
        named = named.filter(municipality=municipality)
    if len({each.municipality_id for each in named}) == 1:
        return named[0]
    name, _comma, place = text.rpartition(",")
    return (
        found.filter(is_called(name.strip()), municipality__name__iexact=place.strip())
        .order_by("approval", "pk")
        .first()
        or found.filter(school_unit_code=tidy_school_unit_code(text))
        .exclude(school_unit_code="")
        .first()
        or found.filter(org_number=tidy_org_number(text)).exclude(org_number="").first()
    )


def is_called(name: str) -> Q:
    """A condition: the name is `name`, in whatever letters."""
    # SQLite knows nothing of capital letters beyond ASCII.
    first = [
        Q(name__iexact=name[:1].upper() + name[1:]),
        Q(name__iexact=name[:1].lower() + name[1:]),
    ]
    return Q(name__iexact=name) | first[0] | first[1]


def alike(text):
    """Some approved organisations that `text` may mean: by words of the name, or the number."""
    text = clean_text(text).strip()[:LONGEST]
    found = Organisation.objects.approved().select_related("municipality")
    if len(text) < SHORTEST:
        return found.none()
    named = Q()
    for word in text.replace(",", " ").split()[:MOST_WORDS]:
        forms = {word, word.lower(), word.capitalize()}
        place = [Q(municipality__name__icontains=form) for form in forms]
        named &= reduce(or_, [Q(name__icontains=form) for form in forms] + place)
    # Nobody means all of a municipality by its name alone.
    named &= ~Q(municipality__name__iexact=text) | Q(name__icontains=text)
    same = named | Q(org_number__startswith=text)
    return found.filter(same | Q(school_unit_code=tidy_school_unit_code(text)))[:MOST_ALIKE]


def holder_of(number):
    """The organisation that has an organisation number today, approved or not; or None."""
    found = Organisation.objects.select_related("merged_into").filter(org_number=number)
    holder = found.exclude(org_number="").first()
    return holder and (holder.merged_into or holder)
