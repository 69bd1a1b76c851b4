"""What stands between somebody and a page: a second factor, new terms of use, no such address."""

from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from .models import TERMS_KEY, TermsAcceptance, TermsVersion

TERMS_CACHED_SECONDS = 60
ACCEPTED_KEY = "accepted_terms"
# Where somebody acts for their organisation, and so needs to have accepted the terms.
ACTING = {"offer", "offer_edit", "offer_again", "reserve", "join_line", "wanted_new", "wanted_edit"}


def admin_requires_mfa(get_response):
    """Lead staff without a passkey or authenticator to set one up before the admin opens."""

    def middleware(request):
        if (
            settings.ADMIN_REQUIRES_MFA
            and request.path.startswith("/admin/")
            and request.user.is_authenticated
            and not is_mfa_enabled(request.user)
        ):
            messages.info(request, _("The admin needs a second factor. Set one up here first."))
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def no_nul_in_paths(get_response):
    """No page has such an address, and PostgreSQL refuses even to look for one."""

    def middleware(request):
        if "\x00" in request.path:
            raise Http404
        return get_response(request)

    return middleware


def current_terms():
    """The number of the version of the terms that is valid now, or 0. Kept for a minute."""

    def look():
        current = TermsVersion.objects.current()
        return current.pk if current else 0

    return cache.get_or_set(TERMS_KEY, look, TERMS_CACHED_SECONDS)


class AskForTerms:
    """Show new terms of use, once, to whoever is signed in and wants to do something.

    Only pages that are opened: what has been filled in is never lost for them.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "GET" or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        acts = "mitt/" in match.route or match.url_name in ACTING
        if match.namespace != "marketplace" or not acts:
            return None
        current = current_terms()
        if not current or request.session.get(ACCEPTED_KEY) == current:
            return None
        if TermsAcceptance.objects.filter(user=request.user, terms=current).exists():
            request.session[ACCEPTED_KEY] = current
            return None
        return redirect(f"{reverse('terms')}?{urlencode({'next': request.get_full_path()})}")
