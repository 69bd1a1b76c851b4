"""The glossary names classes that exist: a class that gets another name gets it there, too."""

import re

from django.apps import apps
from django.conf import settings

from inspiration.lessons.amounts import Per
from marketplace.impact.figures.climate import Climate
from marketplace.impact.figures.figure import Figure
from marketplace.materials.carrying import CarriedBy, CarryClass
from marketplace.safety.rules import Verdict
from marketplace.translations.source import Source
from search.engines.base import SearchQuery

CODE = re.compile(r"`([A-Z][a-z]\w+)(?:\.(\w+))?")
GLOSSARY = (settings.BASE_DIR / "docs/glossary.md").read_text()


def classes():
    """{name: class} of every model, abstract ones that models stand on, and what search asks."""
    found = {}
    for model in apps.get_models():
        for each in model.__mro__:
            found.setdefault(each.__name__, each)
    others = (CarriedBy, CarryClass, Climate, Figure, Per, SearchQuery, Source, Verdict)
    return found | {each.__name__: each for each in others}


def test_every_class_and_attribute_in_the_glossary_exists():
    known = classes()
    named = CODE.findall(GLOSSARY)

    missing = [
        f"{name}.{attribute}" if attribute else name
        for name, attribute in named
        if name not in known or (attribute and not hasattr(known[name], attribute))
    ]

    assert len(named) > 40
    assert missing == []


def test_no_word_is_explained_twice():
    words = [row.split("|")[1].strip() for row in GLOSSARY.splitlines() if row.startswith("| ")]
    words = [word for word in words if word not in ("Swedish", "say")]

    assert len(words) == len(set(words))
