"""How a listing or a wanted ad stands, from the point of view of those who sent it in."""

from django.db.models import Prefetch
from django.utils import timezone
from wagtail.models import WorkflowState

from marketplace.review.states import ListingState, needs_changes

ARCHIVED_STATES = [
    ListingState.SOLD_OUT,
    ListingState.ENDED,
    ListingState.CLOSED,
    ListingState.UNPUBLISHED,
]


def with_reviews(listings):
    """`listings` with all that `state_of` reads, in a constant number of queries."""
    reviews = WorkflowState.objects.active().select_related("current_task_state")
    return listings.select_related("stock", "latest_revision").prefetch_related(
        Prefetch("_workflow_states", queryset=reviews, to_attr="_current_workflow_states")
    )


def state_of(listing):
    """The `ListingState` of a row of `with_reviews`."""
    review = listing.current_workflow_state
    stock = getattr(listing, "stock", None)
    if needs_changes(review):
        return ListingState.CHANGES_REQUESTED
    if stock and stock.closed_at:
        return ListingState.CLOSED
    if not listing.live:
        if review:
            return ListingState.IN_REVIEW
        return ListingState.UNPUBLISHED if listing.first_published_at else ListingState.DRAFT
    if stock is None or stock.offered <= stock.collected:
        return ListingState.SOLD_OUT
    if listing.available_until and listing.available_until < timezone.localdate():
        return ListingState.ENDED
    return ListingState.LIVE if stock.left > 0 else ListingState.PROMISED
