"""Sending something for review, and deciding, for those who have been asked whether they may."""

from typing import Any

from django.db import transaction
from wagtail.models import TaskState, WorkflowMixin

from marketplace.review.errors import AlreadyDecided, WordsMissing
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User


def send_for_review(thing: WorkflowMixin, *, version: Any, by: User | None) -> None:
    """Start the review of `version` of `thing`, or go on with one that was sent back for changes.

    While an earlier version waits there is nothing to do: the latest is what editors see. With no
    workflow, which Wagtail's settings decide, it stays a draft.
    """
    review = thing.current_workflow_state
    if review is None:
        if workflow := thing.get_workflow():
            workflow.start(version, by)
    elif review.status == review.STATUS_NEEDS_CHANGES:
        review.resume(user=by)


def lock_waiting(task_state_pk: int) -> TaskState:
    """The `TaskState` that waits, locked. Raises `AlreadyDecided`."""
    states = TaskState.objects.select_for_update(of=("self",)).select_related("workflow_state")
    state = states.get(pk=task_state_pk)
    if state.status != TaskState.STATUS_IN_PROGRESS:
        raise AlreadyDecided(state)
    return state


@transaction.atomic
def approve(*, task_state: TaskState, by: User, words: str = "") -> None:
    """Say yes: what was reviewed is published. Raises `AlreadyDecided`."""
    state = lock_waiting(task_state.pk)
    state.task.specific.on_action(state, by, "approve", comment=words)


@transaction.atomic
def ask_for_changes(*, task_state: TaskState, by: User, words: str) -> None:
    """Send it back with a word. Raises `WordsMissing` and `AlreadyDecided`."""
    if not words.strip():
        raise WordsMissing
    state = lock_waiting(task_state.pk)
    state.task.specific.on_action(state, by, "reject", comment=words)


@transaction.atomic
def refuse(*, task_state: TaskState, by: User, words: str) -> None:
    """End the review without publishing, and say why. Raises `WordsMissing` and `AlreadyDecided`.

    The sender may change it and send it again, as a new review.
    """
    if not words.strip():
        raise WordsMissing
    state = lock_waiting(task_state.pk)
    review = state.workflow_state
    review.cancel(user=by)
    TaskState.objects.filter(pk=state.pk).update(comment=words)
    record(EventType.REFUSED, actor=by, target=review.content_object)
