"""The state of a wanted ad, as its school sees it."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch
from wagtail.models import WorkflowState

from marketplace.review.states import ListingState, needs_changes
from marketplace.wanted.models import WantedAd

WANTED_TONES = {
    ListingState.LIVE: "good",
    ListingState.IN_REVIEW: "sun",
    ListingState.CHANGES_REQUESTED: "warm",
}


@dataclass(frozen=True)
class OwnWantedAd:
    """A wanted ad with what its school needs to know about it."""

    ad: WantedAd
    state: ListingState
    title: str
    answers: int
    comment: str = ""

    @property
    def tone(self):
        return WANTED_TONES.get(self.state, "")


def own_wanted_ads(organisation):
    """The `OwnWantedAd`s of `organisation`, the newest first, in a few queries."""
    reviews = WorkflowState.objects.active().select_related("current_task_state")
    ads = (
        WantedAd.objects.of_organisation(organisation)
        .select_related("latest_revision")
        .prefetch_related(
            Prefetch("_workflow_states", queryset=reviews, to_attr="_current_workflow_states")
        )
        .annotate(answer_count=Count("answers"))
    )
    return [describe_wanted_ad(ad) for ad in ads]


def describe_wanted_ad(ad):
    review = ad.current_workflow_state
    changes = needs_changes(review)
    if changes:
        state = ListingState.CHANGES_REQUESTED
    elif ad.is_open:
        state = ListingState.LIVE
    elif ad.live:
        state = ListingState.ENDED
    elif review:
        state = ListingState.IN_REVIEW
    else:
        state = ListingState.CLOSED
    draft = ad.latest_revision
    return OwnWantedAd(
        ad=ad,
        state=state,
        title=ad.title if ad.live or not draft else draft.content["title"],
        answers=ad.answer_count,
        comment=review.current_task_state.comment if changes else "",
    )
