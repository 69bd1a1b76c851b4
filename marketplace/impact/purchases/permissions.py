"""Who may correct what a school has reported."""

from django.contrib.auth.models import AnonymousUser

from marketplace.impact.purchases.models import PurchaseReport
from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinates, has_role
from portal.foundation.users.models import User


def can_correct_purchase(user: User | AnonymousUser, report: PurchaseReport) -> bool:
    """Correct with a reason: editors, and coordinators of the municipality that it counts in."""
    return has_role(user, Role.EDITOR) or coordinates(user, report.municipality_id)
