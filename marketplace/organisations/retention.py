"""How long invitations are kept."""

from django.utils.translation import gettext_lazy as _

from marketplace.organisations.membership.models import Invitation
from portal.foundation.privacy.rules import Rule, register


def remove_invitations(before):
    return Invitation.objects.filter(created_at__lt=before).delete()[0]


register(
    Rule(
        "places",
        _("Addresses and contact persons where material is fetched"),
        _("So that nobody has to write them again."),
        until=_("Until somebody of the organisation removes them, or the contact leaves"),
    ),
    Rule(
        "invitations",
        _("Invitations to colleagues, with the address they were sent to"),
        _("They can be used for two weeks; the rest is for questions about them."),
        days=90,
        remove=remove_invitations,
    ),
)
