"""Notify an organisation of the review of what it has sent in."""

from typing import Any

from wagtail.models import TaskState, WorkflowState

from marketplace.notifications.services import notify
from marketplace.organisations.membership.recipients import members
from marketplace.review.notifier import ReviewNotifier, key_for
from marketplace.review.recipients import editors


class OrganisationReview(ReviewNotifier):
    """Notifies the members of the `organisation` whose the reviewed object is.

    The kinds of notification are `name` with the event, as in `wanted_approved`; each gets the
    object's primary key and title as `wanted_id` and `wanted_title`.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def submitted(self, task_state: TaskState) -> None:
        sent = task_state.workflow_state.content_object
        notify(
            users=editors(),
            type=f"{self.name}_submitted",
            key=f"task:{task_state.pk}:submitted",
            organisation=sent.organisation,
            **self.about(sent, sent.get_latest_revision_as_object().title),
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
            users=members(sent.organisation),
            type=type,
            key=key_for(workflow_state, type),
            organisation=sent.organisation,
            **self.about(sent, sent.title),
            **context,
        )

    def about(self, sent: Any, title: str) -> dict[str, Any]:
        return {f"{self.name}_id": sent.pk, f"{self.name}_title": title}
