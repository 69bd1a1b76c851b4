"""What a coordinator does with a whole day: have it planned, delay it, call it off, give links."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.transport.booking import move_on
from marketplace.transport.models import Run, Shipment, Stop, Tour
from marketplace.transport.plans import put_in_calendars
from marketplace.transport.tasks import plan_run
from marketplace.transport.telling import tell_delayed, tell_moved
from marketplace.transport.tokens import new_token
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User


@transaction.atomic
def ask_for_plan(*, run: Run) -> Run:
    """Let a job plan `run`. What people have been promised stays as it was promised."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    run.planning = Run.Planning.WAITING
    run.save(update_fields=["planning"])
    transaction.on_commit(partial(plan_run.enqueue, run.pk))
    return run


@transaction.atomic
def delay_run(*, run: Run, minutes: int) -> list[Shipment]:
    """All that is left of the day comes `minutes` later; everybody concerned is told once."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    later = timedelta(minutes=minutes)
    stops = run.stops.filter(state=Stop.State.PLANNED)
    stops.exclude(planned_at=None).update(planned_at=F("planned_at") + later)
    stops.exclude(promised_from=None).update(
        promised_from=F("promised_from") + later, promised_until=F("promised_until") + later
    )
    shipments = _undriven(run)
    for shipment in shipments:
        if all(stop.promised_from for stop in shipment.stops.all()):
            put_in_calendars(shipment)
    tell_delayed(shipments, key=_event(run, "delayed"), minutes=minutes)
    return shipments


@transaction.atomic
def call_off_run(*, run: Run) -> list[Shipment]:
    """The vehicle does not come that day: all that is left moves to the next day with room.

    Everybody concerned is told once, however much of theirs it carries. Done twice is done once.
    """
    run = (
        Run.objects.select_for_update()
        .select_related("round__carrier__municipality")
        .get(pk=run.pk)
    )
    if run.called_off_at:
        return []
    run.called_off_at, run.locked_at = timezone.now(), None
    run.save(update_fields=["called_off_at", "locked_at"])
    shipments = _undriven(run)
    for shipment in shipments:
        move_on(shipment, after=run.date)
    tell_moved(shipments, key=_event(run, "moved"))
    run.tours.update(revoked_at=timezone.now())
    return shipments


def _undriven(run: Run) -> list[Shipment]:
    states = [Shipment.State.WAITING, Shipment.State.FETCHED]
    found = run.shipments.filter(state__in=states).with_parties()
    return list(found.prefetch_related("stops"))


def _event(run: Run, what: str) -> str:
    return f"run:{run.pk}:{what}:{timezone.now():%Y%m%d%H%M%S%f}"


@transaction.atomic
def link_for(*, run: Run, number: int, by: User) -> Tour:
    """The tour of a vehicle with a link that works: a new one where the last was taken back."""
    tour, is_new = Tour.objects.get_or_create(run=run, number=number)
    if tour.revoked_at:
        tour.token, tour.revoked_at = new_token(), None
        tour.save(update_fields=["token", "revoked_at"])
    elif not is_new:
        return tour
    record(EventType.ACCESS_GIVEN, actor=by, target=tour)
    return tour


@transaction.atomic
def revoke_link(*, tour: Tour, by: User) -> None:
    """The driver's link stops working at once."""
    tour.revoked_at = timezone.now()
    tour.save(update_fields=["revoked_at"])
    record(EventType.ACCESS_TAKEN, actor=by, target=tour)
