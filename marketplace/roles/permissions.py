"""What follows from a person's roles. No role, or half of one, gives nothing."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from marketplace.municipalities.models import Municipality
from marketplace.roles.models import Role, RoleAssignment
from portal.foundation.users.models import User

CACHE, OWN_CACHE = "_held_roles", "_coordinated_pks"


def roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """The roles that `user` holds whole. Remembered on the user object, so for one request."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, CACHE):
        held = RoleAssignment.objects.filter(user=user).whole().values_list("role", flat=True)
        setattr(user, CACHE, frozenset(Role(role) for role in held))
    return getattr(user, CACHE)


def has_role(user: User | AnonymousUser, *roles: Role) -> bool:
    """Whether `user` holds one of `roles`, or administers everything."""
    return user.is_active and (user.is_superuser or not roles_of(user).isdisjoint(roles))


def half_roles_of(user: User | AnonymousUser) -> QuerySet[RoleAssignment]:
    """Roles that wait for a municipality, and give nothing until then."""
    if not user.is_authenticated:
        return RoleAssignment.objects.none()
    return RoleAssignment.objects.filter(user=user, role=Role.COORDINATOR, municipalities=None)


def coordinated_by(user: User | AnonymousUser) -> QuerySet:
    """The municipalities that `user` coordinates; all of them for an administrator."""
    municipalities = Municipality.objects
    if user.is_active and user.is_superuser:
        return municipalities.all()
    if Role.COORDINATOR not in roles_of(user):
        return municipalities.none()
    return municipalities.filter(
        role_assignments__user=user, role_assignments__role=Role.COORDINATOR
    )


def coordinates(user: User | AnonymousUser, municipality_pk: int) -> bool:
    """Whether `user` coordinates that municipality. Remembered, so that a list may ask per row."""
    if not hasattr(user, OWN_CACHE):
        setattr(user, OWN_CACHE, set(coordinated_by(user).values_list("pk", flat=True)))
    return municipality_pk in getattr(user, OWN_CACHE)


def municipalities_for(user: User | AnonymousUser) -> QuerySet | None:
    """The municipalities that `user` is limited to in the admin; None for no limit.

    Administrators and editors have none; coordinators see their own, whatever else they are;
    and who has no role at all is limited to nothing.
    """
    if has_role(user, Role.EDITOR):
        return None
    roles = roles_of(user)
    if roles and Role.COORDINATOR not in roles:
        return None
    return coordinated_by(user)


def can_give_role(user: User | AnonymousUser, role: Role, municipalities: Iterable = ()) -> bool:
    """Give or take `role`: administrators all, coordinators that of their own municipalities."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    wanted = {each.pk for each in municipalities}
    own = set(coordinated_by(user).values_list("pk", flat=True))
    return role == Role.COORDINATOR and bool(wanted) and wanted <= own


def can_manage_people(user: User | AnonymousUser) -> bool:
    """Open the page with people and their roles."""
    return has_role(user, Role.COORDINATOR, Role.SUPPORT)


def can_reset_factors(user: User | AnonymousUser, person: User) -> bool:
    """Take away a lost second factor: administrators; support, but never from an administrator."""
    return (
        has_role(user, Role.SUPPORT)
        and user.pk != person.pk
        and (user.is_superuser or not person.is_superuser)
    )


def can_read_site_history(user: User | AnonymousUser) -> bool:
    """Read who changed what on the whole site: editors."""
    return has_role(user, Role.EDITOR)


def people_with(*roles: Role) -> QuerySet:
    """The active people who hold one of `roles` whole."""
    return (
        get_user_model()
        .objects.filter(
            is_active=True,
            role_assignments__in=RoleAssignment.objects.whole().filter(role__in=roles),
        )
        .distinct()
    )


def coordinators_of(municipality: Municipality) -> QuerySet:
    """The active people who coordinate `municipality`."""
    return get_user_model().objects.filter(
        is_active=True,
        role_assignments__role=Role.COORDINATOR,
        role_assignments__municipalities=municipality,
    )


def figure_municipalities(user: User | AnonymousUser) -> QuerySet | None:
    """The municipalities whose figures `user` is limited to; None for no limit.

    The steering group answers for all of them, also the members who coordinate one.
    """
    return None if has_role(user, Role.STEERING_GROUP) else municipalities_for(user)


def can_invite_staff(user: User | AnonymousUser) -> bool:
    """Give any role at all: administrators, and coordinators that of a coordinator."""
    return has_role(user, Role.COORDINATOR)


def visible_assignments(user: User | AnonymousUser) -> QuerySet[RoleAssignment]:
    """The roles that `user` may know of: coordinators those in their own municipalities."""
    if has_role(user, Role.SUPPORT):
        return RoleAssignment.objects.all()
    return RoleAssignment.objects.in_municipalities(coordinated_by(user))


def can_take_role(user: User | AnonymousUser, assignment: RoleAssignment) -> bool:
    """Take a role back: as for giving it, but not one's own."""
    return user.pk != assignment.user_id and can_give_role(
        user, Role(assignment.role), assignment.municipalities.all()
    )


def can_dismiss(user: User | AnonymousUser, person: User) -> bool:
    """Take all roles of somebody who leaves: administrators, not for themselves."""
    return has_role(user, Role.ADMINISTRATOR) and user.pk != person.pk


def can_judge_organisations(user: User | AnonymousUser) -> bool:
    """Change type, municipality, number and trust of an organisation: editors."""
    return has_role(user, Role.EDITOR)
