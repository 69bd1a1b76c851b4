"""Whether there is enough for a group, on the cards of the lesson ideas that were found."""

from typing import Any

from django.http import HttpRequest

from inspiration.lessons.kits.cards import note_supply
from inspiration.lessons.models import LessonIdeaPage
from search.index.models import SearchEntry


def tell_supply(request: HttpRequest, cards: list[dict[str, Any]]) -> None:
    """Give the cards of lesson ideas their `supply`, and the address that asks about the group."""
    found = {
        card["entry"].object_id: card
        for card in cards
        if card["entry"].type == SearchEntry.Type.LESSON
    }
    ideas = LessonIdeaPage.for_cards().in_bulk(found)
    group = note_supply(request, ideas.values())
    for pk, idea in ideas.items():
        if group and idea.supply:
            found[pk] |= {"supply": idea.supply, "url": f"{found[pk]['url']}?{group.address}"}
