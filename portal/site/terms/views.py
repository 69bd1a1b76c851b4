"""The page with the terms of use."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from wagtail.models import Site

from portal.foundation.redirects import next_url
from portal.site.terms.models import TermsAcceptance, TermsVersion


def terms(request):
    """The terms of use that are valid now; who is signed in accepts them here."""
    current = TermsVersion.objects.current(Site.find_for_request(request))
    accepted = None
    if current and request.user.is_authenticated:
        accepted = TermsAcceptance.objects.filter(user=request.user, terms=current).first()
        if request.method == "POST" and accepted is None:
            TermsAcceptance.objects.create(user=request.user, terms=current)
            messages.success(request, _("Thank you! You have accepted the terms."))
            return redirect(next_url(request, "marketplace:my_page"))
    before = (
        request.user.is_authenticated
        and TermsAcceptance.objects.filter(user=request.user).exclude(terms=current).exists()
    )
    return render(
        request,
        "portal/site/terms/terms.html",
        {
            "terms": current,
            "accepted": accepted,
            "accepted_before": before,
            "next": next_url(request),
        },
    )
