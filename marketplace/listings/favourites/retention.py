"""How long favourites are kept."""

from django.utils.translation import gettext_lazy as _

from marketplace.listings.favourites.models import Favourite
from portal.foundation.privacy.rules import Rule, register


def remove_favourites(before):
    return Favourite.objects.filter(created_at__lt=before).delete()[0]


register(
    Rule(
        "favourites",
        _("Material that you have saved"),
        _("So that you can find it again."),
        days=365,
        remove=remove_favourites,
    ),
)
