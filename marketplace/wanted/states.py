"""The state of a wanted ad, as its school sees it."""

from django.db.models import Count, QuerySet

from marketplace.review.states import ListingState, Own, own, with_reviews
from marketplace.wanted.models import WantedAd


def own_wanted_ads(organisation) -> list[Own]:
    """The wanted ads of `organisation`, the newest first, each with its `answer_count`."""
    ads = WantedAd.objects.of_organisation(organisation).annotate(answer_count=Count("answers"))
    return with_states(ads)


def with_states(ads: QuerySet[WantedAd]) -> list[Own]:
    """`ads` with how each stands, in a constant number of queries."""
    return own(with_reviews(ads), _state)


def _state(ad: WantedAd) -> ListingState:
    if ad.is_open:
        return ListingState.LIVE
    return ListingState.ENDED if ad.live else ListingState.CLOSED
