"""Passes what happens in Wagtail's workflow on to the notifier of what is reviewed."""

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from django.db import transaction
from wagtail.admin import mail
from wagtail.models import AbstractPage, TaskState, WorkflowState
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_cancelled,
    workflow_rejected,
    workflow_submitted,
)

from marketplace.review.models import Reviewed
from marketplace.review.words import last_comment
from portal.foundation.audit.services import EventType, record

if TYPE_CHECKING:
    Base: TypeAlias = mail.EmailNotificationMixin
else:
    Base = object


class PagesOnly(Base):
    """Makes one of Wagtail's notifiers leave snippets alone: `ReviewNotifier` covers those."""

    def can_handle(self, instance, **kwargs):
        state = getattr(instance, "workflow_state", instance)
        return isinstance(state.content_object, AbstractPage) and super().can_handle(
            instance, **kwargs
        )


class TaskSubmitted(PagesOnly, mail.GroupApprovalTaskStateSubmissionEmailNotifier):
    pass


class WorkflowSubmitted(mail.WorkflowStateSubmissionEmailNotifier):
    """Mails nobody: administrators hear of the task, as editors do, and once is enough."""

    def can_handle(self, instance, **kwargs):
        return False


class WorkflowApproved(PagesOnly, mail.WorkflowStateApprovalEmailNotifier):
    pass


class WorkflowRejected(PagesOnly, mail.WorkflowStateRejectionEmailNotifier):
    pass


# Wagtail connects its own under these names unless the name is taken, whichever app comes first.
WAGTAIL_MAIL = [
    (task_submitted, TaskState, TaskSubmitted, "group_approval_task_submitted_email_notification"),
    (
        workflow_submitted,
        WorkflowState,
        WorkflowSubmitted,
        "workflow_state_submitted_email_notification",
    ),
    (
        workflow_approved,
        WorkflowState,
        WorkflowApproved,
        "workflow_state_approved_email_notification",
    ),
    (
        workflow_rejected,
        WorkflowState,
        WorkflowRejected,
        "workflow_state_rejected_email_notification",
    ),
]


def connect():
    task_submitted.connect(on_task_submitted, dispatch_uid="review_submitted")
    workflow_approved.connect(on_approved, dispatch_uid="review_approved")
    workflow_rejected.connect(on_changes_requested, dispatch_uid="review_changes_requested")
    workflow_cancelled.connect(on_cancelled, dispatch_uid="review_cancelled")
    for signal, sender, notifier, name in WAGTAIL_MAIL:
        signal.disconnect(sender=sender, dispatch_uid=name)
        signal.connect(notifier(), sender=sender, dispatch_uid=name, weak=False)


def on_task_submitted(sender, instance, **kwargs):
    content = instance.workflow_state.content_object
    if isinstance(content, Reviewed):
        content.review_notifier.submitted(instance)


def on_approved(sender, instance, user, **kwargs):
    content = instance.content_object
    record(EventType.APPROVED, actor=user, target=content)
    if isinstance(content, Reviewed):
        content.review_notifier.approved(instance)


def on_changes_requested(sender, instance, user, **kwargs):
    content = instance.content_object
    record(EventType.REFUSED, actor=user, target=content)
    if isinstance(content, Reviewed):
        content.review_notifier.changes_requested(instance, instance.current_task_state.comment)


def on_cancelled(sender, instance, user, **kwargs):
    """Somebody ended a review: those who sent it in by withdrawing or sending again, or an editor.

    Editors also end it by publishing at once, which Wagtail does after this.
    """
    content = instance.content_object
    if not isinstance(content, Reviewed):
        return
    if user and user not in content.senders:
        transaction.on_commit(partial(notify_ended, instance.pk))


def notify_ended(workflow_state_pk):
    workflow_state = WorkflowState.objects.get(pk=workflow_state_pk)
    content = workflow_state.content_object
    if content.live and not content.has_unpublished_changes:
        content.review_notifier.approved(workflow_state)
    else:
        # Where nothing was written at the end, perhaps changes were asked for before.
        content.review_notifier.rejected(workflow_state, last_comment(workflow_state))
