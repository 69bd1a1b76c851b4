"""The answer to "same as usual?": from the mail with one tap, or from my page."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from marketplace.listings.permissions import can_edit_listing
from marketplace.offers.regular.forms import SameAgainForm
from marketplace.offers.regular.models import RegularOffer
from marketplace.offers.regular.services import (
    answer_regular_offer,
    pause_regular_offer,
    read_regular_offer_token,
    resume_regular_offer,
    skip_regular_offer,
    stop_regular_offer,
)
from marketplace.review.errors import ExchangeError
from portal.foundation.images import visibility


@never_cache
def answer(request, token):
    """Reached from the mail, signed in or not. Looking at it changes nothing: mail readers do."""
    try:
        pk, asked_on, user_pk = read_regular_offer_token(token)
    except signing.BadSignature as error:
        raise Http404 from error
    regular = get_object_or_404(RegularOffer.objects.with_listings(), pk=pk)
    if not regular.listing.organisation.active_members().filter(pk=user_pk).exists():
        raise Http404
    if cover := regular.listing.cover:
        # The link opens the page to people who are not signed in, and the picture with it.
        visibility.remember(request, cover.pk)
    return decide(request, regular, asked_on=date.fromisoformat(asked_on))


@login_required
def regular_offer(request, pk):
    """The same from my page, at any time."""
    regular = get_object_or_404(RegularOffer.objects.with_listings(), pk=pk)
    if not can_edit_listing(request.user, regular.listing):
        raise PermissionDenied
    return decide(request, regular)


def decide(request, regular, *, asked_on=None):
    if request.method == "POST":
        form = SameAgainForm(request.POST)
        act = {
            "publish": publish,
            "skip": skip,
            "pause": pause,
            "resume": resume,
            "stop": stop,
        }.get(request.POST.get("action"))
        if act is None or (asked_on and act in (resume, stop)):
            raise PermissionDenied
        if act is not publish or form.is_valid():
            try:
                act(request, regular, form, asked_on)
            except ExchangeError as error:
                messages.error(request, str(error))
            # A visitor from the mail may not be signed in; stay on the page.
            return redirect(request.path if asked_on else "marketplace:my_page")
    else:
        form = SameAgainForm(initial={"quantity": regular.quantity or regular.listing.stock.left})
    return render(
        request,
        "marketplace/offers/regular/regular_offer.html",
        {
            "regular": regular,
            "listing": regular.listing,
            "form": form,
            "from_mail": asked_on is not None,
            "is_open": asked_on is None or regular.asked_on == asked_on,
        },
    )


def publish(request, regular, form, asked_on):
    by = request.user if request.user.is_authenticated else None
    answer_regular_offer(
        regular=regular, quantity=form.cleaned_data["quantity"], by=by, asked_on=asked_on
    )
    messages.success(
        request,
        _("Thank you! “%(title)s” can be found again.") % {"title": regular.listing.title},
    )


def skip(request, regular, form, asked_on):
    skip_regular_offer(regular=regular, asked_on=asked_on)
    messages.success(request, _("Nothing this time, then. We will ask again next time."))


def pause(request, regular, form, asked_on):
    pause_regular_offer(regular=regular, asked_on=asked_on)
    messages.success(request, _("We will not ask again until you restart it on your page."))


def resume(request, regular, form, asked_on):
    resume_regular_offer(regular=regular)
    messages.success(request, _("We will ask you again from now on."))


def stop(request, regular, form, asked_on):
    stop_regular_offer(regular=regular)
    messages.success(request, _("We no longer ask about this. The listing stays as it is."))
