"""Calendar entries as iCalendar text, in the active language."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from marketplace.exchange.reservations.models import and_more
from marketplace.materials.units import format_quantity
from portal.foundation.mail.rendering import absolute, sender_address, site_name
from portal.foundation.text_cleaning.cleaning import clean_text

from .models import CalendarEntry

PRODUCT = "-//Aterbruksportalen//Pickups//SV"
FEED_REFRESH = timedelta(hours=1)


def invitation(entry: CalendarEntry, *, recipient: str) -> tuple[str, bytes]:
    """Return the method and the file that put the entry right in the calendar of `recipient`.

    The method is REQUEST, or CANCEL once the pickup is called off. `recipient` is an e-mail
    address. Nobody is asked to answer: both sides have agreed on the portal.
    """
    method = "CANCEL" if entry.is_cancelled else "REQUEST"
    event = _event(entry)
    event.add("attendee", attendee(recipient), encode=False)
    calendar = new_calendar(method)
    calendar.add_component(event)
    return method, calendar.to_ical()


def download(entry: CalendarEntry) -> bytes:
    """Return the entry as a file that somebody opens by hand."""
    calendar = new_calendar("PUBLISH")
    calendar.add_component(_event(entry))
    return calendar.to_ical()


def feed(entries: Iterable[CalendarEntry], *, more: Iterable[Event] = ()) -> bytes:
    """Return all `entries`, and the events `more`, as a calendar to subscribe to."""
    events = [*(_event(entry, local=True) for entry in entries), *more]
    return subscription(_("Pickups, %(site)s") % {"site": site_name()}, events)


def subscription(name: str, events: Iterable[Event]) -> bytes:
    """Return `events` as a calendar to subscribe to, with the rules of Swedish time."""
    calendar = new_calendar(None)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", FEED_REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def new_calendar(method: str | None) -> Calendar:
    """Return an empty calendar; `method` as in RFC 5546, or None for one to subscribe to."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    return calendar


def _event(entry: CalendarEntry, *, local: bool = False) -> Event:
    rows = entry.rows
    zone = timezone.get_default_timezone() if local else UTC
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    summary = _("Pick up: %(title)s") % {"title": and_more(rows)}
    event.add("summary", clean_text(summary))
    event.add("location", clean_text(", ".join(_place(rows[0]))))
    event.add("description", clean_text("\n".join(_details(rows))))
    event.add("url", _url(rows[0]))
    event.add("organizer", organizer(), encode=False)
    return event


def _url(reservation) -> str:
    return absolute(reservation.get_absolute_url())


def organizer() -> vCalAddress:
    """Return the portal as the one that calls people together."""
    portal = vCalAddress(f"mailto:{sender_address()}")
    portal.params["CN"] = vText(site_name())
    return portal


def attendee(address: str) -> vCalAddress:
    """Return somebody who has agreed on the portal, and is not asked again."""
    person = vCalAddress(f"mailto:{address}")
    person.params["PARTSTAT"] = vText("ACCEPTED")
    person.params["RSVP"] = vText("FALSE")
    return person


def _place(reservation) -> list[str]:
    listing = reservation.listing
    town = f"{listing.pickup_postcode} {listing.pickup_town}".strip()
    return [part for part in (reservation.giver.name, listing.pickup_address, town) if part]


def _details(rows) -> list[str]:
    """The lines that somebody needs who stands at the door."""
    first = rows[0]
    listing = first.listing
    lines = [
        f"{first.giver.name} → {first.organisation.name}",
        *(
            f"{row.listing.title}: {format_quantity(row.quantity, row.listing.stock.unit)}"
            for row in rows
        ),
    ]
    if listing.pickup_hours:
        lines.append(_("Hours: %(hours)s") % {"hours": listing.pickup_hours})
    contact = ", ".join(filter(None, [listing.contact_name, listing.contact_phone]))
    if contact:
        lines.append(_("Contact: %(contact)s") % {"contact": contact})
    return [*lines, _url(first)]
