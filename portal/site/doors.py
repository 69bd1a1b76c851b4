"""Middleware that decides which URLs exist, and what a sign-in is good for in the admin."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.site.asking_again import FACTORS
from portal.site.open_urls import is_open_match


class OnlyOpenURLs:
    """Answer 404 at every URL that a package brings along and that nobody has opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not is_open_match(request.resolver_match):
            raise Http404


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this very session has used a passkey, an authenticator or a recovery code."""
    return any(
        record.get("method") == "mfa"
        for record in get_authentication_records(request, request.user)
    )


def admin_requires_mfa(get_response):
    """Open the admin only for sessions that have used a second factor.

    Owning one is not enough: a session that came in another way is asked for it now.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = settings.ADMIN_REQUIRES_MFA and request.path.startswith("/admin/")
        if not asked or not request.user.is_authenticated or used_second_factor(request):
            return get_response(request)
        if is_mfa_enabled(request.user, FACTORS):
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('mfa_reauthenticate')}?{query}")
        messages.info(request, _("The admin needs a second factor. Set one up here first."))
        return redirect("mfa_index")

    return middleware
