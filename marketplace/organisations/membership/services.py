"""Services for organisations and their members: register, join, invite, promote, leave."""

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.municipalities.email_domains import belongs_to
from marketplace.notifications.services import notify
from marketplace.organisations.approval.recipients import approvers
from marketplace.organisations.membership.models import Invitation, in_two_weeks
from marketplace.organisations.membership.notifications import write_invitation
from marketplace.organisations.models import Membership, Organisation
from marketplace.review.errors import ExchangeError, WrongState
from portal.foundation.audit.services import EventType, record
from portal.foundation.mail import budget
from portal.foundation.users.models import User


class LastAdministrator(ExchangeError):
    message = _("There must be an administrator. Make a colleague administrator first.")


class TooManyInvitations(ExchangeError):
    message = _("Too many invitations are open already. Wait until some have been answered.")


class ColleagueAlready(ExchangeError):
    message = _("The person with that address is already a colleague of yours.")


class InvitationOver(ExchangeError):
    message = _("This invitation has been used, withdrawn or has expired. Ask for a new one.")


class InvitationForAnother(ExchangeError):
    message = _(
        "This invitation went to another address. Sign in with that one, or ask "
        "for a new invitation."
    )


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether `user` has shown that the address which `invitation` went to is theirs."""
    return EmailAddress.objects.filter(
        user=user, email__iexact=invitation.email, verified=True
    ).exists()


@transaction.atomic
def ask_to_join(*, organisation: Organisation, by: User) -> Membership:
    """Make `by` a member: at once with an address of the municipality, else colleagues decide.

    Where nobody is administrator, those who approve organisations decide, and the first who comes
    in becomes administrator.
    """
    at_home = organisation.is_municipal and belongs_to(by, organisation.municipality)
    status = Membership.Status.ACTIVE if at_home else Membership.Status.PENDING
    membership, created = Membership.objects.get_or_create(
        user=by,
        organisation=organisation,
        defaults={"status": status, "role": role_of_newcomer(organisation, at_home)},
    )
    if membership.status == Membership.Status.INVITED:
        membership.status = Membership.Status.ACTIVE
        membership.save(update_fields=["status"])
    if created and membership.status == Membership.Status.PENDING:
        deciders = administrators(organisation)
        notify(
            users=deciders if deciders.exists() else approvers(organisation),
            type="member_to_approve",
            key=f"membership:{membership.pk}:to_approve",
            organisation=organisation,
            person=str(by),
            email=by.email,
        )
    return membership


def role_of_newcomer(organisation: Organisation, comes_in: bool = True) -> Membership.Role:
    """Member, or administrator of an organisation that has none."""
    if comes_in and not administrators(organisation).exists():
        return Membership.Role.ADMINISTRATOR
    return Membership.Role.MEMBER


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, by: User, role: str = Membership.Role.MEMBER
) -> Invitation:
    """Send a colleague a link into `organisation`. One that is open already is sent again.

    Raises `ColleagueAlready`, `TooManyInvitations` and `OverBudget`.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    email = email.lower()
    if organisation.active_members().filter(email__iexact=email).exists():
        raise ColleagueAlready
    invitation = organisation.invitations.open().filter(email=email).first()
    if invitation is None:
        if organisation.invitations.open().count() >= Invitation.MAX_OPEN:
            raise TooManyInvitations
        invitation = Invitation(organisation=organisation, email=email)
    invitation.role, invitation.created_by, invitation.expires_at = role, by, in_two_weeks()
    invitation.save()
    budget.spend_on_invitation(organisation)
    record(
        EventType.INVITED, actor=by, organisation=organisation, target=invitation, role=str(role)
    )
    write_invitation(invitation)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User) -> Membership:
    """Make `by` an active member by an invitation, which can be used once.

    Raises `InvitationOver`, and `InvitationForAnother` where it did not go to an address of `by`.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.is_open:
        raise InvitationOver
    if not is_for(invitation, by):
        raise InvitationForAnother
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    membership, created = Membership.objects.get_or_create(
        user=by, organisation=invitation.organisation, defaults={"role": invitation.role}
    )
    if not created and membership.status != Membership.Status.ACTIVE:
        membership.status, membership.role = Membership.Status.ACTIVE, invitation.role
        membership.save(update_fields=["status", "role"])
    return membership


def administrators(organisation: Organisation) -> QuerySet:
    return get_user_model().objects.filter(
        memberships__organisation=organisation,
        memberships__role=Membership.Role.ADMINISTRATOR,
        memberships__status=Membership.Status.ACTIVE,
    )


@transaction.atomic
def accept_member(*, membership: Membership, by: User | None = None) -> Membership:
    """Let somebody in who wants to join, and tell them."""
    if membership.status != Membership.Status.PENDING:
        raise WrongState
    if not administrators(membership.organisation).exists():
        membership.role = Membership.Role.ADMINISTRATOR
    membership.status = Membership.Status.ACTIVE
    membership.save(update_fields=["status", "role"])
    record_role(EventType.ROLE_GIVEN, membership, by)
    notify(
        users=[membership.user],
        type="member_approved",
        key=f"membership:{membership.pk}:approved",
        organisation=membership.organisation,
    )
    return membership


@transaction.atomic
def set_role(*, membership: Membership, role: str, by: User | None = None) -> Membership:
    """Make a member administrator, or an administrator a member. Raises `LastAdministrator`."""
    if role != Membership.Role.ADMINISTRATOR:
        _keep_one_administrator(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    record_role(EventType.ROLE_GIVEN, membership, by)
    return membership


def record_role(type: EventType, membership: Membership, by: User | None) -> None:
    """Record that `by` gave or took the role that `membership` has."""
    record(
        type,
        actor=by,
        organisation=membership.organisation,
        target=membership.user,
        role=str(membership.role),
    )


@transaction.atomic
def remove_member(*, membership: Membership, by: User | None = None) -> None:
    """End a membership, also one's own. Raises `LastAdministrator`.

    Somebody who waited to be let in is told that they were not.
    """
    _keep_one_administrator(membership)
    if membership.status == Membership.Status.PENDING and by not in (None, membership.user):
        notify(
            users=[membership.user],
            type="member_refused",
            key=f"membership:{membership.pk}:refused",
            organisation=membership.organisation,
        )
    record_role(EventType.ROLE_TAKEN, membership, by)
    membership.delete()


def _keep_one_administrator(membership: Membership) -> None:
    # The organisation's row is the lock: two administrators cannot leave at the same moment.
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    others = administrators(membership.organisation).exclude(pk=membership.user_id)
    decides = membership.role == Membership.Role.ADMINISTRATOR
    if decides and membership.status == Membership.Status.ACTIVE and not others.exists():
        raise LastAdministrator
