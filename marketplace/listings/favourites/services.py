"""Remembering listings."""

from marketplace.listings.favourites.models import Favourite
from marketplace.listings.models import MaterialListing
from portal.foundation.users.models import User

SHOWN = 12


def remember(*, listing: MaterialListing, by: User) -> None:
    """Let `by` find `listing` again. Safe to do twice."""
    Favourite.objects.get_or_create(user=by, listing=listing)


def forget(*, listing: MaterialListing, by: User) -> None:
    Favourite.objects.filter(user=by, listing=listing).delete()


def remembered(user: User) -> list[MaterialListing]:
    """What `user` has remembered and is still published, the latest first, for cards."""
    seen = MaterialListing.objects.published().seen_by(user)
    pks = list(
        Favourite.objects.filter(user=user, listing__in=seen).values_list("listing", flat=True)
    )[:SHOWN]
    found = MaterialListing.objects.for_cards().in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]
