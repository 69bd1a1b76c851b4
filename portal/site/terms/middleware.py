"""Ask signed-in people to accept new terms of use."""

import re
from urllib.parse import urlencode

from django.core.cache import cache
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.models import Site

from portal.site.terms.models import TermsAcceptance, TermsVersion, terms_key

TERMS_CACHED_SECONDS = 60


ACCEPTED_KEY = "accepted_terms"


# Where somebody acts for their organisation, and so needs to have accepted the terms.
ACTING = {
    "marketplace:offer",
    "marketplace:offer_edit",
    "marketplace:offer_again",
    "marketplace:reserve",
    "marketplace:join_line",
    "marketplace:wanted_new",
    "marketplace:wanted_edit",
    "inspiration:lesson_kit",
    "inspiration:tip_new",
    "inspiration:tip_about",
}
# The rooms whose pages below "mitt/" are somebody's own work; other pages there must stay open, as
# those on which one leaves.
OWN_PAGES = {"marketplace", "inspiration"}
OWN_ROUTE = re.compile(r"([a-z]{2}/)?mitt/")


def current_terms(site):
    """The key of the version of the terms that is valid now on `site`, or 0. Kept for a minute."""

    def look():
        current = TermsVersion.objects.current(site)
        return current.pk if current else 0

    return cache.get_or_set(terms_key(site), look, TERMS_CACHED_SECONDS)


class AskForTerms:
    """Show new terms of use, once, to people who are signed in and want to do something.

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
        own = match.namespace in OWN_PAGES and OWN_ROUTE.match(match.route)
        if not own and match.view_name not in ACTING:
            return None
        current = current_terms(Site.find_for_request(request))
        if not current or request.session.get(ACCEPTED_KEY) == current:
            return None
        if TermsAcceptance.objects.filter(user=request.user, terms=current).exists():
            request.session[ACCEPTED_KEY] = current
            return None
        return redirect(f"{reverse('terms')}?{urlencode({'next': request.get_full_path()})}")
