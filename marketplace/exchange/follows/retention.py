"""How long it is kept who follows a listing."""

from django.utils.translation import gettext_lazy as _

from marketplace.exchange.follows.models import ListingFollow
from portal.foundation.privacy.rules import Rule, register


def remove_follows(before):
    """Those who have been told; who is still to be told stays."""
    return ListingFollow.objects.filter(told_at__lt=before).delete()[0]


register(
    Rule(
        "follows",
        _("Listings you followed until their first day"),
        _("So that you are told once."),
        days=365,
        remove=remove_follows,
    ),
)
