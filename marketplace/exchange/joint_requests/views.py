"""One page for all that was asked of one giver at once, and what can be done with it."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from marketplace.exchange.joint_requests import services
from marketplace.exchange.joint_requests.forms import AnswerForm, JointHandoverForm
from marketplace.exchange.joint_requests.models import JointRequest
from marketplace.exchange.joint_requests.permissions import (
    can_answer_joint_request,
    can_see_joint_request,
)
from marketplace.exchange.joint_requests.presentation import places_of, ways_of
from marketplace.exchange.reservations.actions import Action, Side
from marketplace.exchange.reservations.forms import (
    AddForm,
    CancelForm,
    PickupForm,
    ReservationMessageForm,
)
from marketplace.exchange.reservations.models import Reservation, ReservationMessage
from marketplace.exchange.reservations.more import more_of
from marketplace.exchange.reservations.permissions import can_prolong, can_see_reservation
from marketplace.exchange.reservations.telling import side_of
from marketplace.exchange.reservations.ways import way_of
from marketplace.notifications.seen import mark_read_about
from marketplace.review.errors import ExchangeError, WrongState


def _get(request, pk, allowed=None):
    """Return the joint request for one of its parties; for others it does not exist."""
    joint = get_object_or_404(JointRequest, pk=pk)
    if not can_see_joint_request(request.user, joint):
        raise Http404
    if allowed and not allowed(request.user, joint):
        raise PermissionDenied
    return joint


@login_required
@require_GET
def joint_request(request, pk):
    """All rows, each with how it stands; one answer, one pickup, one handover, one thread."""
    joint = _get(request, pk)
    mark_read_about(request.user, reservation__joint_request=joint)
    return _page(request, joint)


def _forms(rows, gives, data=None):
    waiting = [row for row in rows if row.state == Reservation.State.REQUESTED]
    promised = [row for row in rows if row.state == Reservation.State.ACCEPTED]
    return {
        "answer_form": AnswerForm(data, rows=waiting) if waiting and gives else None,
        "handover_form": JointHandoverForm(data, rows=promised, gives=gives) if promised else None,
        "cancel_form": CancelForm(data),
    }


def _page(request, joint, status=HTTPStatus.OK, **bound):
    rows = joint.rows
    # The pickup is that of all which are open; what is promised decides what can be done with it.
    row = next((each for each in rows if each.state == Reservation.State.ACCEPTED), None)
    row = row or next((each for each in rows if each.is_open), rows[0])
    side = side_of(row, request.user)
    gives = side == Side.GIVER
    context = {
        "joint": joint,
        "rows": rows,
        "reservation": row,
        "gives": gives,
        "actions": row.actions_for(side),
        "may_cancel": any(Action.CANCEL in each.actions_for(side) for each in rows),
        "other_side": row.counterparty(side),
        "they_meet": way_of(row.way).they_meet,
        "ways": ways_of(rows),
        "places": places_of(rows),
        "handover_first": row.is_pickup_due,
        "thread": ReservationMessage.objects.filter(
            reservation__joint_request=joint
        ).with_authors(),
        "pickup_form": PickupForm(reservation=row, gives=gives),
        "message_form": ReservationMessageForm(),
        **_forms(rows, gives),
        **bound,
        "open_form": next(iter(bound), ""),
    }
    return render(
        request, "marketplace/exchange/joint_requests/joint_request.html", context, status=status
    )


def _do(request, joint, name, service, said):
    """Run `service` with what the form `name` holds; back to the page with `said`, or the error."""
    rows = joint.rows
    gives = side_of(rows[0], request.user) == Side.GIVER
    form = _forms(rows, gives, request.POST)[name]
    if form is None:
        messages.warning(request, str(WrongState()))
        return _page(request, joint, status=HTTPStatus.CONFLICT)
    if not form.is_valid():
        return _page(request, joint, **{name: form})
    values = form.values() if hasattr(form, "values") else form.cleaned_data
    try:
        service(joint=joint, by=request.user, **values)
    except WrongState as error:
        messages.warning(request, str(error))
        return _page(request, joint, status=HTTPStatus.CONFLICT)
    except ExchangeError as error:
        form.add_refusal(error)
        return _page(request, joint, **{name: form})
    messages.success(request, said)
    return redirect(joint)


@login_required
@require_POST
def answer(request, pk):
    joint = _get(request, pk, can_answer_joint_request)
    said = _("Your answer has been sent.")
    return _do(request, joint, "answer_form", services.answer_joint_request, said)


@login_required
@require_POST
def cancel(request, pk):
    said = _("The reservation is cancelled.")
    return _do(request, _get(request, pk), "cancel_form", services.cancel_joint_request, said)


@login_required
@require_POST
def confirm(request, pk):
    said = _("Thank you! The handover has been counted.")
    return _do(request, _get(request, pk), "handover_form", services.confirm_joint_handover, said)


@login_required
@require_http_methods(["GET", "POST"])
def add_more(request, pk):
    """What the same giver has besides, to be ticked and added to what is asked for."""
    reservation = get_object_or_404(Reservation.objects.with_parties(), pk=pk)
    if not can_see_reservation(request.user, reservation):
        raise Http404
    if not can_prolong(request.user, reservation):
        raise PermissionDenied
    receiver = reservation.organisation
    wanted = request.GET.get("material", "")
    more = more_of(reservation.giver, user=request.user, organisations=[receiver], first=wanted)
    chosen = next((each for each in more if str(each.pk) == wanted), None)
    form = AddForm(request.POST or None, organisation=receiver, more=more, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_for_more(
                reservation=reservation,
                parts=form.cleaned_data["more"],
                by=request.user,
                safety_confirmed=form.cleaned_data.get("safety_confirmed", False),
            )
        except ExchangeError as error:
            form.add_refusal(error)
        else:
            messages.success(
                request,
                _("Added. %(company)s has been told.") % {"company": reservation.giver.name},
            )
            reservation.refresh_from_db()
            return redirect(reservation)
    return render(
        request,
        "marketplace/exchange/joint_requests/add_more.html",
        {"reservation": reservation, "form": form},
    )
