"""Who may send tips about lessons, and change their own."""

from django.contrib.auth.models import AnonymousUser

from inspiration.lessons.tips.models import LessonTip
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import is_member
from portal.foundation.users.models import User


def can_send_tip(user: User | AnonymousUser, organisation: Organisation | None) -> bool:
    """Tell how a lesson went: members of an approved organisation."""
    return bool(organisation and organisation.is_approved and is_member(user, organisation))


def can_change_tip(user: User | AnonymousUser, tip: LessonTip) -> bool:
    """Change and remove a tip, and read it before it is published: the unit's members."""
    return is_member(user, tip.organisation)
