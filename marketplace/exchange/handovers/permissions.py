"""Who may change the ledger, by adding rows to it."""

from django.contrib.auth.models import AnonymousUser

from marketplace.exchange.handovers.models import Handover
from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinates, has_role
from portal.foundation.users.models import User


def can_correct_handover(user: User | AnonymousUser, handover: Handover) -> bool:
    """Correct with a reason: editors, and coordinators of the municipality that it counts in."""
    return has_role(user, Role.EDITOR) or coordinates(user, handover.receiver_municipality_id)
