"""Notifications about translated texts: to editors, and to the translator."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.types import NotificationType, admin_home_path, register_types
from marketplace.review.notifier import SenderReview
from marketplace.translations.models import TranslatedText


def text_path(notification):
    return reverse(
        "wagtailsnippets_marketplace_translatedtext:edit", args=[notification.context["text_id"]]
    )


register_types(
    text_submitted=NotificationType(_("Review it"), admin_home_path),
    text_approved=NotificationType(_("Open the translation"), text_path),
    text_changes_requested=NotificationType(_("Change and send again"), text_path),
    text_rejected=NotificationType(_("Change and send again"), text_path),
)


class TextReview(SenderReview):
    """Notifies the translator. The organisation has not sent it, and is not asked."""

    name = "text"

    def about(self, sent: TranslatedText, version: TranslatedText) -> dict[str, Any]:
        return {"text_id": sent.pk, "text_title": str(sent.draft), "original": sent.source.title}


TranslatedText.review_notifier = TextReview()
