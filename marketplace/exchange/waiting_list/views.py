"""Standing in line for material of which everything is promised."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from marketplace.exchange.reservations.views import judgements_for
from marketplace.exchange.waiting_list import services as waiting_list_services
from marketplace.exchange.waiting_list.forms import WaitForm
from marketplace.exchange.waiting_list.models import WaitingPlace
from marketplace.exchange.waiting_list.permissions import can_see_waiting_place
from marketplace.listings.models import MaterialListing
from marketplace.listings.permissions import can_request, receivers_for
from marketplace.organisations.permissions import acting_organisation
from marketplace.review.errors import ExchangeError, WrongState


@login_required
def join_line(request, pk):
    """Stand in line for a listing. While something is left, one asks for it instead."""
    listing = get_object_or_404(
        MaterialListing.objects.published().seen_by(request.user).for_cards(), pk=pk
    )
    if listing.is_available or not can_request(request.user, listing):
        return redirect("marketplace:reserve", pk=pk)
    form = WaitForm(
        request.POST or None,
        listing=listing,
        organisations=receivers_for(request.user, listing),
        acting=acting_organisation(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            place = waiting_list_services.join_line(
                listing=listing, by=request.user, **form.cleaned_data
            )
        except ExchangeError as error:
            form.add_refusal(error)
        else:
            messages.success(
                request,
                _(
                    "You are on the waiting list. If something becomes available again, you "
                    "have 48 hours to answer."
                ),
            )
            return redirect("marketplace:waiting_place", pk=place.pk)
    open_line = listing.can_come_back()
    return render(
        request,
        "marketplace/exchange/waiting_list/waiting_join.html",
        {
            "listing": listing,
            "form": form if open_line else None,
            "judgements": judgements_for(listing, form),
        },
        status=HTTPStatus.OK if open_line else HTTPStatus.CONFLICT,
    )


def _get(request, pk):
    place = get_object_or_404(WaitingPlace.objects.with_parties(), pk=pk)
    if not can_see_waiting_place(request.user, place):
        raise Http404
    return place


@login_required
@require_GET
def waiting_place(request, pk):
    return _page(request, _get(request, pk))


def _page(request, place, status=HTTPStatus.OK):
    context = {"place": place, "listing": place.listing, "stock": place.listing.stock}
    return render(
        request, "marketplace/exchange/waiting_list/waiting_place.html", context, status=status
    )


@login_required
@require_POST
def take_offer(request, pk):
    place = _get(request, pk)
    try:
        reservation = waiting_list_services.take_offer(place=place, by=request.user)
    except WrongState as error:
        messages.warning(request, str(error))
        return _page(request, _get(request, pk), HTTPStatus.CONFLICT)
    except ExchangeError as error:
        messages.error(request, str(error))
        return redirect("marketplace:waiting_place", pk=pk)
    messages.success(request, _("It is yours. Now agree on when to pick it up."))
    return redirect("marketplace:reservation", pk=reservation.pk)


@login_required
@require_POST
def leave_line(request, pk):
    place = _get(request, pk)
    try:
        waiting_list_services.leave_line(place=place, by=request.user)
    except WrongState as error:
        messages.warning(request, str(error))
        return _page(request, _get(request, pk), HTTPStatus.CONFLICT)
    messages.success(request, _("You are no longer on the waiting list."))
    return redirect("marketplace:my_page")
