"""Clearing out with a phone: say once where and when, then photo and word for each thing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from marketplace.listings.photos.forms import PhotoSet
from marketplace.offers.clearing.forms import ClearingForm, ThingForm
from marketplace.offers.clearing.models import Clearing, ClearingItem
from marketplace.offers.clearing.services import add_thing, drop_thing, send_all
from marketplace.organisations.permissions import can_offer, giving_organisation, is_member
from marketplace.review.errors import ExchangeError


@login_required
def clearings(request):
    """Begin a walk, or go on with one."""
    organisation = giving_organisation(request)
    if organisation is None or not can_offer(request.user):
        raise PermissionDenied
    initial = {"pickup_address": organisation.address, "pickup_town": organisation.town}
    form = ClearingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        clearing = form.save(commit=False)
        clearing.organisation, clearing.created_by = organisation, request.user
        clearing.save()
        return redirect("marketplace:clearing", clearing.pk)
    return render(
        request,
        "marketplace/offers/clearing/clearings.html",
        {
            "form": form,
            "organisation": organisation,
            "unsent": organisation.clearings.unsent().prefetch_related("items"),
        },
    )


def own_clearing(request, pk):
    clearing = get_object_or_404(Clearing.objects.select_related("organisation"), pk=pk)
    if not is_member(request.user, clearing.organisation):
        raise PermissionDenied
    return clearing


@login_required
def clearing(request, pk):
    """The walk itself: add a thing and see those added, the latest first."""
    found = own_clearing(request, pk)
    form, photos = ThingForm(), None
    if request.method == "POST":
        form = ThingForm(request.POST)
        photos = PhotoSet.from_request(request, maximum=1, purpose=f"clearing:{found.pk}")
        if form.is_valid() and not photos.errors:
            text = form.cleaned_data["text"]
            try:
                item = add_thing(
                    clearing=found, text=text, by=request.user, photos=photos.named(text)
                )
            except ExchangeError as error:
                form.add_error("text", str(error))
            else:
                messages.success(request, f"{item.listing.title}: {item.listing.stock}.")
                return redirect(f"{reverse('marketplace:clearing', args=[pk])}#nasta")
    items = found.items.select_related("listing__category", "listing__stock").prefetch_related(
        "listing__photos__image__renditions"
    )
    return render(
        request,
        "marketplace/offers/clearing/clearing.html",
        {"clearing": found, "form": form, "photos": photos, "items": items},
    )


@login_required
@require_POST
def send(request, pk):
    """Send everything for review with one tap."""
    found = own_clearing(request, pk)
    count = send_all(clearing=found, by=request.user)
    messages.success(
        request,
        ngettext(
            "%(count)d thing has been sent. Follow it on your page.",
            "%(count)d things have been sent. Follow them on your page.",
            count,
        )
        % {"count": count},
    )
    return redirect("marketplace:my_page")


@login_required
@require_POST
def drop(request, pk):
    """Forget a thing that was added by mistake."""
    item = get_object_or_404(
        ClearingItem.objects.select_related("clearing__organisation", "listing"), pk=pk
    )
    own_clearing(request, item.clearing_id)
    try:
        drop_thing(item=item)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("“%(title)s” has been removed.") % {"title": item.listing.title}
        )
    return redirect("marketplace:clearing", item.clearing_id)
