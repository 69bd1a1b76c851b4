"""Translating what organisations have written: start, and send for review."""

from typing import Any

from django.db import transaction

from marketplace.review.services import send_for_review
from marketplace.translations.errors import NotFinished, NothingToSend, NotPublished
from marketplace.translations.models import FIELDS, TranslatedText
from marketplace.translations.source import InOtherLanguages
from portal.foundation.users.models import User


@transaction.atomic
def start_translation(*, thing: InOtherLanguages, language: str, by: User) -> TranslatedText:
    """The draft of `thing` in `language`, a new one where nobody has started.

    Raises `NotPublished`.
    """
    if not getattr(thing, "live", True):
        raise NotPublished
    words = thing.words_in(language)
    text, created = TranslatedText.objects.get_or_create(
        **{field_of(thing): thing},
        language_code=language,
        defaults={"title": words.title, "text": words.text, "created_by": by, "live": False},
    )
    if created:
        text.save_revision(user=by, log_action=True, clean=False)
    return text


def field_of(thing: Any) -> str:
    """The field of `TranslatedText` that points at things like `thing`."""
    fields = (TranslatedText._meta.get_field(name) for name in FIELDS)
    return next(field.name for field in fields if isinstance(thing, field.related_model))


@transaction.atomic
def submit_text(*, text: TranslatedText, by: User) -> TranslatedText:
    """Send the latest draft for review. Raises `ExchangeError` saying what is in the way.

    What is online stays as it is until an editor has approved.
    """
    text = TranslatedText.objects.select_for_update().get(pk=text.pk)
    latest = text.get_latest_revision_as_object()
    if obstacle := latest.obstacle_to_publishing():
        raise NotFinished(obstacle)
    review = text.current_workflow_state
    waits = review and review.status != review.STATUS_NEEDS_CHANGES
    if waits or not (review or text.has_unpublished_changes):
        raise NothingToSend
    send_for_review(text, version=latest, by=by)
    return latest
