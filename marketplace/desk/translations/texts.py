"""Translated texts in the translators' list, and what nobody has started to translate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Case, F, Q, QuerySet, Subquery, TextField, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from marketplace.desk.translations.stages import (
    IS_SENT_BACK,
    IS_WAITING,
    Row,
    Stage,
    first_of,
    latest_review,
)
from marketplace.ideas.models import Idea
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.translations.models import (
    FIELDS,
    WORDS,
    TranslatedText,
    TranslatedTextQuerySet,
)
from marketplace.translations.source import DETAILS, Digest, InOtherLanguages, body_of
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


def texts() -> TranslatedTextQuerySet:
    """Translated texts of what is published, with the `name` of the original and their `stage`.

    `asked` is what an editor has written in the last review.
    """
    reviews = latest_review(TranslatedText)
    things = {name: TranslatedText._meta.get_field(name).related_model for name in FIELDS}
    name = Coalesce(*(f"{field}__{thing.TITLE}" for field, thing in things.items()))
    text = Coalesce(*(f"{field}__{thing.TEXT}" for field, thing in things.items()))
    bodies = [
        When(**{f"{field}__isnull": False}, then=body_of(thing, f"{field}__"))
        for field, thing in things.items()
    ]
    return (
        TranslatedText.objects.filter(is_published())
        .annotate(
            name=Cast(name, TextField()),
            review=Subquery(reviews.values("status")[:1]),
            asked=Subquery(reviews.values("current_task_state__comment")[:1]),
        )
        .alias(written=F("latest_revision__content"))
        .alias(
            original=Cast(text, TextField()),
            body=Case(*bodies, output_field=TextField()),
            **{f"draft_{word}": drafted(word) for word in WORDS},
        )
        .alias(digest=Digest("name", "body"))
        .annotate(
            stage=first_of(
                (Stage.WAITING, Q(**IS_WAITING)),
                (Stage.TO_DO, is_missing()),
                (Stage.OUTDATED, ~Q(draft_source_digest=F("digest"))),
                (Stage.CHANGES, Q(**IS_SENT_BACK)),
                (Stage.READY, Q(live=False) | Q(has_unpublished_changes=True)),
            )
        )
    )


def is_published() -> Q:
    """Whether the original is; a category always is."""
    conditions = Q(category__isnull=False)
    for field in FIELDS:
        if field != "category":
            conditions |= Q(**{f"{field}__live": True})
    return conditions


def is_missing() -> Q:
    """Whether a text of the original has not been translated, for `texts`."""
    missing = Q(draft_title="") | Q(draft_text="", original__gt="")
    for name in DETAILS:
        missing |= Q(**{f"draft_{name}": "", f"listing__{name}__gt": ""})
    return missing


def drafted(word: str) -> Coalesce:
    """What the newest draft says, as `TranslatedText.draft` does."""
    return Coalesce(KT(f"written__{word}"), word, output_field=TextField())


def nameless_categories(language: str) -> QuerySet[MaterialCategory]:
    """Categories that have no name in a language: all of them are work, unlike listings."""
    named = MaterialCategory.objects.filter(locale__language_code=language)
    found = TEXT_TYPES["category"].untranslated(language)
    return found.exclude(translation_key__in=named.values("translation_key"))


def text_rows(found: TranslatedTextQuerySet) -> Iterator[tuple[int, Row]]:
    """(key, what the list shows) of `found`, which come from `texts()`, in one query."""
    for text in found.with_things().select_related("latest_revision"):
        stage = Stage.of_rank(text.stage)
        row = Row(
            title=text.source.title,
            type=type_of(text).one,
            language=text.language_name,
            stage=stage,
            texts=text.source.number,
            missing=text.draft.missing,
            url=reverse(text.snippet_viewset.get_url_name("edit"), args=[text.pk]),
            send_url=reverse("send_text", args=[text.pk]),
            anchor=f"text-{text.pk}",
            comment=text.asked or "" if stage == Stage.CHANGES else "",
        )
        yield text.pk, row


def category_rows(found: QuerySet[MaterialCategory], language: str) -> Iterator[tuple[int, Row]]:
    """(key, what the list shows) of `found`, which come from `nameless_categories()`."""
    for category in found:
        texts = category.source.number
        row = Row(
            title=category.name,
            type=_("Category"),
            language=get_language_info(language)["name_translated"],
            stage=Stage.TO_DO,
            texts=texts,
            missing=texts,
            url=reverse("start_text", args=["category", category.pk]),
            send_url="",
            anchor=f"category-{category.pk}-{language}",
        )
        yield category.pk, row
