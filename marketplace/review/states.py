"""The states that something sent for review can be in, as its sender sees them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState


class ListingState(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes asked for")
    LIVE = "live", _("Published")
    PROMISED = "promised", _("Everything is reserved")
    SOLD_OUT = "sold_out", _("Everything is given away")
    ENDED = "ended", _("Its time is over")
    CLOSED = "closed", _("Withdrawn")
    UNPUBLISHED = "unpublished", _("Taken down")


TONES = {
    ListingState.LIVE: "good",
    ListingState.IN_REVIEW: "sun",
    ListingState.CHANGES_REQUESTED: "warm",
}


def with_reviews(rows: QuerySet) -> QuerySet:
    """`rows` with what their states are read from, in a constant number of queries."""
    reviews = WorkflowState.objects.active().select_related("current_task_state")
    return rows.select_related("latest_revision").prefetch_related(
        Prefetch("_workflow_states", queryset=reviews, to_attr="_current_workflow_states")
    )


@dataclass(frozen=True)
class Own:
    """Something `Reviewed` with what those who sent it in need to know about it."""

    thing: Any
    state: ListingState

    @property
    def title(self) -> str:
        """As sent in, where nothing is published yet."""
        draft = self.thing.latest_revision
        return self.thing.title if self.thing.live or not draft else draft.content["title"]

    @property
    def comment(self) -> str:
        """What the editor asks for."""
        review = self.thing.current_workflow_state
        return review.current_task_state.comment if needs_changes(review) else ""

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "")


def own(rows: Iterable, state_of: Callable[[Any], ListingState]) -> list[Own]:
    """Describe rows of `with_reviews`; `state_of` says how one stands that no review holds up."""
    return [Own(row, review_state(row) or state_of(row)) for row in rows]


def review_state(thing: Any) -> ListingState | None:
    """How the review of `thing` stands; None where it does not decide what is shown."""
    review = thing.current_workflow_state
    if needs_changes(review):
        return ListingState.CHANGES_REQUESTED
    return ListingState.IN_REVIEW if review and not thing.live else None


def needs_changes(review):
    return bool(review) and review.status == WorkflowState.STATUS_NEEDS_CHANGES
