"""Notifications about translated texts: to editors, and to the translator."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import TaskState, WorkflowState

from marketplace.notifications.services import notify
from marketplace.notifications.types import NotificationType, admin_home_path, register_types
from marketplace.review.notifier import ReviewNotifier, key_for
from marketplace.review.recipients import editors
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


class TextReview(ReviewNotifier):
    """Notifies the translator. The organisation has not sent it, and is not asked."""

    def submitted(self, task_state: TaskState) -> None:
        text = task_state.workflow_state.content_object
        notify(
            users=editors(),
            type="text_submitted",
            key=f"task:{task_state.pk}:submitted",
            **self.about(text),
        )

    def approved(self, workflow_state: WorkflowState) -> None:
        self.notify(workflow_state, "approved")

    def changes_requested(self, workflow_state: WorkflowState, comment: str) -> None:
        self.notify(workflow_state, "changes_requested", comment=comment)

    def rejected(self, workflow_state: WorkflowState, comment: str) -> None:
        self.notify(workflow_state, "rejected", comment=comment)

    def notify(self, workflow_state: WorkflowState, event: str, **context: Any) -> None:
        text = workflow_state.content_object
        type = f"text_{event}"
        notify(
            users=text.senders,
            type=type,
            key=key_for(workflow_state, type),
            **self.about(text),
            **context,
        )

    def about(self, text: TranslatedText) -> dict[str, Any]:
        return {"text_id": text.pk, "text_title": str(text.draft), "original": text.source.title}


TranslatedText.review_notifier = TextReview()
