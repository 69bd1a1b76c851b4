"""What an editor has written to the sender of something under review."""

from wagtail.models import TaskState, WorkflowState

from marketplace.review.models import Reviewed


def last_comment(workflow_state: WorkflowState) -> str:
    """What an editor wrote last when asking for changes in a review or ending it, or ""."""
    ends = [TaskState.STATUS_REJECTED, TaskState.STATUS_CANCELLED]
    asked = workflow_state.task_states.filter(status__in=ends).exclude(comment="")
    return asked.order_by("-finished_at").values_list("comment", flat=True).first() or ""


def word_to_sender(content: Reviewed) -> str:
    """What is to be read beside the form with which `content` is changed and sent again, or ""."""
    latest = content.workflow_states.order_by("-created_at", "-pk").first()
    if latest is None or latest.status not in (
        WorkflowState.STATUS_NEEDS_CHANGES,
        WorkflowState.STATUS_CANCELLED,
    ):
        return ""
    return last_comment(latest)
