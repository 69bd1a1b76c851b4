"""Pickups as calendar files (iCalendar, RFC 5545)."""

from datetime import UTC, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

# How long a pickup takes when only its start was agreed on.
USUALLY_TAKES = timedelta(minutes=30)
LINE_OCTETS = 75


def pickup_calendar(reservation, *, url):
    """The agreed pickup of `reservation` as the bytes of an .ics file; `url` leads to its page."""
    listing = reservation.listing
    ends_at = reservation.pickup_until or reservation.pickup_at + USUALLY_TAKES
    place = ", ".join(
        filter(
            None,
            [
                reservation.giver.name,
                listing.pickup_address,
                f"{listing.pickup_postcode} {listing.pickup_town}".strip(),
            ],
        )
    )
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Aterbruksportalen//Pickup//SV",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:pickup-{reservation.pk}@{url.split('/')[2].partition(':')[0]}",
        f"DTSTAMP:{utc(timezone.now())}",
        f"DTSTART:{utc(reservation.pickup_at)}",
        f"DTEND:{utc(ends_at)}",
        "SUMMARY:" + escaped(_("Pick up: %(title)s") % {"title": listing.title}),
        "LOCATION:" + escaped(place),
        "DESCRIPTION:" + escaped(f"{reservation.giver} → {reservation.organisation}\n{url}"),
        f"URL:{url}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def utc(moment):
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text):
    """`text` as an iCalendar value: nothing that was typed can end the line or the event."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(text.splitlines())


def folded(line):
    """`line` broken so that no line is longer than 75 octets, never inside a character."""
    parts, current = [], ""
    for character in line:
        if len((current + character).encode()) > LINE_OCTETS - (1 if parts else 0):
            parts.append(current)
            current = ""
        current += character
    return "\r\n ".join([*parts, current])
