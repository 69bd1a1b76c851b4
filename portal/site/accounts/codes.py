"""Codes that sign in: one per e-mail address, on whatever device it is typed.

allauth keeps a code in the session that asked for it. Ours are kept by address, so that a mail that
is read on the phone helps on the computer, and the other way round. What is kept is not the code
but a random number that it follows from together with `SECRET_KEY`: who reads the store or a copy
of it can sign in as nobody.
"""

import secrets
import time
from typing import NamedTuple
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.constants import LoginStageKey
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.conf import settings
from django.core import signing
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac

from portal.foundation.mail.rendering import absolute
from portal.foundation.users.models import User

# Seconds. A code that is younger is sent again to who asks again, and not replaced.
VALID, YOUNG = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT, 5 * 60
SALT = "sign-in-elsewhere"
# Letters that are not mistaken for others, and make no words.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


class Sent(NamedTuple):
    """What a code is made from, and when it was made, in seconds since the epoch."""

    seed: str
    at: float

    def code_of(self, email: str) -> str:
        """The code that was sent to `email`, such as BCDF-GHJK."""
        made_from = f"{email.lower()}:{self.seed}"
        number = int(salted_hmac("code", made_from, algorithm="sha256").hexdigest(), 16)
        letters = [LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(8)]
        return "".join([*letters[:4], "-", *letters[4:]])


def _key(email: str) -> str:
    return f"sign-in-code:{salted_hmac('sign-in-code', email.lower()).hexdigest()}"


def sent_to(email: str) -> Sent | None:
    """What was sent to `email` and can be signed in with now, or None."""
    kept = caches["limits"].get(_key(email))
    found = Sent(*kept) if kept else None
    return found if found and time.time() - found.at <= VALID else None


def code_for(email: str) -> str:
    """The code to send to `email`: the one that was sent just now, or a new one."""
    found = sent_to(email)
    if found is None or time.time() - found.at > YOUNG:
        found = Sent(secrets.token_urlsafe(16), time.time())
        caches["limits"].set(_key(email), list(found), VALID)
    return found.code_of(email)


def forget(email: str) -> None:
    """End the code of `email`, on all devices."""
    caches["limits"].delete(_key(email))


def with_next(path: str, next_path: str | None) -> str:
    """`path` with where to go on to afterwards, if anywhere."""
    return f"{path}?{urlencode({'next': next_path}, safe='/')}" if next_path else path


def link_for(email: str, next_path: str | None) -> str:
    """The absolute URL at which the code is typed on another device. It signs nobody in."""
    token = signing.dumps({"email": email, "next": next_path or ""}, salt=SALT)
    return absolute(reverse("code_elsewhere", args=[token]))


def read_link(token: str) -> tuple[str, str] | None:
    """The address and the path to go on to of `link_for`; None when it is old or made up."""
    try:
        said = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.BadSignature:
        return None
    return said["email"], said["next"]


class Entrance(LoginCodeVerificationProcess):
    """Signing in by code, for known and new addresses alike.

    Who is known is signed in; who is new goes on to say who they are.
    """

    @classmethod
    def start(cls, request: HttpRequest, email: str) -> "Entrance":
        """Wait in this session for the code of `email`. Nothing is sent."""
        found = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        user = found[0] if found else None
        login = Login(user=user, email=email)
        login.state["stages"] = {"current": LoginStageKey.LOGIN_BY_CODE.value}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=user, email=email), initiated_by_user=True)
        process = cls(stage)
        process.persist()
        return process

    @classmethod
    def resume(cls, stage: LoginByCodeStage) -> "Entrance | None":
        return cls(stage).abort_if_invalid()

    @property
    def email(self) -> str:
        return self.state["email"]

    @property
    def code(self) -> str:
        found = sent_to(self.email)
        return found.code_of(self.email) if found else ""

    def send(self, skip_enumeration_mails: bool = False, next_path: str | None = None) -> None:
        """Send the code, whether or not the address is known."""
        context = {
            "request": self.request,
            "code": code_for(self.email),
            "url": link_for(self.email, next_path),
        }
        get_adapter().send_mail("account/email/login_code", self.email, context)

    def resend(self, next_path: str | None = None) -> None:
        forget(self.email)
        self.send(next_path=next_path)
        self.record_resend()
        self.persist()

    def finish(self, redirect_url: str | None) -> HttpResponse:
        forget(self.email)
        # Somebody may have registered on another device since the code was asked for.
        self._user = self.user or User.objects.filter(email__iexact=self.email).first()
        if self._user and not self._user.is_active:
            clear_login(self.request)
            return redirect("account_inactive")
        if self._user:
            # Users made on the command line have no row that the code could confirm.
            EmailAddress.objects.get_or_create(user=self._user, email=self.email.lower())
            return super().finish(redirect_url)
        clear_login(self.request)
        get_adapter().stash_verified_email(self.request, self.email)
        return redirect(with_next(reverse("account_signup"), redirect_url))
