"""Deciding which organisations take part in the exchange."""

from django.db import transaction
from django.utils import timezone

from marketplace import notifications
from marketplace.models import Organisation

from .stock import announce


def ask_for_approval(*, organisation, by=None):
    """Tell those who approve organisations that a new one waits."""
    notifications.notify(
        users=notifications.approvers(organisation),
        kind="organisation_to_approve",
        key=f"organisation:{organisation.pk}:to_approve",
        organisation=organisation,
    )


@transaction.atomic
def approve_organisation(*, organisation, by, note=""):
    """Let an organisation take part in the exchange, and tell its people."""
    return _decide(organisation, Organisation.Approval.APPROVED, note, "organisation_approved")


@transaction.atomic
def reject_organisation(*, organisation, by, note=""):
    """Refuse an organisation, with a note on why to its people."""
    return _decide(organisation, Organisation.Approval.REJECTED, note, "organisation_rejected")


def _decide(organisation, approval, note, kind):
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.approval == approval:
        return organisation
    organisation.approval = approval
    organisation.approval_note = note
    now = timezone.now()
    organisation.approved_at = now if organisation.is_approved else None
    organisation.save(update_fields=["approval", "approval_note", "approved_at"])
    notifications.notify(
        users=notifications.members(organisation),
        kind=kind,
        key=f"organisation:{organisation.pk}:{kind}:{now:%Y%m%d%H%M%S}",
        organisation=organisation,
        note=note,
    )
    for pk in organisation.listings.values_list("pk", flat=True):
        announce(pk)
    return organisation
