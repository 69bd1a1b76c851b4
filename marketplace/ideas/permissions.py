"""Who may invite a class, and read and answer pupils' ideas."""

from django.contrib.auth.models import AnonymousUser

from marketplace.exchange.handovers.models import Handover
from marketplace.ideas.models import Idea
from marketplace.organisations.permissions import is_member
from portal.foundation.users.models import User


def can_invite_class(user: User | AnonymousUser, handover: Handover) -> bool:
    """Open and close the pupils' link, and decide on their ideas: the receiver's members."""
    return is_member(user, handover.receiver)


def can_see_idea(user: User | AnonymousUser, idea: Idea) -> bool:
    """Read an unpublished idea: its school, and the company once a teacher approved it."""
    return can_invite_class(user, idea.handover) or can_answer_idea(user, idea)


def can_answer_idea(user: User | AnonymousUser, idea: Idea) -> bool:
    """Thank, ask and take further: the company's members, once the teacher has let it through."""
    return idea.progress.approved_at is not None and is_member(user, idea.handover.giver)
