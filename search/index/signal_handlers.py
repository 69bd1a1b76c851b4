"""Listens to what is published and what the exchange tells, and keeps search up to date."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete
from wagtail.models import ReferenceIndex
from wagtail.signals import page_published, page_unpublished, published, unpublished

from inspiration.lessons.collections import CollectionPage
from inspiration.lessons.models import LessonIdeaPage
from inspiration.lessons.tips.models import LessonTip
from marketplace.listings.models import MaterialListing
from marketplace.signals import listing_changed
from marketplace.translations.models import TranslatedText
from marketplace.wanted.models import WantedAd
from portal.foundation.jobs.backend import enqueue_once
from search.index.entries import PAGE_MODELS
from search.index.models import SearchEntry
from search.index.tasks import refresh_entry


def later(type: str, object_id: int) -> None:
    """Refresh it after this transaction."""
    enqueue_once(refresh_entry, str(type), object_id)


def on_listing_changed(listing_id: int, **kwargs: Any) -> None:
    later(SearchEntry.Type.MATERIAL, listing_id)


def on_snippet(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    types: dict[type[Model], str] = {
        MaterialListing: SearchEntry.Type.MATERIAL,
        WantedAd: SearchEntry.Type.WANTED,
    }
    # A thing is found by the words of its translations, too.
    found = instance.thing if isinstance(instance, TranslatedText) else instance
    if type_ := types.get(type(found)):
        later(type_, found.pk)


def on_tip(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """A tip is found by itself, and a lesson idea by what others tell of it."""
    if isinstance(instance, LessonTip):
        later(SearchEntry.Type.TIP, instance.pk)
        if instance.lesson_id:
            later(SearchEntry.Type.LESSON, instance.lesson_id)


def on_page(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    type = {name: each for each, name in PAGE_MODELS.items()}.get(sender.__name__)
    if type:
        later(type, instance.pk)
    if isinstance(instance, LessonIdeaPage):
        for pk in collections_with(instance):
            later(SearchEntry.Type.COLLECTION, pk)


def collections_with(lesson: LessonIdeaPage) -> list[int]:
    """The keys of the collections that show a lesson idea, in any language."""
    every = LessonIdeaPage.objects.filter(translation_key=lesson.translation_key)
    used_by = {
        reference.object_id
        for each in every
        for reference in ReferenceIndex.get_references_to(each)
    }
    return list(CollectionPage.objects.filter(pk__in=used_by).values_list("pk", flat=True))


def connect() -> None:
    listing_changed.connect(on_listing_changed, dispatch_uid="search")
    for signal in (published, unpublished):
        signal.connect(on_snippet, dispatch_uid="search")
        signal.connect(on_tip, dispatch_uid="search tips")
    post_delete.connect(on_tip, sender=LessonTip, dispatch_uid="search tips")
    for signal in (page_published, page_unpublished, post_delete):
        signal.connect(on_page, dispatch_uid="search pages")
