"""Writing to the audit trail."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from portal.foundation.audit.models import AuditEvent

EventType = AuditEvent.Type


def record(
    event_type: AuditEvent.Type,
    *,
    actor: Model | AnonymousUser | None = None,
    organisation: Model | None = None,
    target: Model | None = None,
    **detail: str | int | bool,
) -> AuditEvent:
    """Write that `actor`, acting for `organisation`, did `event_type` to `target`.

    Call it in the transaction of the act itself. `detail` holds what is needed to understand it,
    such as the name of a role: no names of people, addresses, secrets or free text.
    """
    return AuditEvent.objects.create(
        type=event_type,
        actor=actor.pk if actor else None,
        organisation=organisation.pk if organisation else None,
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk) if target else "",
        detail=detail,
    )
