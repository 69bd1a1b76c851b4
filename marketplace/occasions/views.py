"""Booking and cancelling, for whichever page shows an occasion."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.occasions.forms import BookingForm
from marketplace.occasions.models import Booking, Occasion
from marketplace.occasions.permissions import bookers, can_change_booking, knows_of
from marketplace.occasions.services import address_of, book, cancel_booking
from marketplace.organisations.permissions import acting_organisation, organisations_of
from marketplace.review.errors import ExchangeError
from portal.foundation.page_cache.personal import personal_part


def booking_context(request, occasion, address, form=None):
    """What `marketplace/occasions/booking.html` shows of an occasion to the reader."""
    organisations = bookers(request.user, organisations_of(request))
    bookings = list(
        occasion.bookings.open()
        .of_organisations(organisations)
        .select_related("organisation", "occasion")
    )
    booked = {booking.organisation_id for booking in bookings}
    free = [each for each in organisations if each.pk not in booked]
    if form is None and free and occasion.takes_bookings:
        form = BookingForm(
            occasion=occasion, organisations=free, acting=acting_organisation(request)
        )
    sign_in = f"{reverse('account_login')}?{urlencode({'next': address})}"
    return {
        "occasion": occasion,
        "bookings": bookings,
        "form": form,
        "own_organisations": organisations,
        "waiting": occasion.bookings.waiting().count(),
        "sign_in_url": sign_in if address else "",
    }


@personal_part("booking")
def booking_part(request, occasion, address):
    """Places at an occasion, on a page that is the same for everybody otherwise."""
    context = booking_context(request, occasion, address)
    return render_to_string("marketplace/occasions/booking.html", context, request)


@login_required
@require_POST
def book_occasion(request, pk):
    """Take places for one's organisation, or stand in line for them."""
    occasion = get_object_or_404(Occasion, pk=pk)
    organisations = bookers(request.user)
    if not organisations:
        raise PermissionDenied
    if not knows_of(occasion, organisations):
        raise Http404
    address = address_of(occasion) or reverse("marketplace:my_page")
    form = BookingForm(request.POST, occasion=occasion, organisations=organisations)
    if form.is_valid():
        try:
            booking = book(occasion=occasion, by=request.user, **form.cleaned_data)
        except ExchangeError as error:
            form.add_error("people", str(error))
        else:
            messages.success(request, said(booking))
            return redirect(address)
    context = booking_context(request, occasion, address, form)
    return render(request, "marketplace/occasions/book.html", context | {"address": address})


def said(booking):
    if booking.is_booked:
        return _("You have booked. The calendar entry comes by mail.")
    return _("All places are taken. You are number %(position)d on the waiting list.") % {
        "position": booking.position
    }


@login_required
@require_POST
def cancel(request, pk):
    """Give places back, or leave the line."""
    booking = get_object_or_404(Booking.objects.select_related("organisation", "occasion"), pk=pk)
    if not can_change_booking(request.user, booking):
        raise PermissionDenied
    try:
        cancel_booking(booking=booking, by=request.user)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your booking is cancelled."))
    return redirect(address_of(booking.occasion) or "marketplace:my_page")
