"""How long the contact persons of listings are kept."""

from django.utils.translation import gettext_lazy as _

from marketplace.listings.contacts import erase_contact_of
from marketplace.listings.models import MaterialListing
from portal.foundation.privacy.rules import Rule, register


def erase_old_contacts(before):
    named = MaterialListing.objects.exclude(contact_name="", contact_email="", contact_phone="")
    return erase_contact_of(named.filter(stock__closed_at__lt=before))


register(
    Rule(
        "contacts",
        _("The contact person of a listing, after it has ended"),
        _("So that the same can be offered again without typing it."),
        days=2 * 365,
        remove=erase_old_contacts,
    ),
)
