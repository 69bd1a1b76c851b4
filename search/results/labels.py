"""What facets and their values are called in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _

from inspiration.lessons.curriculum import AgeGroup, Subject
from marketplace.listings.models import MaterialListing
from marketplace.materials.units import Unit
from marketplace.organisations.models import Organisation
from search.engines.base import AGES, SWITCHES, SearchQuery
from search.index.models import SearchEntry
from search.query.places import areas
from search.results.reference import categories, municipalities


class Labels:
    """What the values of all facets are called in the reader's language."""

    def __init__(self) -> None:
        self.municipalities = municipalities()
        self.categories, self.parents = categories()
        self.by_facet: dict[str, dict[str, Any]] = {
            "typ": dict(SearchEntry.Type.choices),
            "kategori": self.categories,
            "kommun": {slug: each.name for slug, each in self.municipalities.items()},
            "ort": {area.slug: area.name for area in areas().values()},
            "skick": dict(MaterialListing.Condition.choices),
            "alder": dict(AgeGroup.choices),
            "amne": dict(Subject.choices),
            "givare": dict(Organisation.Type.choices),
            "enhet": dict(Unit.choices),
            "nu": {"1": _("Can be collected now")},
            "leverans": {"1": _("Can be delivered")},
            "utanbil": {"1": _("I am coming without a car")},
            "fran": {age: age_label(age) for age in AGES},
        }

    def label(self, facet: str, value: str) -> str:
        return str(self.by_facet[facet].get(value, value))

    def above(self, slug: str) -> list[str]:
        """The categories above one, the nearest first."""
        found = []
        while parent := self.parents.get(slug):
            found.append(parent)
            slug = parent
        return found


def age_label(age: str) -> str:
    return _("Children from %(age)s years") % {"age": age}


def describe(query: SearchQuery, labels: Labels) -> str:
    """The question in a few words, as the name of a saved search."""
    words = [query.text] if query.text else []
    words += [
        labels.label(name, value)
        for name in ("kategori", "kommun", "ort", "typ", "skick", "alder", "amne", "givare")
        for value in query.filters.get(name, [])
    ]
    words += [
        labels.label(name, query.filters[name][0]) for name in query.filters if name in SWITCHES
    ]
    return ", ".join(words)[:80] or _("Everything new")
