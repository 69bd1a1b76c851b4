"""The page on which a translation is written, which Wagtail Localize reads segment by segment."""

from functools import cache
from typing import Any

from django.db.models import QuerySet
from wagtail_localize.models import Translation, TranslationSource


class Shown:
    """What `thing` is and does, but for what a subclass says."""

    def __init__(self, thing: Any) -> None:
        self._thing = thing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._thing, name)


class ShownSource(Shown):
    """A source whose segments come with what the page writes of each."""

    _thing: TranslationSource

    def __init__(self, source: TranslationSource) -> None:
        super().__init__(source)
        # What is translated, which the page asks for, and its title once more.
        source.get_source_instance = cache(source.get_source_instance)

    @property
    def stringsegment_set(self) -> QuerySet:
        return self._thing.stringsegment_set.select_related("context", "string")

    @property
    def overridablesegment_set(self) -> QuerySet:
        return self._thing.overridablesegment_set.select_related("context")

    @property
    def relatedobjectsegment_set(self) -> QuerySet:
        return self._thing.relatedobjectsegment_set.select_related("context", "object")


class ShownTranslation(Shown):
    """A translation that is only looked at."""

    def __init__(self, translation: Translation) -> None:
        super().__init__(translation)
        self.source = ShownSource(translation.source)
