"""Give and take roles, and keep Wagtail's groups in step with them."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from marketplace.review.errors import ExchangeError
from marketplace.roles.models import Role, RoleAssignment, RoleGroup
from marketplace.roles.notifications import write_factors_reset, write_role_given
from marketplace.roles.permissions import CACHE, OWN_CACHE
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User


class MunicipalityMissing(ExchangeError):
    message = _("Choose at least one municipality: without one the role gives nothing.")


class LastAdministrator(ExchangeError):
    message = _("There must be an administrator. Give a colleague the role first.")


@transaction.atomic
def give_role(
    *, user: User, role: Role, by: User | None = None, municipalities: Iterable = ()
) -> RoleAssignment:
    """Let `user` have `role`; a municipal role they had already is for `municipalities` from now.

    Raises `MunicipalityMissing`.
    """
    municipalities = list(municipalities)
    if Role(role).is_municipal and not municipalities:
        raise MunicipalityMissing
    _lock(user)
    assignment, _created = RoleAssignment.objects.get_or_create(
        user=user, role=role, defaults={"given_by": by}
    )
    if Role(role).is_municipal:
        assignment.municipalities.set(municipalities)
    sync_user(user)
    codes = " ".join(municipality.code for municipality in municipalities)
    record(EventType.ROLE_GIVEN, actor=by, target=user, role=str(role), municipalities=codes)
    return assignment


@transaction.atomic
def invite_staff(
    *,
    email: str,
    role: Role,
    by: User,
    municipalities: Iterable = (),
    first_name: str = "",
    last_name: str = "",
) -> RoleAssignment:
    """Give `role` to the person with this address, with an account if they had none; they get mail.

    They sign in with a code sent to the address, so no password is ever chosen for them. A
    coordinator's municipalities come on top of those they had. Raises `MunicipalityMissing`.
    """
    user = person_with(email) or _account_for(email, first_name, last_name)
    had = user.role_assignments.filter(role=role).first()
    kept = had.municipalities.all() if had and Role(role).is_municipal else []
    assignment = give_role(user=user, role=role, by=by, municipalities={*kept, *municipalities})
    write_role_given(assignment, by=by)
    return assignment


def _account_for(email: str, first_name: str, last_name: str) -> User:
    user = get_user_model().objects.create_user(email, first_name=first_name, last_name=last_name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    return user


def person_with(email: str) -> User | None:
    """The person who signs in with `email`, or None."""
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True).first()
    if confirmed:
        return confirmed.user
    return get_user_model().objects.filter(email__iexact=email).first()


@transaction.atomic
def take_role(*, assignment: RoleAssignment, by: User | None = None) -> None:
    """Take a role back. Raises `LastAdministrator`."""
    user = _lock(assignment.user)
    if assignment.role == Role.ADMINISTRATOR:
        # All are locked, so that two administrators cannot leave at the same moment.
        held = RoleAssignment.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
        if not [each for each in held.select_for_update() if each.user_id != user.pk]:
            raise LastAdministrator
    assignment.delete()
    sync_user(user)
    record(EventType.ROLE_TAKEN, actor=by, target=user, role=assignment.role)


@transaction.atomic
def take_all_roles(*, user: User, by: User, successor: User | None = None) -> None:
    """Let `user` leave the staff: no roles, no sign-ins; `successor` gets what only they had.

    What waits for review waits for a role, not for a person, and stays in the queue.
    Municipalities that nobody else coordinates pass on to `successor`, if there is one.
    Raises `LastAdministrator`.
    """
    for assignment in list(user.role_assignments.all()):
        orphaned = [
            municipality
            for municipality in assignment.municipalities.all()
            if not municipality.role_assignments.exclude(user=user).exists()
        ]
        take_role(assignment=assignment, by=by)
        if successor and orphaned:
            had = successor.role_assignments.filter(role=Role.COORDINATOR).first()
            kept = had.municipalities.all() if had else []
            give_role(
                user=successor, role=Role.COORDINATOR, by=by, municipalities={*kept, *orphaned}
            )
    end_sessions(user)


@transaction.atomic
def reset_factors(*, user: User, by: User, checked: str) -> None:
    """Take away a lost second factor, end all sign-ins, and let the person know by mail.

    `checked` says how `by` knows that it is they who ask. At the next sign-in to the admin they
    are asked to set up a new one.
    """
    Authenticator.objects.filter(user=user).delete()
    record(EventType.FACTOR_REMOVED, actor=by, target=user, lost=True, checked=checked)
    end_sessions(user)
    write_factors_reset(user)


def end_sessions(user: User) -> None:
    """Sign `user` out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def sync_user(user: User) -> None:
    """Put `user` into exactly the groups of the roles that they hold whole."""
    for name in (CACHE, OWN_CACHE):
        vars(user).pop(name, None)
    held = set(RoleAssignment.objects.filter(user=user).whole().values_list("role", flat=True))
    for role_group in RoleGroup.objects.select_related("group"):
        if role_group.role not in held:
            user.groups.remove(role_group.group)
    user.groups.add(*(group_of(Role(role)) for role in held))
    # Django keeps the permissions that it has been asked for on the user object.
    for name in [name for name in vars(user) if name.endswith("_perm_cache")]:
        delattr(user, name)
    is_administrator = Role.ADMINISTRATOR in held
    if user.is_superuser != is_administrator:
        user.is_superuser = is_administrator
        user.save(update_fields=["is_superuser"])


def group_of(role: Role) -> Group:
    """The group that carries the rights of `role`, made where it is missing."""
    known = RoleGroup.objects.select_related("group").filter(role=role).first()
    if known:
        return known.group
    with override(settings.LANGUAGE_CODE):
        group = Group.objects.create(name=_free_name(str(role.label)))
    RoleGroup.objects.create(role=role, group=group)
    return group


def _free_name(name: str) -> str:
    """`name`, or with a number behind it where another group is called so."""
    free, number = name, 1
    while Group.objects.filter(name=free).exists():
        number += 1
        free = f"{name} {number}"
    return free


def _lock(user: User) -> User:
    get_user_model().objects.select_for_update().get(pk=user.pk)
    return user
