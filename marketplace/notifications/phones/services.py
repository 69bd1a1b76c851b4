"""A person's phone: notifications on a device turned on and off, a number confirmed and removed."""

import secrets
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.notifications.phones import sms
from marketplace.notifications.phones.models import PhoneNumber, PushSubscription
from portal.foundation.mail.rendering import site_name
from portal.foundation.throttling import consume
from portal.foundation.users.models import User

KEPT = "phone_code"
CODE_SECONDS = 10 * 60
TRIES = 5


class WrongCode(Exception):
    """The code is not the one that was sent. `str()` of it is for people."""

    message = gettext_lazy("That is not the code that was sent. Look again at the text message.")

    def __str__(self) -> str:
        return str(self.message)


class CodeIsOver(WrongCode):
    message = gettext_lazy("That code can no longer be used. Ask for a new one.")


@transaction.atomic
def turn_on(*, user: User, session_key: str, device: str, values: dict[str, Any]) -> None:
    """Show notifications of `user` in a browser. One that was somebody else's is now theirs."""
    PushSubscription.objects.update_or_create(
        endpoint=values["endpoint"],
        defaults={
            **values,
            "user": user,
            "session_key": session_key,
            "device": device[:60],
            "created_at": timezone.now(),
        },
    )
    known = user.push_subscriptions.order_by("-created_at", "-pk").values_list("pk", flat=True)
    surplus = list(known[PushSubscription.MOST_PER_PERSON :])
    user.push_subscriptions.filter(pk__in=surplus).delete()


def send_code(*, user: User, number: str, session: SessionBase) -> None:
    """Text a code to `number`, which is kept in the session and nowhere else until it is confirmed.

    Raises `TooOften` and `SmsFailed`.
    """
    consume("phone_code", key=str(user.pk))
    consume("phone_code_number", key=number)
    consume("phone_texts_of_site", key="site")
    code = f"{secrets.randbelow(1_000_000):06}"
    text = _("%(code)s is your code for %(site)s.") % {"code": code, "site": site_name()}
    sms.send(to=number, text=text)
    session[KEPT] = {
        "number": number,
        "code": _hashed(code, number),
        "until": timezone.now().timestamp() + CODE_SECONDS,
        "tries": TRIES,
    }


def _hashed(code: str, number: str) -> str:
    """What is kept of a code, so that it can be read in the text message alone."""
    return salted_hmac(KEPT, f"{number}:{code}", algorithm="sha256").hexdigest()


def number_to_confirm(session: SessionBase) -> str | None:
    """The number that a code has been sent to, while it may still be typed."""
    kept = session.get(KEPT)
    return kept["number"] if kept and kept["until"] > timezone.now().timestamp() else None


def confirm_number(*, user: User, code: str, session: SessionBase) -> PhoneNumber:
    """Keep the number that `code` was sent to. Raises `WrongCode`."""
    if number_to_confirm(session) is None:
        raise CodeIsOver
    kept = session[KEPT]
    if not constant_time_compare(_hashed(code, kept["number"]), kept["code"]):
        kept["tries"] -= 1
        session.modified = True
        if kept["tries"] <= 0:
            del session[KEPT]
            raise CodeIsOver
        raise WrongCode
    del session[KEPT]
    number, _created = PhoneNumber.objects.update_or_create(
        user=user, defaults={"number": kept["number"], "confirmed_at": timezone.now()}
    )
    return number
