"""The edit pages of what is reviewed in Wagtail's admin, which read once what they show."""

from functools import cache
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from wagtail.admin.views.generic.mixins import RevisionsRevertMixin
from wagtail.models import TaskState
from wagtail.snippets.views.snippets import EditView

from portal.foundation.admin.scoped import ScopedViewSet


class KnownReview(SimpleLazyObject):
    """A review that has read its tasks, and need not ask whether there is another after this."""

    def __init__(self, review: Any) -> None:
        super().__init__(lambda: review)

    @property
    def is_at_final_task(self) -> bool:
        """As Wagtail's: whether no more than one task is left."""
        return len(tasks_left(self)) <= 1


def know_review(content: Any) -> None:
    """Let `content` know its review: menu, lock, panels and status each ask for it.

    Wagtail's lists set the same attribute. Only for showing: what is sent may begin or end one.
    """
    reviews = list(
        content.workflow_states.active().select_related(
            "workflow",
            "requested_by",
            "current_task_state__task__editorialreview",
            "current_task_state__revision",
        )
    )
    for review in reviews:
        review.content_object = content
        if state := review.current_task_state:
            state.workflow_state = review
            state.task = getattr(state.task, "editorialreview", state.task)
            know_tasks_of(review)
    content._current_workflow_states = [KnownReview(each) for each in reviews]


def know_tasks_of(review: Any) -> None:
    """Let `review` read its tasks once: the page asks what is next, and twice for all of them."""
    theirs = review.all_tasks_with_state

    @cache
    def tasks() -> list[Any]:
        found = theirs()
        names = dict(TaskState.STATUS_CHOICES)
        for task in found:
            task.status = task.task_state and task.task_state.status
            task.status_display = names.get(task.status, _("Not started"))
        return found

    review.all_tasks_with_status = review.all_tasks_with_state = tasks
    review.get_next_task = lambda: next(iter(tasks_left(review)), None)


def tasks_left(review: Any) -> list[Any]:
    """The tasks of a review that are still to be done, in their order."""
    over = (TaskState.STATUS_APPROVED, TaskState.STATUS_SKIPPED)
    tasks = review.all_tasks_with_state()
    return [each for each in tasks if each.active and each.status not in over]


def know_all_of_review(content: Any) -> None:
    """Let `content` know its review and workflow, as long as it is only shown."""
    know_review(content)
    content.known_workflow = content.get_workflow()


class ReviewedEditView(EditView):
    """Reads the draft once where Wagtail does so before and after it has looked at the address."""

    shown: Any = None

    def get_object(self, queryset=None):
        if self.request.method != "GET":
            return super().get_object(queryset)
        if self.shown is None:
            self.shown = super().get_object(queryset)
            know_all_of_review(self.shown)
        return self.shown


class ReviewedRevertMixin(RevisionsRevertMixin):
    """The same for the page of an earlier version."""

    earlier: Any = None

    def get_object(self, queryset=None):
        if self.request.method != "GET":
            return super().get_object(queryset)
        if self.earlier is None:
            self.earlier = super().get_object(queryset)
            self.earlier.known_workflow = self.shown.known_workflow
            self.earlier._current_workflow_states = self.shown._current_workflow_states
        return self.earlier


class ReviewedViewSet(ScopedViewSet):
    """The admin of what is reviewed."""

    edit_view_class = ReviewedEditView

    @property
    def revisions_revert_view_class(self):
        bases = (ReviewedRevertMixin, self.edit_view_class)
        return type("RevertView", bases, {"view_name": "revisions_revert"})
