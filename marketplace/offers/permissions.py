"""Who may import listings."""

from django.contrib.auth.models import AnonymousUser

from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import is_member
from portal.foundation.users.models import User


def can_import_listings(user: User | AnonymousUser, organisation: Organisation) -> bool:
    """Send spreadsheets of listings, and say yes to them: members of the organisation."""
    return is_member(user, organisation)
