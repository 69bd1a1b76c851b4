"""Services for organisations and their members: register, join, invite, promote, leave."""

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.errors import ExchangeError, WrongState
from marketplace.models import EmailDomain, Invitation, Membership, Organisation, Registration
from marketplace.models.registrations import in_two_weeks
from marketplace.notifications import approvers, notify, write_invitation
from marketplace.services import ask_for_approval


class LastAdministrator(ExchangeError):
    message = _("Somebody must be administrator. Make a colleague administrator first.")


class TooManyInvitations(ExchangeError):
    message = _("That many invitations are open already. Wait until some have been answered.")


class ColleagueAlready(ExchangeError):
    message = _("Whoever has that address is a colleague already.")


class InvitationOver(ExchangeError):
    message = _("This invitation has been used, taken back or is too old. Ask for a new one.")


def belongs_to(user, municipality):
    """Whether `user` has a confirmed address in one of the municipality's approved domains."""
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    domains = {
        email.rpartition("@")[2].lower() for email in addresses.values_list("email", flat=True)
    }
    return EmailDomain.objects.filter(municipality=municipality, domain__in=domains).exists()


def is_domain_of(code, email):
    """Whether `email` is in an approved domain of the municipality with the official `code`."""
    domain = email.rpartition("@")[2].lower()
    return EmailDomain.objects.filter(municipality__code=code, domain=domain).exists()


@transaction.atomic
def register_organisation(*, organisation, by):
    """Save a new organisation with `by` as its administrator.

    It waits for approval, unless it is a municipal service and `by` has a confirmed address in
    that municipality's own domain: then it is approved at once.
    """
    if organisation.is_receiver and belongs_to(by, organisation.municipality):
        organisation.approval = Organisation.Approval.APPROVED
        organisation.approved_at = timezone.now()
    organisation.contact_name = organisation.contact_name or by.get_full_name()
    organisation.contact_email = organisation.contact_email or by.email
    organisation.save()
    Membership.objects.create(
        user=by, organisation=organisation, role=Membership.Role.ADMINISTRATOR
    )
    if not organisation.is_approved:
        ask_for_approval(organisation=organisation, by=by)
    return organisation


@transaction.atomic
def ask_to_join(*, organisation, by):
    """Make `by` a member: at once with an address of the municipality, else colleagues decide.

    Where nobody is administrator, those who approve organisations decide, and the first who comes
    in becomes administrator.
    """
    at_home = organisation.is_receiver and belongs_to(by, organisation.municipality)
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
            kind="member_to_approve",
            key=f"membership:{membership.pk}:to_approve",
            organisation=organisation,
            person=str(by),
            email=by.email,
        )
    return membership


def role_of_newcomer(organisation, comes_in=True):
    """Member, or administrator of an organisation that has none."""
    if comes_in and not administrators(organisation).exists():
        return Membership.Role.ADMINISTRATOR
    return Membership.Role.MEMBER


@transaction.atomic
def carry_out_registration(*, user):
    """Do what `user` asked for when registering, now that their address is known to be theirs.

    Returns the membership, or None when there was nothing to do.
    """
    registration = Registration.objects.select_for_update().filter(user=user).first()
    if registration is None:
        return None
    registration.delete()
    if registration.invitation and registration.invitation.is_open:
        return accept_invitation(invitation=registration.invitation, by=user)
    if registration.organisation:
        return ask_to_join(organisation=registration.organisation, by=user)
    if not registration.new:
        return None
    fields = dict(registration.new)
    fields["municipality_id"] = fields.pop("municipality")
    organisation = Organisation(**fields)
    # Somebody else may have registered the same one since the form was filled in.
    same = (
        Organisation.objects.exclude(approval=Organisation.Approval.REJECTED)
        .exclude(org_number="")
        .filter(org_number=organisation.org_number)
        .first()
    )
    if same:
        return ask_to_join(organisation=same, by=user)
    return register_organisation(organisation=organisation, by=user).memberships.get(user=user)


@transaction.atomic
def invite(*, organisation, email, by, role=Membership.Role.MEMBER):
    """Send a colleague a link into `organisation`. One that is open already is sent again.

    Raises `ColleagueAlready` and `TooManyInvitations`.
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
    write_invitation(invitation)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation, by):
    """Make `by` an active member by an invitation, which can be used once."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.is_open:
        raise InvitationOver
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    membership, created = Membership.objects.get_or_create(
        user=by, organisation=invitation.organisation, defaults={"role": invitation.role}
    )
    if not created and membership.status != Membership.Status.ACTIVE:
        membership.status, membership.role = Membership.Status.ACTIVE, invitation.role
        membership.save(update_fields=["status", "role"])
    return membership


def administrators(organisation):
    return get_user_model().objects.filter(
        memberships__organisation=organisation,
        memberships__role=Membership.Role.ADMINISTRATOR,
        memberships__status=Membership.Status.ACTIVE,
    )


@transaction.atomic
def accept_member(*, membership):
    """Let somebody in who wants to join, and tell them."""
    if membership.status != Membership.Status.PENDING:
        raise WrongState
    if not administrators(membership.organisation).exists():
        membership.role = Membership.Role.ADMINISTRATOR
    membership.status = Membership.Status.ACTIVE
    membership.save(update_fields=["status", "role"])
    notify(
        users=[membership.user],
        kind="member_approved",
        key=f"membership:{membership.pk}:approved",
        organisation=membership.organisation,
    )
    return membership


@transaction.atomic
def set_role(*, membership, role):
    """Make a member administrator, or an administrator a member. Raises `LastAdministrator`."""
    if role != Membership.Role.ADMINISTRATOR:
        _keep_one_administrator(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(*, membership, by=None):
    """End a membership, also one's own. Raises `LastAdministrator`.

    Somebody who waited to be let in is told that they were not.
    """
    _keep_one_administrator(membership)
    if membership.status == Membership.Status.PENDING and by not in (None, membership.user):
        notify(
            users=[membership.user],
            kind="member_refused",
            key=f"membership:{membership.pk}:refused",
            organisation=membership.organisation,
        )
    membership.delete()


def _keep_one_administrator(membership):
    # The organisation's row is the lock: two administrators cannot leave at the same moment.
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    others = administrators(membership.organisation).exclude(pk=membership.user_id)
    decides = membership.role == Membership.Role.ADMINISTRATOR
    if decides and membership.status == Membership.Status.ACTIVE and not others.exists():
        raise LastAdministrator
