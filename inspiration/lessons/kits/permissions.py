"""Who may send and see kits."""

from django.contrib.auth.models import AnonymousUser

from inspiration.lessons.kits.models import LessonKit
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import is_member
from portal.foundation.users.models import User


def can_send_kit(user: User | AnonymousUser, organisation: Organisation | None) -> bool:
    """Ask for the material of a kit: members of an approved organisation."""
    return bool(organisation and organisation.is_approved and is_member(user, organisation))


def can_see_kit(user: User | AnonymousUser, kit: LessonKit) -> bool:
    """Read and call off a kit: members of the organisation that has sent it."""
    return is_member(user, kit.organisation)
