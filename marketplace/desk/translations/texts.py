"""Translated texts in the translators' list, and what nobody has started to translate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from marketplace.desk.translations.stages import Row, Stage, asked_for, is_waiting, latest_review
from marketplace.ideas.models import Idea
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.translations.models import TranslatedText
from marketplace.translations.source import InOtherLanguages, other_languages
from marketplace.wanted.models import WantedAd
from portal.foundation.text_types import StrOrPromise


@dataclass(frozen=True)
class TextType:
    """Something that organisations write. `published` are those that are worth translating."""

    field: str
    one: StrOrPromise
    several: StrOrPromise
    published: Callable[[], QuerySet]
    sender: str = "organisation"
    title: str = "title"
    order: tuple[str, ...] = ("-first_published_at", "-pk")

    def untranslated(self, language: str, words: str = "") -> QuerySet:
        """What is published and nobody has started to translate, the newest first."""
        started = TranslatedText.objects.filter(language_code=language)
        keys = started.exclude(**{self.field: None}).values(self.field)
        found = self.published().exclude(pk__in=keys)
        if words:
            found = found.filter(**{f"{self.title}__icontains": words})
        if self.sender:
            found = found.select_related(f"{self.sender}__municipality")
        return found.order_by(*self.order)

    def reviewed(self, pk: int) -> InOtherLanguages | None:
        return self.published().filter(pk=pk).first()


TEXT_TYPES = {
    each.field: each
    for each in (
        TextType("listing", _("Listing"), _("Listings"), MaterialListing.objects.available_to_some),
        TextType("wanted_ad", _("Wanted ad"), _("Wanted ads"), WantedAd.objects.open),
        TextType(
            "idea",
            _("Pupils' idea"),
            _("Pupils' ideas"),
            Idea.objects.published,
            sender="handover__receiver",
        ),
        TextType(
            "category",
            _("Category"),
            _("Categories"),
            MaterialCategory.objects.source,
            sender="",
            title="name",
            order=("name", "pk"),
        ),
    )
}


def type_of(text: TranslatedText) -> TextType:
    return next(each for each in TEXT_TYPES.values() if getattr(text, f"{each.field}_id"))


def text_rows() -> Iterator[Row]:
    """Every translated text whose original is published, as the list shows it, in few queries."""
    yield from nameless_categories()
    found = TranslatedText.objects.with_things().select_related("latest_revision")
    for text in found.prefetch_related("_workflow_states__current_task_state"):
        if not getattr(text.thing, "live", True):
            continue
        latest = text.draft
        stage, comment = stage_of(text, latest)
        yield Row(
            title=text.source.title,
            type=type_of(text).one,
            language=text.language_name,
            stage=stage,
            texts=2 if text.source.text else 1,
            missing=latest.missing,
            url=reverse(text.snippet_viewset.get_url_name("edit"), args=[text.pk]),
            send_url=reverse("send_text", args=[text.pk]),
            anchor=f"text-{text.pk}",
            comment=comment,
        )


def nameless_categories() -> Iterator[Row]:
    """Categories that have no name in a language: all of them are work, unlike listings."""
    for code in other_languages():
        named = MaterialCategory.objects.filter(locale__language_code=code)
        found = TEXT_TYPES["category"].untranslated(code)
        for category in found.exclude(translation_key__in=named.values("translation_key")):
            texts = 2 if category.weight_hint else 1
            yield Row(
                title=category.name,
                type=_("Category"),
                language=get_language_info(code)["name_translated"],
                stage=Stage.TO_DO,
                texts=texts,
                missing=texts,
                url=reverse("start_text", args=["category", category.pk]),
                send_url="",
                anchor=f"category-{category.pk}-{code}",
            )


def stage_of(text: TranslatedText, latest: TranslatedText) -> tuple[Stage, str]:
    """(stage, what an editor has asked to be changed). `latest` is the newest draft of `text`."""
    review = latest_review(text)
    comment = asked_for(review)
    if is_waiting(review):
        return Stage.WAITING, ""
    if latest.missing:
        return Stage.TO_DO, ""
    if not latest.fits:
        return Stage.OUTDATED, ""
    if comment is not None:
        return Stage.CHANGES, comment
    return (Stage.LIVE if text.live and not text.has_unpublished_changes else Stage.READY), ""
