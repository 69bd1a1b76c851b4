"""Telling the editors that something is wrong with a listing."""

from django.utils import timezone

from marketplace.listings.models import MaterialListing
from marketplace.notifications.services import notify
from marketplace.review.recipients import editors
from portal.foundation.users.models import User


def report_listing(*, listing: MaterialListing, by: User, text: str) -> None:
    """Send the editors what `by` says is wrong. The giver is not told who it was."""
    notify(
        users=editors(),
        type="listing_reported",
        key=f"listing:{listing.pk}:reported:{by.pk}:{timezone.now():%Y%m%d%H%M%S}",
        listing=listing,
        by=str(by),
        text=text,
    )
