"""Who plans what is driven: coordinators, in their own municipalities."""

from django.contrib.auth.models import AnonymousUser

from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinated_by, coordinates, has_role
from marketplace.transport.models import Run, RunQuerySet
from portal.foundation.users.models import User


def can_plan_transport(user: User | AnonymousUser) -> bool:
    """Open the days of rounds at all: coordinators, and who administers everything."""
    return has_role(user, Role.COORDINATOR)


def can_plan_run(user: User | AnonymousUser, run: Run) -> bool:
    """Plan, lock, print, move and give links: coordinators of the carrier's municipality."""
    return user.is_active and (
        user.is_superuser or coordinates(user, run.round.carrier.municipality_id)
    )


def visible_runs(user: User | AnonymousUser) -> RunQuerySet:
    """The days of rounds in the municipalities that `user` coordinates."""
    return Run.objects.in_municipalities(coordinated_by(user))
