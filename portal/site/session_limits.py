"""How long one stays signed in: staff 12 hours, others 60 days from the last visit."""

import hashlib
import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

STARTED = "signed_in_at"
SEEN = "seen_on"
# How exactly the list of the devices that somebody is signed in on says when each was used.
ACTIVITY_SECONDS = 300


@receiver(user_logged_in, dispatch_uid="session_started")
def note_start(sender, request, **kwargs):
    """Note when the session began, in seconds since 1970."""
    request.session[STARTED] = time.time()
    request.session[SEEN] = timezone.localdate().isoformat()


def is_staff(user) -> bool:
    """Whether somebody may enter the admin."""
    return user.is_active and user.has_perm("wagtailadmin.access_admin")


def is_over(request: HttpRequest) -> bool:
    """Whether this is a session of staff that began too long ago."""
    started = request.session.setdefault(STARTED, time.time())
    too_old = time.time() - started > settings.STAFF_SESSION_HOURS * 3600
    return too_old and is_staff(request.user)


def limit_sessions(get_response: Callable[[HttpRequest], HttpResponse]):
    """End sessions of staff when their day is over, and keep those of others while they visit."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        if is_over(request):
            logout(request)
            messages.info(request, _("Your day's session has ended. Sign in again."))
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        # Written once a day: that moves the day on which the session runs out.
        today = timezone.localdate().isoformat()
        if request.session.get(SEEN) != today:
            request.session[SEEN] = today
        return get_response(request)

    return middleware


class NoteActivity(UserSessionsMiddleware):
    """allauth's list of devices, written every few minutes instead of with every page."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or not cache.add(
            _device(request), 1, ACTIVITY_SECONDS
        ):
            return self.get_response(request)
        return super().__call__(request)


def _device(request: HttpRequest) -> str:
    """The session as it is used now: from another address or browser it is noted at once."""
    used = (
        request.session.session_key,
        get_adapter().get_client_ip(request),
        request.headers.get("User-Agent", ""),
    )
    return f"device:{hashlib.sha256(repr(used).encode()).hexdigest()}"
