"""How long invitations are kept."""

from django.utils.translation import gettext_lazy as _

from marketplace.organisations.membership.models import Invitation
from marketplace.organisations.school_units.models import SchoolImport
from portal.foundation.privacy.rules import Rule, register


def remove_invitations(before):
    return Invitation.objects.filter(created_at__lt=before).delete()[0]


def remove_school_imports(before):
    return SchoolImport.objects.filter(created_at__lt=before).delete()[0]


register(
    Rule(
        "places",
        _("Addresses and contact persons where material is collected"),
        _("So that nobody has to write them again."),
        until=_("Until somebody of the organisation removes them, or the contact leaves"),
    ),
    Rule(
        "invitations",
        _("Invitations to colleagues, with the address they were sent to"),
        _("They can be used for two weeks; they are then kept in case of questions."),
        days=90,
        remove=remove_invitations,
    ),
    Rule(
        "school_imports",
        _("Lists of schools that staff have imported, and who sent them"),
        _("To look at what a list did, and to say yes to one that waits."),
        days=SchoolImport.KEEP_DAYS,
        remove=remove_school_imports,
    ),
)
