"""Whether there is enough for a group now, said on the cards of lesson ideas."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, Site

from inspiration.lessons.amounts import Group
from inspiration.lessons.kits.proposals import Proposal, propose
from inspiration.lessons.kits.stocktake import Asker, Stocktake
from inspiration.lessons.models import LessonIdeaPage
from inspiration.pages.cards import register_card_note
from marketplace.organisations.permissions import acting_organisation
from portal.foundation import throttling


def note_supply(request: HttpRequest, pages: Iterable[Page]) -> Group | None:
    """Give the lesson ideas among `pages` their `supply`, for the group that the address asks
    about, which is returned. Nobody who asks about none pays for it."""
    group = Group.asked_about(request.GET)
    ideas = [page for page in pages if isinstance(page, LessonIdeaPage) and is_counted(page)]
    if group is None or not ideas:
        return group
    throttling.consume_by_device("kit", request=request)
    organisation = acting_organisation(request)
    asker = Asker(request.user, organisation, Site.find_for_request(request))
    stocktake = Stocktake(ideas, asker)
    for idea in ideas:
        idea.supply = in_words(propose(idea, group, stocktake))
        idea.card_meta = [idea.supply]
    return group


@register_card_note
def note_listed(
    request: HttpRequest, pages: list[Page], has_ideas: bool
) -> dict[str, Group | None]:
    """The group that a list with ideas is asked about, whose supply is on the cards then."""
    return {"group": note_supply(request, pages) if has_ideas else None}


def is_counted(idea: LessonIdeaPage) -> bool:
    """Whether numbers say how much it needs of anything."""
    return any(each.quantity and not each.is_nice for each in idea.materials.all())


def in_words(proposal: Proposal) -> str:
    """How much of what is needed there is, in a few words; of what words say nothing is known."""
    children, musts = proposal.group.children, proposal.musts
    if proposal.there < len(musts):
        words = ngettext(
            "%(there)d of %(all)d material for %(children)d children now",
            "%(there)d of %(all)d materials for %(children)d children now",
            len(musts),
        )
        return words % {"there": proposal.there, "all": len(musts), "children": children}
    if any(row.must and row.met is None for row in proposal.rows):
        return _("Enough of what is counted, for %(children)d children now") % {
            "children": children
        }
    return _("Enough for %(children)d children now") % {"children": children}
