"""Asking for material, and what giver and receiver do together until it has changed hands."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from marketplace.exchange.calendar_entries.rendering import download
from marketplace.exchange.calendar_entries.services import sync_calendar_entry
from marketplace.exchange.errors import AlreadyAsked, ListingNotAvailable
from marketplace.exchange.handovers import services as handovers_services
from marketplace.exchange.handovers.forms import BoughtForm, HandoverForm
from marketplace.exchange.handovers.services import estimated_mass
from marketplace.exchange.joint_requests.services import create_requests
from marketplace.exchange.notes import services as notes_services
from marketplace.exchange.notes.forms import ProblemForm, ThanksForm
from marketplace.exchange.notes.services import say_thanks
from marketplace.exchange.reservations import services as reservations_services
from marketplace.exchange.reservations.actions import Side
from marketplace.exchange.reservations.forms import (
    AcceptForm,
    CancelForm,
    DeclineForm,
    PickupForm,
    ReservationMessageForm,
    ReserveForm,
)
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.more import more_of
from marketplace.exchange.reservations.permissions import (
    can_answer,
    can_cancel,
    can_confirm_handover,
    can_leave_note,
    can_prolong,
    can_propose_pickup,
    can_say_bought,
    can_see_reservation,
    can_write_message,
)
from marketplace.exchange.reservations.services import (
    accept_reservation,
    cancel_reservation,
    decline_reservation,
    post_message,
    prolong_reservation,
)
from marketplace.exchange.reservations.taking import most_taken_now
from marketplace.exchange.reservations.telling import side_of
from marketplace.exchange.reservations.ways import way_of
from marketplace.listings.models import MaterialListing
from marketplace.listings.permissions import can_request, receivers_for
from marketplace.notifications.phones.moments import note_moment
from marketplace.notifications.seen import mark_read_about
from marketplace.organisations.permissions import acting_organisation
from marketplace.review.errors import ExchangeError, WrongState
from marketplace.safety.presentation import for_receiver
from portal.foundation.kept_forms import initial_of, keeps_form


def name_of_request(request, pk):
    listing = MaterialListing.objects.published().seen_by(request.user).filter(pk=pk).first()
    return gettext("Reserve: %(title)s") % {"title": listing.title if listing else pk}


def _what_follows(reservation):
    if reservation.state == Reservation.State.ACCEPTED:
        said = _("It is yours. The time is set, and %(company)s has been notified.")
    else:
        said = _(
            "The reservation has been sent to %(company)s. The answer is shown on your "
            "page, and sent by e-mail if you have chosen that."
        )
    return said % {"company": reservation.giver.name}


@keeps_form(name_of_request)
def reserve(request, pk):
    """Ask for (some of) a listing."""
    listing = get_object_or_404(
        MaterialListing.objects.published().seen_by(request.user).for_cards(), pk=pk
    )
    if not can_request(request.user, listing):
        return _reserve_page(request, listing, status=HTTPStatus.FORBIDDEN)
    organisations = receivers_for(request.user, listing)
    earlier = (
        Reservation.objects.open().filter(listing=listing, organisation__in=organisations).first()
    )
    if earlier and len(organisations) == 1:
        messages.info(request, str(AlreadyAsked()))
        return redirect(earlier)
    if not listing.is_available:
        return _reserve_page(request, listing, status=HTTPStatus.CONFLICT)
    giver = listing.organisation
    form = ReserveForm(
        request.POST or None,
        listing=listing,
        organisations=organisations,
        acting=acting_organisation(request),
        more=more_of(giver, user=request.user, organisations=organisations, but=listing),
        initial=initial_of(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            reservation = create_requests(parts=form.parts(), by=request.user, **form.wished())[0]
        except ListingNotAvailable as error:
            if not form.refuse_more(error):
                return _reserve_page(request, listing, status=HTTPStatus.CONFLICT)
        except ExchangeError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _what_follows(reservation))
            note_moment(request)
            return redirect(reservation)
    return _reserve_page(request, listing, form=form)


def _reserve_page(request, listing, form=None, status=HTTPStatus.OK):
    context = {
        "listing": listing,
        "form": form,
        "may_request": status != HTTPStatus.FORBIDDEN,
        "may_wait": listing.can_come_back(),
        "judgements": judgements_for(listing, form) if form else [],
        "most_taken_now": form and most_taken_now(listing.organisation),
    }
    return render(request, "marketplace/exchange/reservations/reserve.html", context, status=status)


def judgements_for(listing, form):
    """The verdicts for the children of who asks: the organisation that the form begins with."""
    organisation = form.fields["organisation"].initial
    return for_receiver(listing.answers, organisation) if organisation else []


def _get(request, pk, allowed=can_see_reservation):
    """Return the reservation for one of its parties; for others it does not exist."""
    reservation = get_object_or_404(Reservation.objects.with_parties().with_pictures(), pk=pk)
    if not can_see_reservation(request.user, reservation):
        raise Http404
    if not allowed(request.user, reservation):
        raise PermissionDenied
    return reservation


@login_required
@require_GET
def reservation(request, pk):
    """Everything about one reservation: what was agreed, the thread, and what can be done next."""
    reservation = _get(request, pk)
    mark_read_about(request.user, reservation=reservation)
    return _page(request, reservation)


FORMS: dict[str, type[Form]] = {
    "accept_form": AcceptForm,
    "decline_form": DeclineForm,
    "cancel_form": CancelForm,
    "pickup_form": PickupForm,
    "message_form": ReservationMessageForm,
    "handover_form": HandoverForm,
    "bought_form": BoughtForm,
    "thanks_form": ThanksForm,
    "problem_form": ProblemForm,
}


def _form(name, reservation, gives, data=None):
    cls = FORMS[name]
    if issubclass(cls, PickupForm | HandoverForm):
        return cls(data, reservation=reservation, gives=gives)
    if cls is AcceptForm:
        return cls(data, reservation=reservation)
    return cls(data)


def _page(request, reservation, status=HTTPStatus.OK, **bound):
    side = side_of(reservation, request.user)
    gives = side == Side.GIVER
    context = {
        "reservation": reservation,
        "listing": reservation.listing,
        "stock": reservation.listing.stock,
        "gives": gives,
        "actions": reservation.actions_for(side),
        "other_side": reservation.counterparty(side),
        "handover_first": "overlamning" in request.GET or reservation.is_pickup_due,
        "judgements": for_receiver(reservation.listing.answers, reservation.organisation),
        "reservation_kg": estimated_mass(
            reservation.quantity, reservation.listing.stock.kg_per_unit
        ),
        "they_meet": way_of(reservation.way).they_meet,
        "way": way_of(reservation.way).context(reservation),
        "thanks": reservation.notes.thanks().select_related("author", "organisation"),
        "thread": reservation.messages.with_authors(),
        "handovers": reservation.handovers.as_it_stands().order_by("pk"),
        "class_handover": None if gives else reservation.handovers.standing().first(),
        **{name: bound.get(name) or _form(name, reservation, gives) for name in FORMS},
        "open_form": next(iter(bound), ""),
    }
    return render(
        request, "marketplace/exchange/reservations/reservation.html", context, status=status
    )


def _do(request, reservation, service, said, form_name=None):
    """Run `service` with what the form holds; back to the page with `said`, or with the error.

    `said` is words, or a function of (what the service returned, whether the giver did it).
    """
    side = side_of(reservation, request.user)
    gives = side == Side.GIVER
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
            return redirect(reservation)
        form.add_refusal(error)
        return _page(request, _get(request, reservation.pk), **{form_name: form})
    messages.success(request, said(changed, gives) if callable(said) else said)
    return redirect(reservation)


@login_required
@require_GET
def calendar(request, pk):
    """The agreed pickup as a file for one's own calendar."""
    reservation = _get(request, pk)
    if not (reservation.pickup_at and reservation.pickup_agreed_at):
        raise Http404
    entry = sync_calendar_entry(reservation)
    if entry is None:
        raise Http404
    response = HttpResponse(
        download(entry), content_type="text/calendar; method=PUBLISH; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="pickup.ics"'
    return response


def _accepted(reservation, gives):
    return _("You have said yes. %(receiver)s has been notified.") % {
        "receiver": reservation.organisation.name
    }


def _declined(reservation, gives):
    return _("You have said no. %(receiver)s has been notified.") % {
        "receiver": reservation.organisation.name
    }


def _cancelled(reservation, gives):
    other = reservation.counterparty(Side.GIVER if gives else Side.RECEIVER)
    return _("The reservation is cancelled. We tell %(other)s.") % {"other": other.name}


def _proposed(reservation, gives):
    if reservation.pickup_agreed_at:
        return _("The pickup time is set.")
    return _("Your proposal has been sent.")


def _step(may, service, said, form_name=None):
    """Make a view that runs one service on a reservation for those who `may`."""

    @login_required
    @require_POST
    def view(request, pk):
        return _do(request, _get(request, pk, may), service, said, form_name)

    return view


accept = _step(
    can_answer,
    accept_reservation,
    _accepted,
    "accept_form",
)
decline = _step(
    can_answer,
    decline_reservation,
    _declined,
    "decline_form",
)
cancel = _step(
    can_cancel,
    cancel_reservation,
    _cancelled,
    "cancel_form",
)
prolong = _step(
    can_prolong,
    prolong_reservation,
    _("Extended by two weeks. The giver has been notified."),
)
propose_pickup = _step(
    can_propose_pickup,
    reservations_services.propose_pickup,
    _proposed,
    "pickup_form",
)
agree_pickup = _step(
    can_propose_pickup,
    reservations_services.agree_pickup,
    _("The pickup time is set."),
)
message = _step(
    can_write_message,
    post_message,
    _("Your message has been sent."),
    "message_form",
)
confirm_handover = _step(
    can_confirm_handover,
    handovers_services.confirm_handover,
    _("Thank you! The handover has been counted."),
    "handover_form",
)
say_bought = _step(
    can_say_bought,
    handovers_services.answer_bought,
    _("Thank you, that counts."),
    "bought_form",
)
thank = _step(
    can_leave_note,
    say_thanks,
    _("Your thanks have been sent."),
    "thanks_form",
)
report_problem = _step(
    can_leave_note,
    notes_services.report_problem,
    _("Thank you. The coordinator has been notified."),
    "problem_form",
)
