"""A kit as an entry for one's own calendar: the week of the lesson, with what to fetch."""

from datetime import UTC, timedelta

from django.utils.translation import gettext as _
from icalendar import Event

from inspiration.lessons.kits.models import LessonKit
from marketplace.exchange.calendar_entries.rendering import new_calendar
from marketplace.materials.units import format_quantity
from portal.foundation.mail.rendering import absolute
from portal.foundation.text_cleaning.cleaning import clean_text


def kit_calendar(kit: LessonKit) -> bytes:
    event = Event()
    event.add("uid", f"kit-{kit.pk}@aterbruksportalen")
    event.add("dtstamp", kit.created_at.astimezone(UTC))
    event.add("dtstart", kit.monday)
    event.add("dtend", kit.monday + timedelta(days=5))
    event.add("transp", "TRANSPARENT")
    event.add("summary", clean_text(kit.lesson.title))
    event.add("description", clean_text("\n".join(lines(kit))))
    event.add("url", absolute(kit.get_absolute_url()))
    calendar = new_calendar("PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()


def lines(kit: LessonKit) -> list[str]:
    """Who it is for, and what is fetched where."""
    found = [
        _("%(children)d children in %(groups)d groups")
        % {"children": kit.children, "groups": kit.groups}
    ]
    for stop in kit.stops():
        found.append(f"{stop[0].giver.name}:")
        found += [
            f"– {each.listing.title}, {format_quantity(each.quantity, each.listing.stock.unit)}"
            for each in stop
        ]
    return [*found, absolute(kit.get_absolute_url())]
