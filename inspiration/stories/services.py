"""From a pupils' idea to the draft of a case story."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from inspiration.pages.models import InspirationIndexPage
from inspiration.stories.models import CaseStoryPage, StoryHandover
from marketplace.ideas.models import Idea
from marketplace.ideas.services import mark_story_started
from portal.foundation.images.models import CustomImage
from portal.foundation.users.models import User

SUMMARY = 200


class NoPlaceForStories(Exception):
    """There is no list that this person may put a story in."""


def story_of(idea: Idea) -> CaseStoryPage | None:
    """Return the story about an idea, or None."""
    return CaseStoryPage.objects.filter(idea=idea).order_by("pk").first()


@transaction.atomic
def draft_story(*, idea: Idea, by: User) -> CaseStoryPage:
    """The draft of a story with all that is known about an idea, in the list of stories.

    The one there is, if somebody has started one before. Raises `NoPlaceForStories`.
    """
    story = story_of(idea)
    if story:
        return story
    handover = idea.handover
    images = [photo.image for photo in idea.photos.select_related("image").order_by("sort_order")]
    story = CaseStoryPage(
        title=idea.title,
        summary=shortened(idea.text),
        company=handover.giver,
        school=handover.receiver,
        category=handover.category,
        idea=idea,
        cover=images[0] if images else None,
        body=json.dumps(body(idea, images[1:])),
        owner=by,
        live=False,
    )
    story.linked_handovers = [StoryHandover(handover=handover)]
    parent = list_of_stories(by)
    story.locale = parent.locale
    story.tags.add(*handover.listing.tags.names())
    parent.add_child(instance=story)
    story.save_revision(user=by, log_action=True)
    mark_story_started(idea=idea)
    return story


def list_of_stories(user: User) -> InspirationIndexPage:
    """Where stories are kept in the main language, or the first list there is."""
    lists = InspirationIndexPage.objects.filter(locale=Locale.get_default())
    told = CaseStoryPage.objects.values_list("path", flat=True)
    kept = {path[: -Page.steplen] for path in told}
    for page in sorted(lists, key=lambda each: each.path not in kept):
        if page.permissions_for_user(user).can_add_subpage():
            return page
    raise NoPlaceForStories


def body(idea: Idea, images: Sequence[CustomImage]) -> list[dict[str, Any]]:
    """What the pupils wrote, as text and as their words, and the other pictures."""
    blocks = [
        ("text", linebreaks(idea.text, autoescape=True)),
        (
            "quote",
            {
                "text": shortened(idea.text),
                "who": _("%(name)s, %(school)s")
                % {"name": idea.signed, "school": idea.handover.receiver.name},
            },
        ),
    ]
    if len(images) == 1:
        blocks.append(("image", {"image": images[0].pk, "caption": idea.title}))
    elif images:
        blocks.append(("gallery", {"images": [image.pk for image in images]}))
    return [{"type": kind, "value": value} for kind, value in blocks]


def shortened(text: str) -> str:
    """The first sentences of a text, as many as fit in a summary."""
    text = " ".join(text.split())
    if len(text) <= SUMMARY:
        return text
    cut = text[: SUMMARY - 1]
    end = max(cut.rfind(mark) for mark in ".!?")
    return cut[: end + 1] if end > SUMMARY // 3 else cut.rsplit(" ", 1)[0] + "…"
