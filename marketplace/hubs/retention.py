"""How long cards of hubs and taps at their shelves are kept."""

from django.utils.translation import gettext_lazy as _

from marketplace.hubs.models import HubCard, Scan
from portal.foundation.privacy.rules import Rule, register


def remove_cards(before):
    """Cards that ended before then."""
    return HubCard.objects.filter(expires_at__lt=before).delete()[0]


def forget_takers(before):
    """Who tapped, and by which card: the ledger keeps the organisation and the kilos."""
    old = Scan.objects.filter(recorded_at__lt=before).exclude(taken_by=None, card=None)
    return old.update(taken_by=None, card=None)


register(
    Rule(
        "hub cards",
        _("Cards of units for hubs, after they have ended"),
        _("So that it can be seen which card was used."),
        days=365,
        remove=remove_cards,
    ),
    Rule(
        "hub taps",
        _("Who tapped what was taken from a shelf of a hub"),
        _("For mistakes found when the shelf is counted."),
        days=365,
        remove=forget_takers,
    ),
)
