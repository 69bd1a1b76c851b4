"""The page that tells everybody how long things are kept."""

from django.shortcuts import render

from portal.foundation.privacy.rules import RULES


def retention(request):
    """What is kept, how long and why: the rules that the nightly job follows."""
    return render(request, "portal/site/retention/retention.html", {"rules": RULES.values()})
