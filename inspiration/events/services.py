"""Keeps what can be booked of an event in step with its page."""

from django.db import transaction
from wagtail.models import Locale

from inspiration.events.models import EventOccasion, EventPage
from marketplace.occasions.models import Occasion
from marketplace.occasions.services import arrange_occasion


@transaction.atomic
def follow_page(event: EventPage) -> None:
    """Bring what can be booked in step with `event`, a main page that is published or not any more.

    Safe to run again: who knows of a change already is not told once more.
    """
    link = EventOccasion.objects.filter(event=event).select_related("occasion").first()
    if link is None and not (event.places and event.live):
        return
    occasion = arrange_occasion(
        occasion=link.occasion if link else None,
        title=event.title,
        where=event.where,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        book_until=event.book_until,
        places=event.places or 0,
        most_per_booking=event.most_per_booking,
        called_off=event.called_off,
        is_open=event.live,
    )
    if link is None:
        EventOccasion.objects.create(event=event, occasion=occasion)


def address_of_event(occasion: Occasion) -> str:
    """The page of the event that `occasion` belongs to, in the reader's language, or ""."""
    found = EventPage.objects.live().filter(booked_as__occasion=occasion).first()
    if found is None:
        return ""
    own = found.get_translation_or_none(Locale.get_active())
    return (own if own and own.live else found).url or ""
