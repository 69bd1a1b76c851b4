"""Who may see and change a place in the waiting list."""

from django.contrib.auth.models import AnonymousUser

from marketplace.exchange.waiting_list.models import WaitingPlace
from marketplace.organisations.permissions import is_member
from portal.foundation.users.models import User


def can_see_waiting_place(user: User | AnonymousUser, place: WaitingPlace) -> bool:
    """Read, take and leave a place in line: members of the organisation that waits."""
    return is_member(user, place.organisation)
