"""What an event's own addresses answer: its page and calendar files."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Locale

from inspiration.events import calendars
from inspiration.events.models import EventPage
from inspiration.pages.sites import root_page
from portal.foundation.pages.public import public
from portal.foundation.pages.wiring import context_of, route_of

CALENDAR = "text/calendar; charset=utf-8"


@context_of(EventPage)
def event_context(page, request):
    """What the template of an event shows beside the page itself."""
    main = page.main
    occasion = page.occasion
    campaign = main.campaign
    return {
        "event": main,
        "kilograms": page.kilograms if main.is_over else None,
        "campaign": campaign.localized if campaign and campaign.live else None,
        "occasion": occasion,
    }


@route_of(EventPage, "kalender/", name="calendar")
def calendar(request, page):
    """The event as a calendar file."""
    response = HttpResponse(calendars.download(page), content_type=CALENDAR)
    response["Content-Disposition"] = f'attachment; filename="{page.slug}.ics"'
    return response


@require_safe
def events_calendar(request):
    """All coming events of the site, to subscribe to."""
    events = public(EventPage.objects.live())
    events = events.filter(locale=Locale.get_active(), ends_at__gt=timezone.now())
    if root := root_page(request):
        events = events.descendant_of(root)
    coming = events.select_related("locale").order_by("starts_at", "pk")
    return HttpResponse(calendars.feed(coming), content_type=CALENDAR)
