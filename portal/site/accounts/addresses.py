"""A person's e-mail address is one thing: what staff change is what signs in, once confirmed."""

from functools import partial

from allauth.account.models import EmailAddress
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.foundation.audit.services import EventType, record
from portal.foundation.mail.rendering import absolute, render_email_from
from portal.foundation.privacy.personal_data import end_sessions
from portal.foundation.users.models import User

SALT = "new-address"
DAYS = 7


class LinkOver(ValidationError):
    def __init__(self) -> None:
        super().__init__(_("The link has been used or has expired. Ask for a new one."))


class AddressTaken(ValidationError):
    def __init__(self) -> None:
        super().__init__(_("There is already an account with this e-mail address."))


def is_taken(email: str, *, but: User) -> bool:
    """Whether somebody else signs in with `email`."""
    users = User.objects.filter(Q(email__iexact=email) | Q(emailaddress__email__iexact=email))
    return users.exclude(pk=but.pk).exists()


def token_for(user: User, email: str) -> str:
    """What a link carries. It ends when it has been used, since the old address is part of it."""
    return signing.dumps({"user": user.pk, "old": user.email, "new": email.lower()}, salt=SALT)


def ask_to_confirm(*, user: User, email: str) -> None:
    """Send a link to `email`; opening it makes this the address of `user`."""
    path = reverse("confirm_address", args=[token_for(user, email)])
    with override(user.language):
        letter = render_email_from(
            "new_address",
            to=email,
            values={"days": DAYS},
            action=translate("Use this address"),
            url=absolute(path),
            name=user.first_name,
        )
    transaction.on_commit(letter.send)


def read(token: str) -> tuple[User, str]:
    """The person and the new address that a link is about. Raises `LinkOver`."""
    try:
        said = signing.loads(token, salt=SALT, max_age=DAYS * 86400)
    except signing.BadSignature as error:
        raise LinkOver from error
    user = User.objects.filter(pk=said["user"], email=said["old"]).first()
    if user is None:
        raise LinkOver
    return user, said["new"]


@transaction.atomic
def confirm(*, token: str) -> User:
    """Make the address in the link the one that signs in; the old one no longer does.

    All sessions end, and the old address is told. Raises `LinkOver` and `AddressTaken`.
    """
    user, email = read(token)
    user = User.objects.select_for_update().get(pk=user.pk)
    if is_taken(email, but=user):
        raise AddressTaken
    old, user.email = user.email, email
    user.save(update_fields=["email"])
    addresses = EmailAddress.objects.filter(user=user)
    addresses.filter(Q(email__iexact=old) | Q(email__iexact=email)).delete()
    addresses.update(primary=False)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    end_sessions(user)
    record(EventType.EMAIL_CHANGED, actor=user, target=user)
    transaction.on_commit(partial(notify_old_address, user, old))
    return user


def notify_old_address(user: User, old: str) -> None:
    with override(user.language):
        render_email_from("address_replaced", to=old, values={}, name=user.first_name).send()
