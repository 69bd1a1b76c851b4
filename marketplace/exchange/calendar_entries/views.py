"""The calendar feed of a person, and the page where its URL is made and revoked."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.foundation.mail.rendering import absolute

from . import rendering, services
from .models import CalendarEntry, CalendarFeed

CONTENT_TYPE = "text/calendar; charset=utf-8"
# What happened before is not taken out of people's calendars at once.
SHOWN_SINCE = timedelta(days=90)


@login_required
@require_http_methods(["GET", "POST"])
def calendar_feed_page(request):
    """Make, replace or revoke the URL of one's own feed."""
    if request.method == "POST":
        if request.POST.get("action") == "revoke":
            services.revoke_feed(request.user)
            messages.success(request, _("The calendar link no longer works."))
        else:
            services.renew_feed(request.user)
            messages.success(request, _("You have a new calendar link."))
        return redirect("marketplace:calendar_feed_page")
    found = CalendarFeed.objects.filter(user=request.user).first()
    url = absolute(reverse("marketplace:calendar_feed", args=[found.token])) if found else ""
    return render(
        request,
        "marketplace/exchange/calendar_entries/calendar_feed.html",
        {"url": url, "webcal_url": url.replace("https:", "webcal:").replace("http:", "webcal:")},
    )


@require_GET
@never_cache
def calendar_feed(request, token: str):
    """All pickups of the person whose token it is, for a calendar program."""
    found = get_object_or_404(CalendarFeed.objects.select_related("user"), token=token)
    if not found.user.is_active:
        raise Http404
    entries = (
        CalendarEntry.objects.for_user(found.user)
        .current(timezone.now() - SHOWN_SINCE)
        .with_details()
    )
    with override(found.user.language):
        more = [event for source in services.FEED_SOURCES for event in source(found.user)]
        content = rendering.feed(entries, more=more)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
