"""Deciding which organisations take part in the exchange."""

from django.db import transaction
from django.utils import timezone

from marketplace.notifications.services import notify
from marketplace.organisations.approval.recipients import approvers
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Organisation
from marketplace.review.errors import WrongState
from marketplace.signals import send_listing_changed
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User


def ask_for_approval(
    *, organisation: Organisation, by: User | None = None, again: bool = False
) -> None:
    """Tell those who approve organisations that a new one waits, or one waits again."""
    moment = f":{timezone.now():%Y%m%d%H%M%S}" if again else ""
    notify(
        users=approvers(organisation),
        type="organisation_to_approve",
        key=f"organisation:{organisation.pk}:to_approve{moment}",
        organisation=organisation,
    )


@transaction.atomic
def ask_organisation_for_changes(
    *, organisation: Organisation, by: User, note: str
) -> Organisation:
    """Ask the people of a new organisation to change something first; `note` says what.

    It waits for them until they have saved. Raises `WrongState` once it is decided.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.approval != Organisation.Approval.PENDING:
        raise WrongState
    organisation.approval_note = note
    organisation.save(update_fields=["approval_note"])
    notify(
        users=members(organisation),
        type="organisation_changes_requested",
        key=f"organisation:{organisation.pk}:changes:{timezone.now():%Y%m%d%H%M%S}",
        organisation=organisation,
        note=note,
    )
    return organisation


@transaction.atomic
def answer_changes(*, organisation: Organisation, by: User) -> bool:
    """Let it wait for us again, where it had been asked for changes; returns whether it had."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not organisation.is_asked_for_changes:
        return False
    organisation.approval_note = ""
    organisation.resubmitted_at = timezone.now()
    organisation.save(update_fields=["approval_note", "resubmitted_at"])
    ask_for_approval(organisation=organisation, by=by, again=True)
    return True


@transaction.atomic
def approve_organisation(*, organisation: Organisation, by: User, note: str = "") -> Organisation:
    """Let an organisation take part in the exchange, and tell its people."""
    decided = _decide(organisation, Organisation.Approval.APPROVED, note, "organisation_approved")
    record(EventType.APPROVED, actor=by, target=organisation)
    return decided


@transaction.atomic
def reject_organisation(*, organisation: Organisation, by: User, note: str = "") -> Organisation:
    """Refuse an organisation, with a note on why to its people."""
    decided = _decide(organisation, Organisation.Approval.REJECTED, note, "organisation_rejected")
    record(EventType.REFUSED, actor=by, target=organisation)
    return decided


def _decide(
    organisation: Organisation, approval: Organisation.Approval, note: str, type: str
) -> Organisation:
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.approval == approval:
        return organisation
    organisation.approval = approval
    organisation.approval_note = note
    now = timezone.now()
    organisation.approved_at = now if organisation.is_approved else None
    organisation.save(update_fields=["approval", "approval_note", "approved_at"])
    notify(
        users=members(organisation),
        type=type,
        key=f"organisation:{organisation.pk}:{type}:{now:%Y%m%d%H%M%S}",
        organisation=organisation,
        note=note,
    )
    for pk in organisation.listings.values_list("pk", flat=True):
        send_listing_changed(pk)
    return organisation
