"""A question to the giver before anything is reserved, and its answer."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace.exchange.listing_questions import services
from marketplace.exchange.listing_questions.forms import AnswerForm, QuestionForm, ShownForm
from marketplace.exchange.listing_questions.models import ListingQuestion
from marketplace.exchange.listing_questions.permissions import (
    can_answer_question,
    can_ask_about,
    can_see_question,
)
from marketplace.listings.models import MaterialListing
from marketplace.review.errors import WrongState


@login_required
def ask_about_listing(request, pk):
    listing = get_object_or_404(
        MaterialListing.objects.published().seen_by(request.user).for_cards(), pk=pk
    )
    if not can_ask_about(request.user, listing):
        raise PermissionDenied
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.ask_about(listing=listing, by=request.user, **form.cleaned_data)
        messages.success(
            request,
            _(
                "Your question has been sent to %(company)s. You will find the answer "
                "among your notifications."
            )
            % {"company": listing.organisation.name},
        )
        return redirect(listing)
    return render(
        request,
        "marketplace/exchange/listing_questions/ask_about_listing.html",
        {"listing": listing, "form": form},
    )


@login_required
def listing_question(request, pk):
    """Question and answer; for the giver with what can be done about them."""
    question = get_object_or_404(ListingQuestion.objects.with_listings(), pk=pk)
    if not can_see_question(request.user, question):
        raise Http404
    answers = can_answer_question(request.user, question)
    if request.method == "POST" and not answers:
        raise PermissionDenied
    form = _form(question, request.POST if request.method == "POST" else None) if answers else None
    if form and form.is_bound and form.is_valid():
        return _save(request, question, form)
    return _page(request, question, form)


def _page(request, question, form, status=HTTPStatus.OK):
    return render(
        request,
        "marketplace/exchange/listing_questions/listing_question.html",
        {
            "question": question,
            "listing": question.listing,
            "asker": services.who(question.asked_by),
            "form": form,
        },
        status=status,
    )


def _form(question, data=None):
    # Who answers what a colleague has answered meanwhile is told.
    if question.answered_at and "answer" not in (data or {}):
        return ShownForm(data, initial={"is_shown": question.is_shown})
    return AnswerForm(data)


def _save(request, question, form):
    service: Callable[..., ListingQuestion]
    if isinstance(form, AnswerForm):
        service, said = services.answer_question, _("Your answer has been sent.")
    else:
        service, said = services.show_question, _("Saved.")
    try:
        service(question=question, by=request.user, **form.cleaned_data)
    except WrongState as error:
        messages.warning(request, str(error))
        fresh = ListingQuestion.objects.with_listings().get(pk=question.pk)
        return _page(request, fresh, _form(fresh), status=HTTPStatus.CONFLICT)
    messages.success(request, said)
    return redirect("marketplace:listing_question", pk=question.pk)
