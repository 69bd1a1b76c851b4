"""How often something may be done: allauth's limiter, with the rates of `portal.settings.limits`.

Counts are kept in the store named `limits`, which all processes share and which throws nothing
out; the pages that visitors see are kept elsewhere. The visitor's address is found as allauth finds
it, which knows how many proxies are ours.
"""

import hashlib
import secrets

from allauth.core.internal import ratelimit as limiter
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.connection import ConnectionProxy
from django.utils.translation import gettext_lazy as _

STORE = "limits"
store = ConnectionProxy(caches, STORE)
DEVICE_SALT = "portal.device"
DEVICE_SECONDS = 365 * 24 * 3600

TOO_OFTEN = _("That was too many attempts in a short time. Please wait a while and try again.")


class TooOften(Exception):
    """Something has been done more often than it may be. `str()` of it is for people."""

    message = TOO_OFTEN

    def __str__(self) -> str:
        return str(self.args[0] if self.args else self.message)


def count_in_store() -> None:
    """Let allauth count in the store of the limits: it knows only Django's default cache."""
    limiter.cache = totp.cache = store


def device_of(request: HttpRequest) -> str:
    """What tells one visitor from the next without knowing who they are, as a hash.

    The person who is signed in; else the browser, by the number that we gave it; else the address
    together with what the browser calls itself.
    """
    user = getattr(request, "user", None)
    number = number_of_device(request)
    if number and not (user is not None and user.is_authenticated):
        return hashlib.sha256(f"device:{number}".encode()).hexdigest()
    return visitor_of(request)


def number_of_device(request: HttpRequest) -> str | None:
    """The number in the cookie, if it is one that we have given within a year."""
    return request.get_signed_cookie(
        settings.DEVICE_COOKIE_NAME, default=None, salt=DEVICE_SALT, max_age=DEVICE_SECONDS
    )


def give_number(request: HttpRequest, response: HttpResponse) -> None:
    """Give a browser without a number one to be counted by, unless its address has had too many.

    Nobody can make one up, and a client that drops its cookie to look new spends what the address
    may have.
    """
    if number_of_device(request) or not allows("new_device", request=request):
        return
    response.set_signed_cookie(
        settings.DEVICE_COOKIE_NAME,
        secrets.token_urlsafe(12),
        salt=DEVICE_SALT,
        max_age=DEVICE_SECONDS,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def visitor_of(request: HttpRequest) -> str:
    """Who visits, as a hash that cannot be chosen by a cookie: for what is counted once a day.

    The person who is signed in, else the address together with what the browser calls itself.
    """
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        source = f"user:{user.pk}"
    else:
        source = f"address:{limiter.get_ip(request)}:{request.headers.get('User-Agent', '')}"
    return hashlib.sha256(source.encode()).hexdigest()


def allows(action: str, *, request: HttpRequest | None = None, key: str | None = None) -> bool:
    """Count one `action` and say whether it is within its rates.

    `key` is what is counted by for rates "per key"; `request` says the address for those "per ip".
    """
    usage = limiter.consume(request, app="allauth.account", action=action, key=key, limit_get=True)
    return usage is not None


def consume(action: str, *, request: HttpRequest | None = None, key: str | None = None) -> None:
    """Count one `action`. Raises `TooOften` when it is over its rates."""
    if not allows(action, request=request, key=key):
        raise TooOften


def consume_by_device(action: str, *, request: HttpRequest) -> None:
    """Count one `action` of a visitor: by `<action>_device` first, then by their address.

    Raises `TooOften`. A refused device does not use up the limit of the others behind the address.
    """
    consume(f"{action}_device", key=device_of(request))
    consume(action, request=request)
