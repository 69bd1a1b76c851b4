"""One's own tips on my page, each with how it stands."""

from dataclasses import dataclass

from django.db.models import Prefetch
from wagtail.models import WorkflowState

from inspiration.lessons.tips.models import LessonTip
from inspiration.lessons.tips.permissions import can_send_tip
from marketplace.my_page.sections import Section, register_section
from marketplace.review.states import ListingState, needs_changes

TONES = {
    ListingState.LIVE: "good",
    ListingState.IN_REVIEW: "sun",
    ListingState.CHANGES_REQUESTED: "warm",
}


@dataclass(frozen=True)
class OwnTip:
    """A tip with what its unit needs to know about it."""

    tip: LessonTip
    state: ListingState
    title: str
    comment: str = ""

    @property
    def tone(self):
        return TONES.get(self.state, "")


def own_tips(organisation):
    """The `OwnTip`s of `organisation`, the newest first, in a few queries."""
    reviews = WorkflowState.objects.active().select_related("current_task_state")
    tips = (
        LessonTip.objects.of_organisation(organisation)
        .select_related("latest_revision")
        .prefetch_related(
            Prefetch("_workflow_states", queryset=reviews, to_attr="_current_workflow_states")
        )
    )
    return [describe(tip) for tip in tips]


def describe(tip):
    review = tip.current_workflow_state
    changes = needs_changes(review)
    if changes:
        state = ListingState.CHANGES_REQUESTED
    elif tip.live:
        state = ListingState.LIVE
    elif review:
        state = ListingState.IN_REVIEW
    else:
        state = ListingState.UNPUBLISHED
    draft = tip.latest_revision
    return OwnTip(
        tip=tip,
        state=state,
        title=tip.title if tip.live or not draft else draft.content["title"],
        comment=review.current_task_state.comment if changes else "",
    )


@register_section
def tips_section(request, organisation):
    """What the unit has told of lessons; nothing for who has not told anything."""
    tips = own_tips(organisation)
    if not tips:
        return None
    may_send = can_send_tip(request.user, organisation)
    return Section("inspiration/lessons/tips/own_tips.html", {"tips": tips, "may_send": may_send})
