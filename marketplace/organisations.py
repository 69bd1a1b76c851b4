"""Services for organisations and their members: register, join, promote, leave."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.errors import ExchangeError, WrongState
from marketplace.models import EmailDomain, Membership, Organisation
from marketplace.notifications import notify
from marketplace.services import ask_for_approval


class LastAdministrator(ExchangeError):
    message = _("Somebody must be administrator. Make a colleague administrator first.")


def municipality_of_address(email):
    """The municipality whose approved domains `email` is in, or None."""
    domain = email.rpartition("@")[2].lower()
    found = EmailDomain.objects.filter(domain=domain).select_related("municipality").first()
    return found.municipality if found else None


@transaction.atomic
def register_organisation(*, organisation, by):
    """Save a new organisation with `by` as its administrator.

    It waits for approval, unless it is a municipal service and `by` has an address in that
    municipality's own domain: then it is approved at once.
    """
    at_home = municipality_of_address(by.email) == organisation.municipality
    if organisation.is_receiver and at_home:
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
    """Make `by` a member: at once with an address of the municipality, else colleagues decide."""
    at_home = municipality_of_address(by.email) == organisation.municipality
    status = (
        Membership.Status.ACTIVE
        if organisation.is_receiver and at_home
        else Membership.Status.PENDING
    )
    membership, created = Membership.objects.get_or_create(
        user=by, organisation=organisation, defaults={"status": status}
    )
    if membership.status == Membership.Status.INVITED:
        membership.status = Membership.Status.ACTIVE
        membership.save(update_fields=["status"])
    if created and membership.status == Membership.Status.PENDING:
        notify(
            users=administrators(organisation),
            kind="member_to_approve",
            key=f"membership:{membership.pk}:to_approve",
            organisation=organisation,
            person=str(by),
            email=by.email,
        )
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
    membership.status = Membership.Status.ACTIVE
    membership.save(update_fields=["status"])
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
def remove_member(*, membership):
    """End a membership, also one's own. Raises `LastAdministrator`."""
    _keep_one_administrator(membership)
    membership.delete()


def _keep_one_administrator(membership):
    # The organisation's row is the lock: two administrators cannot leave at the same moment.
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    others = administrators(membership.organisation).exclude(pk=membership.user_id)
    if membership.role == Membership.Role.ADMINISTRATOR and not others.exists():
        raise LastAdministrator
