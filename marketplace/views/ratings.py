"""The question after a handover."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace import permissions
from marketplace.errors import ExchangeError
from marketplace.forms.ratings import RatingForm
from marketplace.models import Rating, Reservation
from marketplace.services import rate as record


@login_required
def rate(request, pk):
    """A page with the one question, for either side of a reservation."""
    reservation = get_object_or_404(Reservation.objects.with_parties(), pk=pk)
    if not permissions.can_see_reservation(request.user, reservation):
        raise Http404
    if not permissions.can_leave_note(request.user, reservation):
        raise PermissionDenied
    own = permissions.own_organisations(request.user)
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
    return render(request, "marketplace/rating.html", {"form": form, "reservation": reservation})
