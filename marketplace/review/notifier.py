"""Who is notified of what happens in a review: one method per event, one class per subject."""

from wagtail.models import TaskState, WorkflowState


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
