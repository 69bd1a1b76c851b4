"""Pages of several kinds in one list, with all that their cards show in a constant number of
queries."""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from wagtail.models import Page

# Writes on the cards of a list what its subject knows of them; returns what the list's own page
# shows of it. The last argument is whether the list is one of lesson ideas.
CardNote = Callable[[HttpRequest, list[Page], bool], dict[str, Any]]
_notes: list[CardNote] = []


def register_card_note(note: CardNote) -> CardNote:
    """For what the pages' models must not import, like the stock that lesson ideas draw on."""
    _notes.append(note)
    return note


def note_cards(request: HttpRequest, pages: list[Page], *, has_ideas: bool) -> dict[str, Any]:
    """Let every subject write on the cards of `pages`; {name: value} for the list's template."""
    notes = [note(request, pages, has_ideas) for note in _notes]
    return {name: value for noted in notes for name, value in noted.items()}


def page_cards(pages):
    """The pages of a queryset (or list of pages) as their own types, in the same order."""
    if hasattr(pages, "values_list"):
        pages = pages.only("pk", "content_type_id")
    keys = []
    types: dict[int, list[int]] = {}
    for page in pages:
        keys.append(page.pk)
        types.setdefault(page.content_type_id, []).append(page.pk)
    found: dict[int, Page] = {}
    for type_id, own in types.items():
        # A page whose kind the portal no longer has is shown as any page.
        model: Any = ContentType.objects.get_for_id(type_id).model_class() or Page
        cards = model.for_cards() if hasattr(model, "for_cards") else model.objects.all()
        found |= cards.in_bulk(own)
    return [found[pk] for pk in keys if pk in found]
