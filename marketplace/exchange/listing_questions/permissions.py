"""Who may ask about a listing, and who reads and answers the question."""

from django.contrib.auth.models import AnonymousUser

from marketplace.exchange.listing_questions.models import ListingQuestion
from marketplace.listings.models import MaterialListing
from marketplace.listings.permissions import can_edit_listing
from portal.foundation.users.models import User


def can_ask_about(user: User | AnonymousUser, listing: MaterialListing) -> bool:
    """Ask before reserving: everybody who is signed in but the giver's own people."""
    return user.is_authenticated and not can_edit_listing(user, listing)


def can_answer_question(user: User | AnonymousUser, question: ListingQuestion) -> bool:
    """Answer, and say whether it is shown on the listing: members of the giver."""
    return can_edit_listing(user, question.listing)


def can_see_question(user: User | AnonymousUser, question: ListingQuestion) -> bool:
    """Read question and answer: who asked, and members of the giver."""
    return user.pk == question.asked_by_id or can_answer_question(user, question)
