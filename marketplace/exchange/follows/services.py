"""Follow a listing until its first day, and be told then."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from marketplace.exchange.follows.models import ListingFollow
from marketplace.listings.models import MaterialListing
from marketplace.notifications.services import notify
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.users.models import User


def follow(*, listing: MaterialListing, user: User) -> ListingFollow:
    """Tell `user` on the first day of `listing`. Once is enough."""
    return ListingFollow.objects.get_or_create(listing=listing, user=user)[0]


def unfollow(*, listing: MaterialListing, user: User) -> None:
    ListingFollow.objects.filter(listing=listing, user=user).delete()


def tell_followers(day: date | None = None) -> int:
    """Tell those who follow what can be fetched from `day` (today). Returns how many people."""
    day = day or timezone.localdate()
    open_now = MaterialListing.objects.available_to_some(day).filter(available_from__lte=day)
    waiting = ListingFollow.objects.filter(told_at=None, listing__in=open_now.values("pk"))
    return for_each_row(waiting, _tell)


@transaction.atomic
def _tell(pk: int) -> bool:
    untold = ListingFollow.objects.filter(pk=pk, told_at=None)
    if not untold.update(told_at=timezone.now()):
        return False
    found = ListingFollow.objects.select_related("listing", "user").get(pk=pk)
    notify(
        users=[found.user],
        type="listing_open",
        key=f"follow:{found.pk}",
        listing=found.listing,
    )
    return True
