"""The page for rating a handover."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.permissions import can_leave_note, can_see_reservation
from marketplace.impact.ratings.forms import RatingForm
from marketplace.impact.ratings.models import Rating
from marketplace.impact.ratings.services import rate as record
from marketplace.organisations.permissions import own_organisations
from marketplace.review.errors import ExchangeError
from portal.foundation.users.requests import SignedInRequest


@login_required
def rate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let either side of a reservation rate how it went."""
    reservation = get_object_or_404(Reservation.objects.with_parties(), pk=pk)
    if not can_see_reservation(request.user, reservation):
        raise Http404
    if not can_leave_note(request.user, reservation):
        raise PermissionDenied
    own = own_organisations(request.user)
    earlier = Rating.objects.filter(reservation=reservation, organisation__in=own).first()
    form = RatingForm(request.POST or None, instance=earlier)
    if request.method == "POST" and form.is_valid():
        try:
            record(
                reservation=reservation,
                by=request.user,
                score=form.cleaned_data["score"],
                text=form.cleaned_data["text"],
            )
        except ExchangeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you for your answer."))
            return redirect("marketplace:reservation", pk=reservation.pk)
    return render(
        request,
        "marketplace/impact/ratings/rating.html",
        {"form": form, "reservation": reservation},
    )
