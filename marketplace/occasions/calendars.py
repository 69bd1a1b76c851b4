"""Occasions in people's own calendars (RFC 5545): with each mail, and in the private feed."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils import timezone
from icalendar import Event

from marketplace.exchange.calendar_entries.rendering import attendee, new_calendar, organizer
from marketplace.notifications.models import Notification
from marketplace.occasions.models import Booking, Occasion
from marketplace.occasions.services import address_of
from portal.foundation.mail.rendering import absolute
from portal.foundation.text_cleaning.cleaning import clean_text
from portal.foundation.users.models import User

# Calendars follow the higher number, and every message is later than the one before.
COUNTED_FROM = datetime(2026, 1, 1, tzinfo=UTC)


def entry(
    occasion: Occasion, *, changed: datetime | None = None, local: bool = False, over: bool = False
) -> Event:
    """`occasion` as an entry; `local` with Swedish time, `over` when it no longer concerns one."""
    zone = timezone.get_default_timezone() if local else UTC
    changed = (changed or timezone.now()).astimezone(UTC)
    found = Event()
    found.add("uid", f"occasion-{occasion.pk}@aterbruksportalen")
    found.add("sequence", int((changed - COUNTED_FROM).total_seconds()))
    found.add("dtstamp", changed)
    found.add("dtstart", occasion.starts_at.astimezone(zone))
    found.add("dtend", occasion.ends_at.astimezone(zone))
    found.add("status", "CANCELLED" if over or occasion.called_off else "CONFIRMED")
    found.add("summary", clean_text(occasion.title))
    found.add("location", clean_text(occasion.where))
    if address := address_of(occasion):
        found.add("url", absolute(address))
    found.add("organizer", organizer(), encode=False)
    return found


def download(occasion: Occasion) -> bytes:
    """The occasion as a file that somebody opens by hand."""
    calendar = new_calendar("PUBLISH")
    calendar.add_component(entry(occasion))
    return calendar.to_ical()


def own_entries(user: User) -> Iterator[Event]:
    """What the organisations of `user` have booked, for their private calendar."""
    own = user.memberships.active().values("organisation")
    booked = Booking.objects.booked().of_organisations(own).select_related("occasion")
    for booking in booked.order_by("occasion__starts_at", "pk"):
        yield entry(booking.occasion, local=True)


def calendar_of(notification: Notification) -> tuple[str, bytes] | None:
    """(method, file) that put the booking right in the calendar of who is notified, or None."""
    found = Booking.objects.filter(pk=notification.context["booking_id"])
    booking = found.select_related("occasion").first()
    if booking is None:
        return None
    over = booking.occasion.called_off or not booking.is_booked
    event = entry(booking.occasion, changed=notification.created_at, over=over)
    event.add("attendee", attendee(notification.user.email), encode=False)
    method = "CANCEL" if over else "REQUEST"
    calendar = new_calendar(method)
    calendar.add_component(event)
    return method, calendar.to_ical()
