"""Asking for material, and what giver and receiver do together until it has changed hands."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from marketplace import permissions, services
from marketplace.calendars import pickup_calendar
from marketplace.errors import AlreadyAsked, ExchangeError, ListingNotAvailable, WrongState
from marketplace.forms import reservations as forms
from marketplace.models import MaterialListing, Reservation


@login_required
def reserve(request, pk):
    """Ask for (some of) a listing."""
    listing = get_object_or_404(MaterialListing.objects.published().for_cards(), pk=pk)
    if not permissions.can_request(request.user, listing):
        return _reserve_page(request, listing, status=HTTPStatus.FORBIDDEN)
    organisations = permissions.receivers_for(request.user, listing)
    earlier = (
        Reservation.objects.open().filter(listing=listing, organisation__in=organisations).first()
    )
    if earlier and len(organisations) == 1:
        messages.info(request, str(AlreadyAsked()))
        return redirect("marketplace:reservation", pk=earlier.pk)
    if not listing.is_available:
        return _reserve_page(request, listing, status=HTTPStatus.CONFLICT)
    form = forms.ReserveForm(
        request.POST or None,
        listing=listing,
        organisations=organisations,
        acting=permissions.acting_organisation(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            reservation = services.request_reservation(
                listing=listing, by=request.user, **form.cleaned_data
            )
        except ListingNotAvailable:
            return _reserve_page(request, listing, status=HTTPStatus.CONFLICT)
        except ExchangeError as error:
            form.add_refusal(error)
        else:
            messages.success(
                request,
                _("Your request has been sent to %(company)s. We write to you when they answer.")
                % {"company": listing.organisation.name},
            )
            return redirect("marketplace:reservation", pk=reservation.pk)
    return _reserve_page(request, listing, form=form)


def _reserve_page(request, listing, form=None, status=HTTPStatus.OK):
    context = {
        "listing": listing,
        "form": form,
        "may_request": status != HTTPStatus.FORBIDDEN,
        "may_wait": services.can_come_back(listing, listing.stock),
    }
    return render(request, "marketplace/reserve.html", context, status=status)


def _get(request, pk, allowed=permissions.can_see_reservation):
    """The reservation for one of its parties. Others are not told that it is there."""
    reservation = get_object_or_404(Reservation.objects.with_parties(), pk=pk)
    if not permissions.can_see_reservation(request.user, reservation):
        raise Http404
    if not allowed(request.user, reservation):
        raise PermissionDenied
    return reservation


@login_required
@require_GET
def reservation(request, pk):
    """Everything about one reservation: what was agreed, the thread, and what can be done next."""
    reservation = _get(request, pk)
    request.user.notifications.filter(reservation=reservation).mark_read()
    return _page(request, reservation)


FORMS = {
    "accept_form": forms.AcceptForm,
    "decline_form": forms.DeclineForm,
    "cancel_form": forms.CancelForm,
    "pickup_form": forms.PickupForm,
    "message_form": forms.MessageForm,
    "handover_form": forms.HandoverForm,
    "thanks_form": forms.ThanksForm,
    "problem_form": forms.ProblemForm,
}


def _form(name, reservation, gives, data=None):
    cls = FORMS[name]
    if issubclass(cls, forms.PickupForm | forms.HandoverForm):
        return cls(data, reservation=reservation, gives=gives)
    if cls is forms.AcceptForm:
        return cls(data, reservation=reservation)
    return cls(data)


def _page(request, reservation, status=HTTPStatus.OK, **bound):
    gives = services.is_giver_side(reservation, request.user)
    proposed = reservation.pickup_at and not reservation.pickup_agreed_at and reservation.is_open
    states = Reservation.State
    own = reservation.giver if gives else reservation.organisation
    thanks = list(reservation.notes.thanks().select_related("author", "organisation"))
    answers = gives and reservation.state == states.REQUESTED
    context = {
        "reservation": reservation,
        "listing": reservation.listing,
        "stock": reservation.listing.stock,
        "gives": gives,
        "other_side": reservation.organisation if gives else reservation.giver,
        "can_answer": answers,
        "can_agree": proposed and not answers and gives != reservation.pickup_proposed_by_giver,
        "can_prolong": not gives and reservation.is_open and not reservation.prolonged_at,
        "looks_further": not gives
        and reservation.state in [states.DECLINED, states.CANCELLED, states.EXPIRED],
        "can_confirm": reservation.state == states.ACCEPTED,
        "opens_handover": "overlamning" in request.GET
        or bool(reservation.pickup_at and reservation.pickup_at < timezone.now()),
        "shows_contact": reservation.state in [states.ACCEPTED, states.COLLECTED],
        "thanks": thanks,
        "can_thank": reservation.state == states.COLLECTED
        and not any(note.organisation_id == own.pk for note in thanks),
        "can_report": reservation.state in [states.ACCEPTED, states.COLLECTED],
        "thread": reservation.messages.select_related("author", "organisation"),
        "handovers": reservation.handovers.as_it_stands().order_by("pk"),
        "class_handover": None if gives else reservation.handovers.standing().first(),
        **{name: bound.get(name) or _form(name, reservation, gives) for name in FORMS},
        "open_form": next(iter(bound), ""),
    }
    return render(request, "marketplace/reservation.html", context, status=status)


def _do(request, reservation, service, said, form_name=None):
    """Run `service` with what the form holds; back to the page with `said`, or with the error.

    `said` is words, or a function of (what the service returned, whether the giver did it).
    """
    gives = services.is_giver_side(reservation, request.user)
    form = _form(form_name, reservation, gives, request.POST) if form_name else None
    if form and not form.is_valid():
        return _page(request, reservation, **{form_name: form})
    try:
        changed = service(
            reservation=reservation, by=request.user, **(form.cleaned_data if form else {})
        )
    except WrongState as error:
        messages.warning(request, str(error))
        return _page(request, _get(request, reservation.pk), status=HTTPStatus.CONFLICT)
    except ExchangeError as error:
        if form is None:
            messages.error(request, str(error))
            return redirect("marketplace:reservation", pk=reservation.pk)
        form.add_refusal(error)
        return _page(request, _get(request, reservation.pk), **{form_name: form})
    messages.success(request, said(changed, gives) if callable(said) else said)
    return redirect("marketplace:reservation", pk=reservation.pk)


@login_required
@require_GET
def calendar(request, pk):
    """The agreed pickup as a file for one's own calendar."""
    reservation = _get(request, pk)
    if not (reservation.pickup_at and reservation.pickup_agreed_at):
        raise Http404
    url = request.build_absolute_uri(reverse("marketplace:reservation", args=[pk]))
    response = HttpResponse(
        pickup_calendar(reservation, url=url), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="pickup.ics"'
    return response


def _cancelled(reservation, gives):
    other = reservation.organisation if gives else reservation.giver
    return _("The reservation is cancelled. We tell %(other)s.") % {"other": other.name}


def _proposed(reservation, gives):
    if reservation.pickup_agreed_at:
        return _("The pickup time is set.")
    return _("Your proposal has been sent.")


def _step(may, service, said, form_name=None):
    """A view that does one thing with a reservation for those who `may`, and says so."""

    @login_required
    @require_POST
    def view(request, pk):
        return _do(request, _get(request, pk, may), service, said, form_name)

    return view


accept = _step(
    permissions.can_answer,
    services.accept_reservation,
    _("You have promised the material. The receiver has been told."),
    "accept_form",
)
decline = _step(
    permissions.can_answer,
    services.decline_reservation,
    _("You have said no. The receiver has been told."),
    "decline_form",
)
cancel = _step(
    permissions.can_cancel,
    services.cancel_reservation,
    _cancelled,
    "cancel_form",
)
prolong = _step(
    permissions.can_prolong,
    services.prolong_reservation,
    _("Prolonged by two weeks. The company has been told."),
)
propose_pickup = _step(
    permissions.can_propose_pickup,
    services.propose_pickup,
    _proposed,
    "pickup_form",
)
agree_pickup = _step(
    permissions.can_propose_pickup,
    services.agree_pickup,
    _("The pickup time is set."),
)
message = _step(
    permissions.can_write_message,
    services.post_message,
    _("Your message has been sent."),
    "message_form",
)
confirm_handover = _step(
    permissions.can_confirm_handover,
    services.confirm_handover,
    _("Thank you! The handover has been counted."),
    "handover_form",
)
thank = _step(
    permissions.can_leave_note,
    services.say_thanks,
    _("Your thanks have been sent."),
    "thanks_form",
)
report_problem = _step(
    permissions.can_leave_note,
    services.report_problem,
    _("The coordinator has been told and will get in touch with you."),
    "problem_form",
)
