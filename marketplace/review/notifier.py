"""Who is notified of what happens in a review: one method per event, one class per subject."""

from collections.abc import Iterable
from typing import Any

from wagtail.models import TaskState, WorkflowState

from marketplace.notifications.services import notify
from marketplace.review.recipients import editors
from portal.foundation.users.models import User


class ReviewNotifier:
    """Notifies nobody. A reviewed model sets its own as `review_notifier`."""

    def submitted(self, task_state: TaskState) -> None:
        """Notify the editors that something waits for them."""

    def approved(self, workflow_state: WorkflowState) -> None:
        """Notify those who sent it that it is published."""

    def changes_requested(self, workflow_state: WorkflowState, comment: str) -> None:
        """Notify those who sent it what an editor wants changed."""

    def rejected(self, workflow_state: WorkflowState, comment: str) -> None:
        """Notify those who sent it that it was not published; `comment` may be empty."""


def key_for(workflow_state: WorkflowState, type: str) -> str:
    """Return the key that makes a notification of `type` about a review unique."""
    return f"task:{workflow_state.current_task_state_id}:{type}"


class SenderReview(ReviewNotifier):
    """Notifies the editors of what waits, and those who sent it of each answer.

    The types of the notifications are `name` with the event, as in `wanted_approved`.
    """

    name: str

    def senders(self, sent: Any) -> Iterable[User]:
        """Who is notified of the answers."""
        return sent.senders

    def about(self, sent: Any, version: Any) -> dict[str, Any]:
        """What the notification of `version` of `sent` knows."""
        raise NotImplementedError

    def submitted(self, task_state: TaskState) -> None:
        sent = task_state.workflow_state.content_object
        notify(
            users=editors(),
            type=f"{self.name}_submitted",
            key=f"task:{task_state.pk}:submitted",
            **self.about(sent, sent.get_latest_revision_as_object()),
        )

    def approved(self, workflow_state: WorkflowState) -> None:
        self.notify(workflow_state, "approved")

    def changes_requested(self, workflow_state: WorkflowState, comment: str) -> None:
        self.notify(workflow_state, "changes_requested", comment=comment)

    def rejected(self, workflow_state: WorkflowState, comment: str) -> None:
        self.notify(workflow_state, "rejected", comment=comment)

    def notify(self, workflow_state: WorkflowState, event: str, **context: Any) -> None:
        sent = workflow_state.content_object
        type = f"{self.name}_{event}"
        notify(
            users=self.senders(sent),
            type=type,
            key=key_for(workflow_state, type),
            **self.about(sent, sent),
            **context,
        )
