"""One's own tips on my page, each with how it stands."""

from inspiration.lessons.tips.models import LessonTip
from inspiration.lessons.tips.permissions import can_send_tip
from marketplace.my_page.sections import Section, register_section
from marketplace.review.states import ListingState, Own, own, with_reviews


def own_tips(organisation) -> list[Own]:
    """The tips of `organisation`, the newest first."""
    return own(with_reviews(LessonTip.objects.of_organisation(organisation)), _state)


def _state(tip: LessonTip) -> ListingState:
    return ListingState.LIVE if tip.live else ListingState.UNPUBLISHED


@register_section
def tips_section(request, organisation):
    """What the unit has told of lessons; nothing for who has not told anything."""
    tips = own_tips(organisation)
    if not tips:
        return None
    may_send = can_send_tip(request.user, organisation)
    return Section("inspiration/lessons/tips/own_tips.html", {"tips": tips, "may_send": may_send})
