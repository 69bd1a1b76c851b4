"""Who may say that material is not to be used any longer."""

from django.contrib.auth.models import AnonymousUser

from marketplace.listings.models import MaterialListing
from marketplace.organisations.permissions import is_member
from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinates, has_role
from portal.foundation.users.models import User


def can_recall(user: User | AnonymousUser, listing: MaterialListing) -> bool:
    """Recall: members of the giver, editors, and coordinators of the giver's municipality."""
    if not user.is_authenticated or listing.first_published_at is None:
        return False
    return (
        is_member(user, listing.organisation)
        or has_role(user, Role.EDITOR)
        or coordinates(user, listing.organisation.municipality_id)
    )
