"""The days of rounds in the admin: what is on the list, the plan, links, and what goes wrong."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from marketplace.review.errors import ExchangeError
from marketplace.roles.permissions import coordinated_by
from marketplace.transport.changes import (
    ask_for_plan,
    call_off_run,
    delay_run,
    link_for,
    revoke_link,
)
from marketplace.transport.forms import DelayForm
from marketplace.transport.models import Run, Shipment, Stop, Tour
from marketplace.transport.pdf import run_pdf
from marketplace.transport.permissions import can_plan_run, can_plan_transport, visible_runs
from marketplace.transport.plans import lock_run, move_stop, unlock_run
from portal.foundation.mail.rendering import absolute
from portal.foundation.printing import pdf_response


@dataclass
class Summary:
    """What a day amounts to."""

    run: Run
    stops: int = 0
    kg: Decimal = field(default_factory=Decimal)


def summary(run):
    shipments = list(run.shipments.exclude(state=Shipment.State.OVER).with_parties())
    return Summary(run, 2 * len(shipments), sum((each.load.kg for each in shipments), Decimal(0)))


@require_safe
def days(request):
    """The coming days with something on their list, and what has no day yet."""
    if not can_plan_transport(request.user):
        raise PermissionDenied
    runs = visible_runs(request.user).coming().select_related("round__carrier__municipality")
    without_day = (
        Shipment.objects.waiting()
        .filter(run=None)
        .filter(reservation__organisation__municipality__in=coordinated_by(request.user))
        .with_parties()
    )
    return render(
        request,
        "marketplace/transport/admin/days.html",
        {
            "days": [each for each in map(summary, runs) if each.stops],
            "without_day": [
                {
                    "title": each.reservation.listing.title,
                    "giver": each.reservation.giver.name,
                    "receiver": each.reservation.organisation.name,
                    "load": each.load,
                }
                for each in without_day
            ],
        },
    )


def _run(request, pk):
    run = get_object_or_404(Run.objects.select_related("round__carrier__municipality"), pk=pk)
    if not can_plan_transport(request.user):
        raise PermissionDenied
    if not can_plan_run(request.user, run):
        raise Http404
    return run


@require_safe
def day(request, pk):
    """One day: the order of stops per vehicle, and what is not planned yet."""
    run = _run(request, pk)
    path = "shipment__reservation"
    stops = (
        Stop.objects.filter(run=run)
        .exclude(shipment__state=Shipment.State.OVER)
        .select_related(
            f"{path}__organisation__municipality",
            f"{path}__listing__organisation__municipality",
            f"{path}__listing__category__parent__parent",
            f"{path}__listing__stock",
        )
        .order_by("position", "pk")
    )
    tours = list(run.tours.prefetch_related(Prefetch("stops", queryset=stops)))
    unplanned = list(stops.filter(tour=None))
    return render(
        request,
        "marketplace/transport/admin/day.html",
        {
            "summary": summary(run),
            "run": run,
            "tours": [(tour, _link(tour)) for tour in tours],
            "unplanned": unplanned,
            "numbers": range(1, run.round.vehicles + 1),
            "delay_form": DelayForm(),
        },
    )


def _link(tour):
    if tour.revoked_at:
        return ""
    from_root = f"/kor/{tour.token}/"
    return absolute(from_root)


def plan(request, run):
    ask_for_plan(run=run)
    run.refresh_from_db()
    if run.planning == Run.Planning.WAITING:
        return _("The day is being planned.")
    if run.left_out:
        return ngettext(
            "Planned. %(count)d shipment did not fit and goes to the next round.",
            "Planned. %(count)d shipments did not fit and go to the next round.",
            run.left_out,
        ) % {"count": run.left_out}
    return _("Planned. Everything fits.")


def lock(request, run):
    lock_run(run=run)
    return _("Locked. Everybody concerned gets the time by mail and in the calendar.")


def unlock(request, run):
    unlock_run(run=run)
    return _("Open for changes. What has been reserved is kept.")


def delay(request, run):
    form = DelayForm(request.POST)
    if not form.is_valid():
        raise ExchangeError(_("Choose how much later."))
    delay_run(run=run, **form.cleaned_data)
    return _("Everybody concerned has been notified.")


def call_off(request, run):
    count = len(call_off_run(run=run))
    return ngettext(
        "%(count)d shipment has moved, and everybody concerned has been told once.",
        "%(count)d shipments have moved, and everybody concerned has been told once.",
        count,
    ) % {"count": count}


def move(request, run):
    stop = get_object_or_404(run.stops.select_related("tour"), pk=_number(request, "stop"))
    move_stop(stop=stop, vehicle=_number(request, "vehicle"), by_steps=_number(request, "steps"))
    return _("Moved.")


def give_link(request, run):
    link_for(run=run, number=_number(request, "vehicle"), by=request.user)
    return _("Here is a new link. Send it to the driver.")


def take_link(request, run):
    tour = get_object_or_404(Tour, run=run, number=_number(request, "vehicle"))
    revoke_link(tour=tour, by=request.user)
    return _("The link no longer works.")


def _number(request, name):
    """A small whole number of the form; 0 without one."""
    try:
        return max(-100, min(int(request.POST.get(name, "0")[:20]), 10**9))
    except ValueError:
        return 0


ACTIONS = {
    each.__name__: each
    for each in (plan, lock, unlock, delay, call_off, move, give_link, take_link)
}


@require_POST
def act(request, pk, action):
    """Do one thing with a day, and say so."""
    run = _run(request, pk)
    if action not in ACTIONS:
        raise Http404
    try:
        messages.success(request, ACTIONS[action](request, run))
    except ExchangeError as error:
        messages.error(request, str(error))
    return redirect("transport_day", pk=run.pk)


@require_safe
def printed(request, pk):
    """The list of a day on paper, a page per vehicle."""
    run = _run(request, pk)
    response = pdf_response(run_pdf(run), f"tur-{run.date:%Y-%m-%d}.pdf")
    response["Cache-Control"] = "private, no-store"
    return response
