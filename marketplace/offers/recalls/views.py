"""Recalling material. Asked first: it cannot be taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from marketplace.listings.models import MaterialListing
from marketplace.offers.recalls.forms import RecallForm
from marketplace.offers.recalls.permissions import can_recall
from marketplace.offers.recalls.services import recall_listing, receivers_of
from marketplace.review.errors import ExchangeError


@login_required
def recall(request, pk):
    listing = get_object_or_404(
        MaterialListing.objects.select_related("organisation", "stock"), pk=pk
    )
    if not can_recall(request.user, listing):
        raise PermissionDenied
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = recall_listing(
                listing=listing, by=request.user, reason=form.cleaned_data["reason"]
            )
        except ExchangeError as error:
            messages.error(request, str(error))
        else:
            said = ngettext(
                "The listing has ended, and %(count)d receiver is told to stop using it.",
                "The listing has ended, and %(count)d receivers are told to stop using it.",
                done.receivers,
            )
            messages.success(request, said % {"count": done.receivers})
        return redirect(listing)
    context = {"listing": listing, "form": form, "receivers": len(receivers_of(listing))}
    return render(request, "marketplace/offers/recalls/recall.html", context)
