"""The listings of an organisation with what its members need to know about each."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from marketplace.exchange.reservations.models import Reservation
from marketplace.listings.models import MaterialListing
from marketplace.listings.states import ARCHIVED_STATES, state_of, with_reviews
from marketplace.review.states import Own, needs_changes


class OwnListing(Own):
    """A listing with what its giver needs to know about it: `thing` is a row of `own_listings`."""

    @property
    def requests(self):
        return self.thing.requests

    @property
    def is_archived(self):
        return self.state in ARCHIVED_STATES

    @property
    def new_version_waits(self):
        review = self.thing.current_workflow_state
        return bool(self.thing.live and review and not needs_changes(review))


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
    return OwnListing(listing, state_of(listing))
