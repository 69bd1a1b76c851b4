"""Who may do what with a joint request: users who may with each of its reservations."""

from django.contrib.auth.models import AnonymousUser

from marketplace.exchange.joint_requests.models import JointRequest
from marketplace.exchange.reservations import permissions
from portal.foundation.users.models import User


def can_see_joint_request(user: User | AnonymousUser, joint: JointRequest) -> bool:
    """Read it, cancel it, and confirm what was collected: members of either organisation."""
    rows = joint.rows
    return bool(rows) and all(permissions.can_see_reservation(user, row) for row in rows)


def can_answer_joint_request(user: User | AnonymousUser, joint: JointRequest) -> bool:
    """Accept or decline: members of the organisation that gives."""
    rows = joint.rows
    return bool(rows) and all(permissions.can_answer(user, row) for row in rows)
