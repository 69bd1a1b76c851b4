"""Keeping what was approved until a change of it has been looked at."""

from django.db import transaction
from django.utils import timezone

from marketplace.notifications.services import notify
from marketplace.organisations.approval.recipients import approvers
from marketplace.organisations.identity.models import IdentityChange
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Organisation
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User


@transaction.atomic
def save_details(*, organisation: Organisation, by: User) -> IdentityChange | None:
    """Save what its administrator has written about `organisation`.

    Name and web address of an approved one stay as they were; the change that waits is returned.
    """
    before = Organisation.objects.select_for_update().get(pk=organisation.pk)
    wanted = {name: getattr(organisation, name) for name in IdentityChange.FIELDS}
    change = None
    if before.is_approved:
        change = _wait(before, wanted, by)
        for name in wanted:
            setattr(organisation, name, getattr(before, name))
    organisation.save()
    return change


def _wait(organisation: Organisation, wanted: dict[str, str], by: User) -> IdentityChange | None:
    """Keep `wanted` beside `organisation`, or nothing where it is what it is called already."""
    if all(getattr(organisation, name) == value for name, value in wanted.items()):
        IdentityChange.objects.filter(organisation=organisation).delete()
        return None
    now = timezone.now()
    change, _created = IdentityChange.objects.update_or_create(
        organisation=organisation, defaults=wanted | {"asked_by": by, "asked_at": now}
    )
    notify(
        users=approvers(organisation),
        type="identity_to_review",
        key=f"identity:{change.pk}:{now:%Y%m%d%H%M%S}",
        organisation=organisation,
        wanted=wanted["name"],
    )
    return change


@transaction.atomic
def approve_change(*, change: IdentityChange, by: User) -> Organisation:
    """Let the organisation be called what it wants from now on, and let its people know."""
    organisation = Organisation.objects.select_for_update().get(pk=change.organisation_id)
    for name in IdentityChange.FIELDS:
        setattr(organisation, name, getattr(change, name))
    organisation.save(update_fields=IdentityChange.FIELDS)
    _settle(change, organisation, by, EventType.APPROVED, "identity_approved")
    return organisation


@transaction.atomic
def refuse_change(*, change: IdentityChange, by: User) -> Organisation:
    """Let the organisation keep its name, and let its people know."""
    organisation = Organisation.objects.select_for_update().get(pk=change.organisation_id)
    _settle(change, organisation, by, EventType.REFUSED, "identity_refused")
    return organisation


def _settle(
    change: IdentityChange, organisation: Organisation, by: User, event: EventType, type: str
) -> None:
    record(event, actor=by, target=organisation, what="identity")
    notify(
        users=members(organisation),
        type=type,
        key=f"identity:{change.pk}:{change.asked_at:%Y%m%d%H%M%S}:{type}",
        organisation=organisation,
        wanted=change.name,
    )
    change.delete()
