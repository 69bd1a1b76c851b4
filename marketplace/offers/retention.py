"""How long unfinished offers are kept."""

from django.utils.translation import gettext_lazy as _

from marketplace.listings.photos.services import remove_unused
from marketplace.offers.clearing.models import Clearing
from marketplace.offers.models import OfferDraft
from portal.foundation.privacy.rules import Rule, register


def remove_drafts(before):
    OfferDraft.objects.filter(updated_at__lt=before).delete()
    return remove_unused()


def remove_clearings(before):
    """What was common to a walk; the listings that came of it are kept as listings are."""
    return Clearing.objects.filter(created_at__lt=before).delete()[0]


register(
    Rule(
        "clearings",
        _("Where and when something was cleared out, and by whom"),
        _("So that you can go on another day."),
        days=365,
        remove=remove_clearings,
    ),
    Rule(
        "offer drafts",
        _("Offers that were started and not sent, and photos that nobody used"),
        _("So that you can go on another day."),
        days=OfferDraft.KEEP_DAYS,
        remove=remove_drafts,
    ),
)
