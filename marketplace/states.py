"""How a listing or a wanted ad stands, from the point of view of those who sent it in."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState

from .models import MaterialListing, Reservation, WantedAd


class ListingState(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes asked for")
    LIVE = "live", _("Published")
    PROMISED = "promised", _("Everything is promised")
    SOLD_OUT = "sold_out", _("Everything is given away")
    ENDED = "ended", _("Time is out")
    CLOSED = "closed", _("Withdrawn")
    UNPUBLISHED = "unpublished", _("Taken down")


ARCHIVED_STATES = [
    ListingState.SOLD_OUT,
    ListingState.ENDED,
    ListingState.CLOSED,
    ListingState.UNPUBLISHED,
]


@dataclass(frozen=True)
class OwnListing:
    """A listing with what its giver needs to know about it."""

    listing: MaterialListing
    state: ListingState
    title: str
    requests: int
    comment: str = ""
    new_version_waits: bool = False

    @property
    def is_archived(self):
        return self.state in ARCHIVED_STATES


def with_reviews(listings):
    """`listings` with all that `state_of` reads, in a constant number of queries."""
    reviews = WorkflowState.objects.active().select_related("current_task_state")
    return listings.select_related("stock", "latest_revision").prefetch_related(
        Prefetch("_workflow_states", queryset=reviews, to_attr="_current_workflow_states")
    )


def own_listings(organisation):
    """The listings of `organisation` with all that `describe` reads, in a few queries."""
    waiting = (
        Reservation.objects.requested()
        .filter(listing=OuterRef("pk"))
        .order_by()
        .values("listing")
        .annotate(n=Count("pk"))
    )
    own = MaterialListing.objects.of_organisation(organisation).for_cards()
    return with_reviews(own).annotate(requests=Coalesce(Subquery(waiting.values("n")), 0))


def describe(listing):
    """The `OwnListing` of a row of `own_listings`."""
    review = listing.current_workflow_state
    changes = _needs_changes(review)
    draft = listing.latest_revision
    return OwnListing(
        listing=listing,
        state=state_of(listing),
        title=listing.title if listing.live or not draft else draft.content["title"],
        requests=listing.requests,
        comment=review.current_task_state.comment if changes else "",
        new_version_waits=bool(listing.live and review and not changes),
    )


def _needs_changes(review):
    return bool(review) and review.status == WorkflowState.STATUS_NEEDS_CHANGES


def state_of(listing):
    """The `ListingState` of a row of `with_reviews`."""
    review = listing.current_workflow_state
    stock = getattr(listing, "stock", None)
    if _needs_changes(review):
        return ListingState.CHANGES_REQUESTED
    if stock and stock.closed_at:
        return ListingState.CLOSED
    if not listing.live:
        if review:
            return ListingState.IN_REVIEW
        return ListingState.UNPUBLISHED if listing.first_published_at else ListingState.DRAFT
    if stock.offered <= stock.collected:
        return ListingState.SOLD_OUT
    if listing.available_until and listing.available_until < timezone.localdate():
        return ListingState.ENDED
    return ListingState.LIVE if stock.left > 0 else ListingState.PROMISED


# --- Wanted ads -----------------------------------------------------------------------------------

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
    changes = _needs_changes(review)
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
