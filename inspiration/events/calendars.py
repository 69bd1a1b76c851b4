"""All coming events as a calendar to subscribe to, and one to open (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from inspiration.events.models import EventPage
from marketplace.exchange.calendar_entries.rendering import new_calendar, organizer, subscription
from portal.foundation.mail.rendering import absolute, site_name
from portal.foundation.text_cleaning.cleaning import clean_text


def entry(event: EventPage, *, local: bool = False) -> Event:
    """`event` as an entry; `local` with Swedish time, as a calendar to subscribe to wants it."""
    zone = timezone.get_default_timezone() if local else UTC
    changed = (event.last_published_at or timezone.now()).astimezone(UTC)
    found = Event()
    found.add("uid", f"event-{event.translation_key}@aterbruksportalen")
    found.add("dtstamp", changed)
    found.add("last-modified", changed)
    found.add("dtstart", event.starts_at.astimezone(zone))
    found.add("dtend", event.ends_at.astimezone(zone))
    found.add("status", "CANCELLED" if event.called_off else "CONFIRMED")
    found.add("summary", clean_text(event.title))
    found.add("location", clean_text(event.where))
    found.add("description", clean_text(event.summary))
    found.add("url", absolute(event.url or ""))
    found.add("organizer", organizer(), encode=False)
    return found


def download(event: EventPage) -> bytes:
    """The event as a file that somebody opens by hand."""
    calendar = new_calendar("PUBLISH")
    calendar.add_component(entry(event))
    return calendar.to_ical()


def feed(events: Iterable[EventPage]) -> bytes:
    """All `events` as a calendar to subscribe to."""
    name = _("Events, %(site)s") % {"site": site_name()}
    return subscription(name, [entry(event, local=True) for event in events])
