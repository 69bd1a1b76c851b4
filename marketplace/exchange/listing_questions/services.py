"""Asking the giver about a listing, and answering."""

from django.db import transaction
from django.utils import timezone

from marketplace.exchange.listing_questions.models import ListingQuestion
from marketplace.listings.models import MaterialListing
from marketplace.notifications.services import notify
from marketplace.organisations.membership.recipients import members
from marketplace.organisations.models import Organisation
from marketplace.review.errors import WrongState
from portal.foundation.users.models import User


@transaction.atomic
def ask_about(*, listing: MaterialListing, by: User, text: str) -> ListingQuestion:
    """Ask the giver of `listing`. Nothing is reserved by asking."""
    question = ListingQuestion.objects.create(listing=listing, asked_by=by, text=text)
    _notify(
        question, "listing_question", list(members(listing.organisation)), by=who(by), text=text
    )
    return question


@transaction.atomic
def answer_question(
    *, question: ListingQuestion, by: User, answer: str, is_shown: bool = False
) -> ListingQuestion:
    """Answer, once, and let everybody read it on the listing where it `is_shown`.

    Raises `WrongState` when a colleague was first.
    """
    question = _lock(question)
    if question.answered_at:
        raise WrongState
    question.answer, question.answered_by = answer, by
    question.answered_at = timezone.now()
    question.is_shown = is_shown
    question.save()
    company = question.listing.organisation.name
    _notify(question, "listing_answer", [question.asked_by], by=company, text=answer)
    return question


@transaction.atomic
def show_question(*, question: ListingQuestion, by: User, is_shown: bool) -> ListingQuestion:
    """Show an answered question on the listing, or no longer."""
    question = _lock(question)
    if not question.answered_at:
        raise WrongState
    question.is_shown = is_shown
    question.save(update_fields=["is_shown"])
    return question


def _lock(question: ListingQuestion) -> ListingQuestion:
    rows = ListingQuestion.objects.select_for_update(of=("self",))
    return rows.select_related("listing__organisation", "asked_by").get(pk=question.pk)


def who(person: User) -> str:
    """A person with the organisations that they act for, such as "Kim Larsson (Björkskolan)"."""
    names = ", ".join(each.name for each in Organisation.objects.of_user(person))
    return f"{person} ({names})" if names else str(person)


def _notify(question: ListingQuestion, type: str, users: list[User], *, by: str, text: str) -> None:
    notify(
        users=users,
        type=type,
        key=f"question:{question.pk}:{type}",
        listing=question.listing,
        listing_question_id=question.pk,
        by=by,
        text=text,
    )
