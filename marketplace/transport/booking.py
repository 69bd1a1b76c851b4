"""From a request that is to be brought to a place on a day's list."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from marketplace.exchange.reservations.models import Reservation
from marketplace.materials.carrying import Load
from marketplace.organisations.models import Organisation
from marketplace.transport.errors import NoRoomInTime, TooMuchToCarry
from marketplace.transport.models import Round, RoundQuerySet, Run, Shipment, Stop
from marketplace.transport.telling import tell_taken_off

# Nobody on board: what is on the list of a day may be unloaded before the next thing is loaded, but
# a day is only promised as long as everything would fit at once.
OPEN = (Shipment.State.WAITING, Shipment.State.FETCHED)


def rounds_for(
    *, giver: Organisation, receiver: Organisation, carrier: int | None = None
) -> RoundQuerySet:
    """The rounds that may fetch at `giver` and leave at `receiver`."""
    found = Round.objects.serving(giver=giver, receiver=receiver)
    return found if carrier is None else found.filter(carrier=carrier)


def first_day(rounds: Iterable[Round], load: Load, *, after: date | None = None):
    """(date, round) of the first day with room for `load`, or None."""
    days = [
        (day, each.pk, each)
        for each in rounds
        if each.takes(load)
        for day in each.dates()
        if (after is None or day > after) and has_room(each, day, load)
    ]
    return (min(days)[0], min(days)[2]) if days else None


def has_room(round_: Round, day: date, load: Load) -> bool:
    """Whether `load` fits on that day besides all that is on its list."""
    run = round_.runs.filter(date=day).first()
    if run is None:
        return True
    if run.locked_at or run.called_off_at:
        return False
    loads = [each.load for each in run.shipments.filter(state__in=OPEN).with_parties()]
    stops = 2 * (len(loads) + 1)
    if round_.most_stops is not None and stops > round_.most_stops * round_.vehicles:
        return False
    return (
        sum(each.kg for each in loads) + load.kg <= round_.capacity_kg * round_.vehicles
        and sum(each.litres for each in loads) + load.litres
        <= round_.capacity_litres * round_.vehicles
    )


def carrier_of(reservation: Reservation) -> int | None:
    """The primary key of the carrier that was chosen with the request."""
    number = reservation.way.partition(":")[2]
    return int(number) if number.isdecimal() else None


def ask_for_shipment(reservation: Reservation, details: Mapping[str, Any]) -> Shipment:
    """Note how `reservation` is to be brought. Raises `TooMuchToCarry` or `NoRoomInTime`."""
    rounds = list(_rounds_of(reservation))
    if not any(each.takes(reservation.load) for each in rounds):
        raise TooMuchToCarry
    if first_day(rounds, reservation.load) is None:
        raise NoRoomInTime
    return Shipment.objects.create(reservation=reservation, **details)


def _rounds_of(reservation: Reservation) -> QuerySet[Round]:
    return rounds_for(
        giver=reservation.giver,
        receiver=reservation.organisation,
        carrier=carrier_of(reservation),
    )


@transaction.atomic
def book(shipment: Shipment, *, after: date | None = None) -> Run:
    """Put `shipment` on the list of the first day with room. Raises `NoRoomInTime`."""
    reservation = shipment.reservation
    rounds = list(_rounds_of(reservation))
    # In turn, so that two are never promised the last room.
    list(Round.objects.select_for_update().filter(pk__in=[each.pk for each in rounds]))
    found = first_day(rounds, reservation.load, after=after)
    if found is None:
        raise NoRoomInTime
    day, round_ = found
    run, _created = Run.objects.get_or_create(round=round_, date=day)
    put_on(shipment, run)
    return run


def move_on(shipment: Shipment, *, after: date) -> None:
    """Let `shipment` go to the next day with room; without one it is found among those without."""
    shipment.moved += 1
    shipment.save(update_fields=["moved"])
    try:
        book(shipment, after=after)
    except NoRoomInTime:
        shipment.stops.all().delete()
        shipment.run = None
        shipment.save(update_fields=["run"])


def put_on(shipment: Shipment, run: Run) -> None:
    """Let what is still to be driven of `shipment` be on `run`'s list, without place or time."""
    if shipment.state != Shipment.State.FETCHED:
        shipment.state = Shipment.State.WAITING
    shipment.run = run
    shipment.save(update_fields=["run", "state"])
    for kind in Stop.Type.values:
        stop, _created = Stop.objects.get_or_create(
            shipment=shipment, type=kind, defaults={"run": run}
        )
        if stop.is_done and stop.state != Stop.State.NOBODY:
            continue
        stop.run, stop.tour, stop.position = run, None, None
        stop.planned_at = stop.promised_from = stop.promised_until = stop.happened_at = None
        stop.state, stop.key = Stop.State.PLANNED, ""
        stop.save()


@transaction.atomic
def take_off(shipment: Shipment) -> None:
    """It is not driven after all: the stops go, the others keep their times.

    The coordinator of a day that is locked is told: the driver may be on the way, or have it.
    """
    if shipment.state in (Shipment.State.LEFT, Shipment.State.OVER):
        return
    if shipment.run and shipment.run.locked_at:
        tell_taken_off(shipment)
    shipment.state = Shipment.State.OVER
    shipment.save(update_fields=["state"])
    shipment.stops.all().delete()
