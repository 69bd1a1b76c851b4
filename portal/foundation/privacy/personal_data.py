"""Everything that is held on a person: handed out, and removed.

Both follow the database's own relations to the user, so that a model added tomorrow is in them.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from post_office.models import Email

from portal.foundation.audit.models import AuditEvent
from portal.foundation.audit.services import EventType, record
from portal.foundation.mail.queue import remove_mail
from portal.foundation.privacy.signals import personal_data_requested, user_pre_erase

# Fields that are keys and not information, or that hold what others have written.
LEFT_OUT = {
    "portal.user": {"password"},
    "account.emailconfirmation": {"key"},
    "usersessions.usersession": {"session_key", "data"},
    "mfa.authenticator": {"data"},
    "socialaccount.socialtoken": {"token", "token_secret"},
    "marketplace.invitation": {"token"},
    "marketplace.ideainvitation": {"token"},
    "marketplace.calendarfeed": {"token"},
    "marketplace.pushsubscription": {"endpoint", "p256dh", "auth", "session_key"},
    "marketplace.hubcard": {"nonce"},
    "marketplace.listingimport": {"content"},
    "marketplace.purchaseimport": {"content"},
    "marketplace.schoolimport": {"content", "rows"},
    "wagtailcore.revision": {"content"},
}


class LastSuperuser(ValidationError):
    pass


def relations():
    """Every relation from another table to the user, as (name in the export, model, field)."""
    user_model = get_user_model()
    for field in user_model._meta.get_fields(include_hidden=True):
        if not isinstance(field, ForeignObjectRel):
            continue
        model = field.related_model
        if model._meta.auto_created or model._meta.proxy or field.field.model is not model:
            continue
        yield f"{model._meta.label_lower}.{field.field.name}", model, field.field


def export(user):
    """All that is held on `user`, as plain values: the account, then each table by its name."""
    data = {
        "exported_at": timezone.now(),
        "account": row(user)
        | {
            "groups": list(user.groups.values_list("name", flat=True)),
            "permissions": list(user.user_permissions.values_list("codename", flat=True)),
        },
    }
    for name, model, field in relations():
        rows = model._base_manager.filter(**{field.name: user}).order_by("pk")
        if found := [row(each) for each in rows]:
            data[name] = found
    if events := [row(event) for event in AuditEvent.objects.about(user)]:
        data["portal.auditevent"] = events
    addresses = addresses_of(user)
    by_address: dict[str, Any] = {
        "post_office.email.to": [row(email) for email in mail_to(addresses)]
    }
    answers: Any = personal_data_requested.send(sender=type(user), addresses=addresses)
    for _receiver, held in answers:
        by_address |= held
    return data | {name: rows for name, rows in by_address.items() if rows}


def row(instance):
    """Return the fields of one row by name; a relation by its key and its text."""
    left_out = LEFT_OUT.get(instance._meta.label_lower, ())
    values = {}
    for field in instance._meta.concrete_fields:
        if field.name in left_out:
            continue
        value = getattr(instance, field.attname)
        if field.is_relation and value is not None:
            values[field.name] = {"id": value, "text": str(getattr(instance, field.name))}
        else:
            values[field.name] = field.value_to_string(instance) if is_file(field) else value
    return values


def is_file(field):
    return field.get_internal_type() in ("FileField", "ImageField")


def addresses_of(user):
    """Every e-mail address of `user`, in lower case."""
    known = user.emailaddress_set.values_list("email", flat=True)
    return {user.email.lower(), *(email.lower() for email in known)}


def mail_to(addresses):
    """The mail in the queue and its archive that went to one of `addresses`."""
    for address in addresses:
        for email in Email.objects.filter(to__icontains=address):
            if address in (to.lower() for to in email.to):
                yield email


@transaction.atomic
def erase(user, *, by=None):
    """Erase an account permanently. Handovers stay, without the person.

    `by` is who does it, or None when the account has grown too old.
    """
    if user.is_superuser and not _another_superuser(user):
        raise LastSuperuser(_("Make somebody else a superuser first. There must be at least one."))
    addresses = addresses_of(user)
    user_pre_erase.send(sender=type(user), user=user, addresses=addresses)
    remove_mail([email.pk for email in mail_to(addresses)])
    end_sessions(user)
    record(EventType.ERASED, actor=by, target=user)
    user.delete()


def _another_superuser(user):
    superusers = get_user_model().objects.filter(is_superuser=True, is_active=True)
    return superusers.exclude(pk=user.pk).exists()


def end_sessions(user, *, but=None) -> int:
    """Sign `user` out everywhere, except in the session with the key `but`; count those ended."""
    sessions = user.usersession_set.exclude(session_key=but or "")
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    return len(keys)
