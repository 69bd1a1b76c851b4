"""The edit pages of what is reviewed in Wagtail's admin, which read once what they show."""

from typing import Any

from django.http import HttpRequest
from wagtail.models import WorkflowMixin
from wagtail.snippets.views.snippets import EditView


def know_review(content: Any) -> None:
    """Let `content` know its review: menu, lock, panels and status each ask for it.

    Wagtail's lists set the same attribute. Only for showing: what is sent may begin or end one.
    """
    reviews = list(
        content.workflow_states.active().select_related(
            "workflow", "requested_by", "current_task_state__task", "current_task_state__revision"
        )
    )
    for review in reviews:
        review.content_object = content
    content._current_workflow_states = reviews


def know_review_of(request: HttpRequest, content: Any) -> None:
    """The same for a page, from Wagtail's hook."""
    if request.method == "GET" and isinstance(content, WorkflowMixin):
        know_review(content)


class ReviewedEditView(EditView):
    """Reads the draft once where Wagtail does so before and after it has looked at the address."""

    shown: Any = None

    def get_object(self, queryset=None):
        if self.request.method != "GET":
            return super().get_object(queryset)
        if self.shown is None:
            self.shown = super().get_object(queryset)
            know_review(self.shown)
            self.shown.known_workflow = self.shown.get_workflow()
        return self.shown
