"""A day's list as a problem to plan, and back: from rows of the database to whole numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.utils import timezone

from marketplace.transport.distances import Distances, Position, distances
from marketplace.transport.models import Run, Shipment, Stop
from marketplace.transport.planning.problem import Activity, Job, Problem, Step, Vehicle, Window

DAY = (0, 24 * 3600)


@dataclass
class DayProblem:
    """The problem of a run, with what its numbers stand for."""

    run: Run
    problem: Problem
    shipments: list[Shipment]
    by_roads: bool

    def stop(self, activity: Activity) -> Stop:
        job, fetches = activity
        kind = Stop.Type.FETCH if fetches else Stop.Type.LEAVE
        return next(stop for stop in self.shipments[job].stops.all() if stop.type == kind)

    def activity(self, stop: Stop) -> Activity:
        numbers = {shipment.pk: index for index, shipment in enumerate(self.shipments)}
        return numbers[stop.shipment_id], stop.type == Stop.Type.FETCH


def waiting_on(run: Run) -> list[Shipment]:
    """What is on the list of `run` and nobody has touched yet that day."""
    found = run.shipments.filter(state__in=[Shipment.State.WAITING, Shipment.State.FETCHED])
    return list(found.with_parties().prefetch_related("stops").order_by("pk"))


def problem_of(
    run: Run, *, measure: Callable[[Sequence[Position]], Distances] = distances
) -> DayProblem:
    """What is to be driven on `run`, within hours of givers and receivers and what was promised."""
    round_ = run.round
    shipments = waiting_on(run)
    latitude, longitude = round_.start_position
    places = [(float(latitude), float(longitude))]
    steps: dict[tuple[int, str], Step] = {}
    for shipment in shipments:
        reservation = shipment.reservation
        aboard = shipment.state == Shipment.State.FETCHED
        for kind, organisation in (
            (Stop.Type.FETCH, reservation.giver),
            (Stop.Type.LEAVE, reservation.organisation),
        ):
            if kind == Stop.Type.FETCH and aboard:
                # It stands in the vehicle since an earlier day.
                steps[shipment.pk, kind] = Step(0, (DAY,), 0)
                continue
            north, east = organisation.position
            position = (float(north), float(east))
            if position not in places:
                places.append(position)
            steps[shipment.pk, kind] = Step(
                places.index(position),
                windows_of(run, shipment, kind),
                round_.minutes_per_stop * 60,
            )
    table = measure(places)
    jobs = tuple(_job(shipment, steps) for shipment in shipments)
    problem = Problem(jobs, vehicles_of(run), table.metres, table.seconds)
    return DayProblem(run, problem, shipments, table.by_roads)


def _job(shipment, steps):
    load = shipment.load
    return Job(
        steps[shipment.pk, Stop.Type.FETCH],
        steps[shipment.pk, Stop.Type.LEAVE],
        ceil(load.kg * 1000),
        ceil(load.litres * 10),
        promised=any(stop.promised_from for stop in shipment.stops.all()),
    )


def vehicles_of(run: Run) -> tuple[Vehicle, ...]:
    round_ = run.round
    breaks: tuple[Window, ...] = ()
    if round_.break_starts and round_.break_ends:
        breaks = ((seconds(round_.break_starts), seconds(round_.break_ends)),)
    vehicle = Vehicle(
        0,
        0,
        (seconds(round_.starts), seconds(round_.ends)),
        round_.capacity_kg * 1000,
        round_.capacity_litres * 10,
        breaks,
        round_.most_stops,
    )
    return (vehicle,) * round_.vehicles


def windows_of(run: Run, shipment: Shipment, kind: str) -> tuple[Window, ...]:
    """When the vehicle may come: what was promised, or else the hours of the place.

    A giver's hours are its pickup times of that day; where it has none, any time of the round.
    """
    stop = next((each for each in shipment.stops.all() if each.type == kind), None)
    if stop and stop.promised_from and stop.promised_until:
        return (
            (since_midnight(run, stop.promised_from), since_midnight(run, stop.promised_until)),
        )
    if kind == Stop.Type.LEAVE:
        return ((seconds(shipment.receives_from), seconds(shipment.receives_until)),)
    times = shipment.reservation.giver.pickup_times.all()
    pickups = [pickup for each in times if (pickup := each.on(run.date))]
    found = sorted(
        (since_midnight(run, each.starts_at), since_midnight(run, each.ends_at)) for each in pickups
    )
    return tuple(found) or ((seconds(run.round.starts), seconds(run.round.ends)),)


def seconds(time) -> int:
    return (time.hour * 60 + time.minute) * 60 + time.second


def midnight(run: Run) -> datetime:
    return timezone.make_aware(datetime.combine(run.date, datetime.min.time()))


def since_midnight(run: Run, moment: datetime) -> int:
    local = timezone.localtime(moment)
    return seconds(local.time()) + (local.date() - run.date).days * 24 * 3600


def moment_of(run: Run, second: int) -> datetime:
    """The moment that a clock on the wall shows `second` seconds after midnight."""
    naive = datetime.combine(run.date, datetime.min.time()) + timedelta(seconds=second)
    return timezone.make_aware(naive)
