"""Register an organisation, and carry out what somebody asked for at sign-up."""

from django.db import transaction
from django.utils import timezone

from marketplace.municipalities.email_domains import belongs_to
from marketplace.organisations.approval.services import ask_for_approval
from marketplace.organisations.membership.services import accept_invitation, ask_to_join, is_for
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.registration.models import Registration
from portal.foundation.users.models import User


@transaction.atomic
def register_organisation(*, organisation: Organisation, by: User) -> Organisation:
    """Save a new organisation with `by` as its administrator.

    It waits for approval, unless it is a municipal service and `by` has a confirmed address in
    that municipality's own domain: then it is approved at once.
    """
    if organisation.is_municipal and belongs_to(by, organisation.municipality):
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
def carry_out_registration(*, user: User) -> Membership | None:
    """Do what `user` asked for when registering, now that their address is known to be theirs.

    Returns the membership, or None when there was nothing to do.
    """
    registration = Registration.objects.select_for_update().filter(user=user).first()
    if registration is None:
        return None
    registration.delete()
    invitation = registration.invitation
    if invitation and invitation.is_open and is_for(invitation, user):
        return accept_invitation(invitation=invitation, by=user)
    if invitation:
        # Registered with another address than was invited: colleagues decide.
        return ask_to_join(organisation=invitation.organisation, by=user)
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
