"""Sharing out a large listing: collect wishes, read the proposal, change it, send it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.exchange.sharing.models import Sharing
from marketplace.exchange.sharing.services import (
    collect_wishes,
    proposal,
    send_answers,
    wishes_for,
)
from marketplace.listings.models import MaterialListing
from marketplace.listings.permissions import can_edit_listing
from marketplace.materials.fields import QuantityField
from marketplace.materials.units import format_quantity
from marketplace.review.errors import ExchangeError
from portal.foundation.form_fields import mark_sometimes_required

DAYS = [("3", gettext_lazy("3 days")), ("5", gettext_lazy("5 days")), ("7", gettext_lazy("7 days"))]


class DaysForm(forms.Form):
    days = forms.ChoiceField(label=gettext_lazy("How long?"), choices=DAYS, initial="5")


class ShareForm(forms.Form):
    """What each request gets; empty or zero is a no."""

    def __init__(self, *args, wishes, unit, proposed, **kwargs):
        super().__init__(*args, **kwargs)
        for reservation, distance in wishes:
            field = self.fields[f"wish{reservation.pk}"] = QuantityField(
                label=reservation.organisation.full_name,
                required=False,
                initial=proposed.get(reservation.pk) or None,
                help_text=_("Asked for %(amount)s, %(km)d km away.")
                % {
                    "amount": format_quantity(reservation.requested_quantity, unit),
                    "km": round(distance),
                },
            )
            # Empty is an answer, and the page says which.
            mark_sometimes_required(field)

    def answers(self):
        return {
            int(name.removeprefix("wish")): value or 0 for name, value in self.cleaned_data.items()
        }


def _send(request, listing, form):
    """Answer everybody; returns whether that is done. Otherwise the form says why not."""
    try:
        yes, no = send_answers(listing=listing, answers=form.answers(), by=request.user)
    except ExchangeError as error:
        form.add_error(None, str(error))
        return False
    said = _("Everybody has an answer: %(yes)d yes, %(no)d no.")
    messages.success(request, said % {"yes": yes, "no": no})
    return True


@login_required
def share_out(request, pk):
    """The proposal, and how long wishes are collected."""
    listing = get_object_or_404(
        MaterialListing.objects.select_related("organisation__municipality", "stock"), pk=pk
    )
    if not can_edit_listing(request.user, listing):
        raise PermissionDenied
    days = DaysForm(request.POST if "collect" in request.POST else None)
    if days.is_bound and days.is_valid():
        collect_wishes(listing=listing, days=int(days.cleaned_data["days"]), by=request.user)
        messages.success(request, _("Wishes are collected. You are told when it is time."))
        return redirect("marketplace:share_out", pk)
    wishes = wishes_for(listing)
    form = ShareForm(
        request.POST if "send" in request.POST else None,
        wishes=wishes,
        unit=listing.stock.unit,
        proposed=proposal(listing),
    )
    if form.is_bound and form.is_valid() and _send(request, listing, form):
        return redirect("marketplace:my_page")
    return render(
        request,
        "marketplace/exchange/sharing/share_out.html",
        {
            "listing": listing,
            "sharing": Sharing.objects.filter(listing=listing).first(),
            "days": days,
            "form": form,
            "wishes": wishes,
        },
    )
