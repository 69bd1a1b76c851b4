"""The listings of an organisation with what its members need to know about each."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from marketplace.exchange.reservations.models import Reservation
from marketplace.listings.models import MaterialListing
from marketplace.listings.states import ARCHIVED_STATES, state_of, with_reviews
from marketplace.review.states import ListingState, needs_changes


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


def own_listings(organisation):
    """The listings of `organisation` with all that `describe` reads, in a few queries."""
    waiting = (
        Reservation.objects.requested()
        .filter(listing=OuterRef("pk"))
        .order_by()
        .values("listing")
        .annotate(n=Count("pk"))
    )
    # What lies on a shelf of a hub is looked after there.
    own = MaterialListing.objects.of_organisation(organisation).filter(shelf=None).for_cards()
    return with_reviews(own).annotate(requests=Coalesce(Subquery(waiting.values("n")), 0))


def describe(listing):
    """The `OwnListing` of a row of `own_listings`."""
    review = listing.current_workflow_state
    changes = needs_changes(review)
    draft = listing.latest_revision
    return OwnListing(
        listing=listing,
        state=state_of(listing),
        title=listing.title if listing.live or not draft else draft.content["title"],
        requests=listing.requests,
        comment=review.current_task_state.comment if changes else "",
        new_version_waits=bool(listing.live and review and not changes),
    )
