"""Who may see figures and costs, and report purchases and collaborations."""

from django.contrib.auth.models import AnonymousUser

from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import is_member
from portal.foundation.users.models import User


def can_see_figures(user: User | AnonymousUser) -> bool:
    """Read reports and dashboards in the admin: those who may see the ledger of handovers."""
    return user.is_active and user.has_perm("marketplace.view_handover")


def can_see_costs(user: User | AnonymousUser) -> bool:
    """Read what each municipality pays: the steering group, and those who agree on it."""
    return user.is_active and user.has_perm("marketplace.view_costsharing")


def can_see_revaluations(user: User | AnonymousUser) -> bool:
    """Read the log of recomputed factors."""
    return user.is_active and user.has_perm("marketplace.view_revaluation")


def can_see_effect_statement(user: User | AnonymousUser, organisation: Organisation | None) -> bool:
    """Read what an organisation's gifts achieved, and take its statement home: its members."""
    return bool(organisation and is_member(user, organisation))


def can_report_purchases(user: User | AnonymousUser) -> bool:
    """Report what was bought new: members of a school, preschool or municipal service."""
    return user.is_authenticated and Organisation.objects.of_user(user).municipal().exists()


def can_record_collaboration(user: User | AnonymousUser, organisation: Organisation | None) -> bool:
    """Record a study visit or a project of `organisation` (or None): its members, once approved."""
    return bool(organisation and organisation.is_approved and is_member(user, organisation))
