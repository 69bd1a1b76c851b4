"""Notifications about questions before a reservation."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.models import Notification
from marketplace.notifications.types import NotificationType, register_types


def question_path(notification: Notification) -> str:
    return reverse(
        "marketplace:listing_question", args=[notification.context["listing_question_id"]]
    )


register_types(
    listing_question=NotificationType(_("Answer"), question_path),
    listing_answer=NotificationType(_("Read the answer"), question_path),
)
