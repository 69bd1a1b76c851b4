"""Translations of pages: how much of each is written, and how far it has come."""

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from marketplace.desk.translations.stages import (
    IS_SENT_BACK,
    IS_WAITING,
    Row,
    Stage,
    first_of,
    latest_review,
)


def translations() -> QuerySet[Translation]:
    """Those of pages that are kept in step, with `with_texts`, `stage` and the `page` in question.

    `asked` is what an editor has written in the last review.
    """
    pages = Page.objects.filter(
        translation_key=OuterRef("source__object_id"), locale=OuterRef("target_locale")
    )
    reviews = latest_review(Page, "page")
    found = Translation.objects.filter(source__specific_content_type__in=page_types())
    return (
        with_texts(found)
        .annotate(page=Subquery(pages.values("pk")[:1]))
        .exclude(page=None)
        .annotate(
            online=Subquery(pages.values("live")[:1]),
            saved_at=Subquery(pages.values("latest_revision__created_at")[:1]),
            review=Subquery(reviews.values("status")[:1]),
            asked=Subquery(reviews.values("current_task_state__comment")[:1]),
        )
        .annotate(
            stage=first_of(
                (Stage.WAITING, Q(**IS_WAITING)),
                (Stage.OUTDATED, Q(missing__gt=0, online=True)),
                (Stage.TO_DO, Q(missing__gt=0)),
                (Stage.CHANGES, Q(**IS_SENT_BACK)),
                # Also where something has been translated since what is online was written.
                (Stage.READY, Q(online=False) | Q(saved_at=None) | Q(written_at__gt=F("saved_at"))),
            )
        )
    )


def with_texts(found: QuerySet[Translation]) -> QuerySet[Translation]:
    """Those of `found` that are kept in step, with how much of them is written and when.

    That is `texts`, `done`, `missing` and `written_at`.
    """
    # The part of the address that a page keeps in every language is no text.
    segments = StringSegment.objects.filter(source=OuterRef("source")).exclude(context__path="slug")
    written = StringTranslation.objects.filter(locale=OuterRef("target_locale"))
    done = segments.filter(
        Exists(
            StringTranslation.objects.filter(
                translation_of=OuterRef("string"),
                context=OuterRef("context"),
                locale=OuterRef(OuterRef("target_locale")),
                has_error=False,
            )
        )
    )
    return (
        found.filter(enabled=True)
        .annotate(
            texts=number_of(segments),
            done=number_of(done),
            written_at=Subquery(
                written.filter(context__object=OuterRef("source__object"))
                .order_by("-updated_at")
                .values("updated_at")[:1]
            ),
        )
        .annotate(missing=F("texts") - F("done"))
    )


def page_types() -> QuerySet:
    return ContentType.objects.filter(pk__in=Page.objects.values("content_type"))


def number_of(segments: QuerySet) -> Coalesce:
    counted = segments.order_by().values("source").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def rows(found: QuerySet[Translation]) -> Iterator[tuple[int, Row]]:
    """(key, what the list shows) of `found`, which come from `translations()`, in one query."""
    for translation in found.select_related("source", "target_locale"):
        stage = Stage.of_rank(translation.stage)
        row = Row(
            title=translation.source.object_repr,
            type=_("Page"),
            language=translation.target_locale.get_display_name(),
            stage=stage,
            texts=translation.texts,
            missing=translation.missing,
            url=reverse("wagtailadmin_pages:edit", args=[translation.page]),
            send_url=reverse("send_translation", args=[translation.pk]),
            anchor=f"page-{translation.page}",
            comment=translation.asked or "" if stage == Stage.CHANGES else "",
        )
        yield translation.pk, row
