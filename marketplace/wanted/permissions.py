"""Who may post, edit and answer wanted ads."""

from django.contrib.auth.models import AnonymousUser

from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import is_member
from marketplace.wanted.models import WantedAd
from portal.foundation.users.models import User


def can_post_wanted_ad(user: User | AnonymousUser) -> bool:
    """Look for material: members of an approved organisation."""
    return user.is_authenticated and Organisation.objects.of_user(user).approved().exists()


def can_edit_wanted_ad(user: User | AnonymousUser, wanted_ad: WantedAd) -> bool:
    """Change and close a wanted ad, and read its answers: members of the one who looks."""
    return is_member(user, wanted_ad.organisation)


def can_answer_wanted_ad(user: User | AnonymousUser, organisation: Organisation | None) -> bool:
    """Answer for `organisation` (or None): members of an approved organisation."""
    return bool(organisation and organisation.is_approved and is_member(user, organisation))
