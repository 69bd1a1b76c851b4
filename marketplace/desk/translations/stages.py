"""How far each translation has come, and how that follows from a page's texts and review."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextChoices,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, WorkflowMixin, WorkflowState
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from portal.foundation.text_types import StrOrPromise


class Stage(TextChoices):
    TO_DO = "att-gora", _("To translate")
    OUTDATED = "inaktuell", _("Out of date")
    CHANGES = "andra", _("To be changed")
    READY = "klar", _("Ready to send for review")
    WAITING = "granskas", _("Waiting for review")
    LIVE = "publicerad", _("Published")


@dataclass
class Row:
    """One translation, as the list shows it. `comment` is what an editor has asked.

    `url` is where it is written, and `send_url` takes what is sent for review.
    """

    title: str
    type: StrOrPromise
    language: str
    stage: Stage
    texts: int
    missing: int
    url: str
    send_url: str
    anchor: str
    comment: str = ""

    @property
    def done(self) -> int:
        return self.texts - self.missing

    @property
    def to_write(self) -> bool:
        return self.stage in (Stage.TO_DO, Stage.OUTDATED)

    @property
    def may_be_sent(self) -> bool:
        return self.missing == 0 and self.stage in (Stage.READY, Stage.CHANGES)


def translations() -> QuerySet[Translation]:
    """Those of pages that are kept in step, with `texts`, `missing` and `written_at`."""
    pages = Translation.objects.filter(source__specific_content_type__in=page_types())
    return with_texts(pages).order_by("source__object_repr", "pk")


def with_texts(found: QuerySet[Translation]) -> QuerySet[Translation]:
    """Those of `found` that are kept in step, with how much of them is written and when."""
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
        .select_related("source", "target_locale")
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


def rows(found: Iterable[Translation]) -> Iterator[Row]:
    """What the list shows of `found`, which come from `translations()`, in two queries."""
    found = list(found)
    pages = pages_of(found)
    for translation in found:
        page = pages.get((translation.source.object_id, translation.target_locale_id))
        if page is not None:
            stage, comment = stage_of(translation, page)
            yield Row(
                title=translation.source.object_repr,
                type=_("Page"),
                language=translation.target_locale.get_display_name(),
                stage=stage,
                texts=translation.texts,
                missing=translation.missing,
                url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
                send_url=reverse("send_translation", args=[translation.pk]),
                anchor=f"page-{page.pk}",
                comment=comment,
            )


def pages_of(found: list[Translation]) -> dict[tuple, Page]:
    """{(translation key, key of the language): page} with what its stage follows from."""
    keys = {each.source.object_id for each in found}
    languages = {each.target_locale_id for each in found}
    pages = (
        Page.objects.filter(translation_key__in=keys, locale__in=languages)
        .select_related("latest_revision")
        .prefetch_related("_workflow_states__current_task_state")
    )
    return {(page.translation_key, page.locale_id): page for page in pages}


def stage_of(translation: Translation, page: Page) -> tuple[Stage, str]:
    """(stage, what an editor has asked to be changed). `translation` is of `translations()`."""
    review = latest_review(page)
    if is_waiting(review):
        return Stage.WAITING, ""
    if translation.missing:
        return (Stage.OUTDATED if page.live else Stage.TO_DO), ""
    if (comment := asked_for(review)) is not None:
        return Stage.CHANGES, comment
    if not page.live or is_newer(translation, page):
        return Stage.READY, ""
    return Stage.LIVE, ""


def latest_review(content: WorkflowMixin) -> WorkflowState | None:
    """The last review of `content`, of which `_workflow_states` have been prefetched."""
    reviews = sorted(content._workflow_states.all(), key=lambda review: review.pk)
    return reviews[-1] if reviews else None


def is_waiting(review: WorkflowState | None) -> bool:
    return review is not None and review.status == WorkflowState.STATUS_IN_PROGRESS


def asked_for(review: WorkflowState | None) -> str | None:
    """What an editor has asked to be changed, None where nobody has."""
    if not review or review.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return None
    return review.current_task_state.comment if review.current_task_state else ""


def is_newer(translation: Translation, page: Page) -> bool:
    """Whether something has been translated since what is online was written."""
    if page.latest_revision is None:
        return True
    at = page.latest_revision.created_at
    return bool(translation.written_at and translation.written_at > at)
