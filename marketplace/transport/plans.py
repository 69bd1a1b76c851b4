"""The plan of a day: made, changed by hand, locked, and made again."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from marketplace.exchange.reservations.telling import all_members, sync_calendar
from marketplace.transport.booking import move_on
from marketplace.transport.distances import Distances
from marketplace.transport.errors import DoesNotFit, NotPlanned, PlanIsLocked
from marketplace.transport.models import Run, Shipment, Stop, Tour
from marketplace.transport.planning.problem import Route, length
from marketplace.transport.planning.schedule import schedule
from marketplace.transport.planning.solver import solve
from marketplace.transport.problems import DayProblem, moment_of, problem_of
from marketplace.transport.telling import tell_moved, tell_planned

# A promise is an hour around the planned time.
PROMISED_AROUND = timedelta(minutes=30)


def make_plan(run: Run) -> Run:
    """Plan `run` as it is now. What does not fit goes to the next round, and its people are told.

    Safe to do again: computed outside the transaction, and written only if the list is the same.
    """
    for _attempt in range(3):
        day = problem_of(run)
        solution = solve(day.problem)
        if write_if_same(day, solution.routes, solution.left_out):
            break
    run.refresh_from_db()
    return run


@transaction.atomic
def write_if_same(day: DayProblem, routes: Sequence[Route], left_out=frozenset()) -> bool:
    """Write the plan, unless the list has changed since `day` was read."""
    run = (
        Run.objects.select_for_update()
        .select_related("round__carrier__municipality")
        .get(pk=day.run.pk)
    )
    # Only the list is compared, so nothing is measured again.
    now = problem_of(run, measure=lambda places: Distances([], [], by_roads=day.by_roads))
    if now.problem.jobs != day.problem.jobs or run.called_off_at:
        return False
    write(day, routes)
    for number in sorted(left_out):
        next_round(day.shipments[number], run)
    run.planning, run.planned_at = Run.Planning.DONE, timezone.now()
    run.left_out, run.planned_by_roads = len(left_out), day.by_roads
    run.save()
    return True


def next_round(shipment: Shipment, run: Run) -> None:
    """It does not fit on `run`: to the next day with room; its people are told once."""
    move_on(shipment, after=run.date)
    tell_moved([shipment], key=f"run:{run.pk}:{shipment.pk}:{shipment.moved}")


def write(day: DayProblem, routes: Sequence[Route]) -> None:
    """Write order and times of `routes`, one per vehicle. Raises `DoesNotFit`."""
    for number, (vehicle, route) in enumerate(
        zip(day.problem.vehicles, routes, strict=True), start=1
    ):
        times = schedule(day.problem, vehicle, route)
        if times is None:
            raise DoesNotFit
        tour, _created = Tour.objects.get_or_create(run=day.run, number=number)
        tour.metres = length(day.problem, vehicle, route)
        tour.save(update_fields=["metres"])
        for position, timed in enumerate(times, start=1):
            stop = day.stop(timed.activity)
            if stop.is_done:
                continue
            stop.tour, stop.position = tour, position
            stop.planned_at = moment_of(day.run, timed.begins)
            stop.save(update_fields=["tour", "position", "planned_at"])


def routes_of(day: DayProblem) -> list[list]:
    """The order as it stands, per vehicle. What is on board since another day comes first."""
    routes: list[list] = [[] for _vehicle in day.problem.vehicles]
    stops = [
        (stop.tour.number, stop.position or 0, stop)
        for shipment in day.shipments
        for stop in shipment.stops.select_related("tour")
        if stop.tour and stop.run_id == day.run.pk and not stop.is_done
    ]
    for number, _position, stop in sorted(stops, key=lambda each: each[:2]):
        route = routes[number - 1]
        job, fetches = day.activity(stop)
        if not fetches and day.shipments[job].state == Shipment.State.FETCHED:
            route.insert(0, (job, True))
        route.append((job, fetches))
    return routes


@transaction.atomic
def move_stop(*, stop: Stop, vehicle: int, by_steps: int = 0) -> None:
    """Move a stop by hand: to another vehicle (with the stop that belongs to it), or up and down.

    Raises `DoesNotFit` when a time or the vehicle's room would not be kept, `PlanIsLocked`.
    """
    run = (
        Run.objects.select_for_update()
        .select_related("round__carrier__municipality")
        .get(pk=stop.run_id)
    )
    if run.locked_at:
        raise PlanIsLocked
    if stop.tour is None:
        raise NotPlanned
    day = problem_of(run)
    routes = routes_of(day)
    moved = day.activity(stop)
    own = routes[stop.tour.number - 1]
    if vehicle == stop.tour.number:
        place = own.index(moved)
        own.insert(max(0, min(len(own) - 1, place + by_steps)), own.pop(place))
    else:
        pair = [activity for activity in own if activity[0] == moved[0]]
        own[:] = [activity for activity in own if activity[0] != moved[0]]
        routes[vehicle - 1] += pair
    write(day, [tuple(route) for route in routes])


@transaction.atomic
def lock_run(*, run: Run) -> Run:
    """Promise the planned times: both sides get them by mail and in their calendars."""
    run = (
        Run.objects.select_for_update()
        .select_related("round__carrier__municipality")
        .get(pk=run.pk)
    )
    shipments = list(run.shipments.waiting().with_parties().prefetch_related("stops"))
    stops = [stop for shipment in shipments for stop in shipment.stops.all()]
    if not stops or any(stop.planned_at is None for stop in stops):
        raise NotPlanned
    if run.locked_at:
        return run
    for stop in stops:
        if stop.promised_from is None and stop.planned_at:
            stop.promised_from = stop.planned_at - PROMISED_AROUND
            stop.promised_until = stop.planned_at + PROMISED_AROUND
            stop.save(update_fields=["promised_from", "promised_until"])
    run.locked_at = timezone.now()
    run.save(update_fields=["locked_at"])
    for shipment in shipments:
        put_in_calendars(shipment)
    tell_planned(shipments)
    return run


@transaction.atomic
def unlock_run(*, run: Run) -> Run:
    """Open the plan for changes. What has been promised is kept by every further plan."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    run.locked_at = None
    run.save(update_fields=["locked_at"])
    return run


def put_in_calendars(shipment: Shipment) -> None:
    """From the promised fetching to the promised leaving, as the agreed time of the reservation."""
    stops = {stop.type: stop for stop in shipment.stops.all()}
    reservation = shipment.reservation
    fetch, leave = stops[Stop.Type.FETCH], stops[Stop.Type.LEAVE]
    reservation.pickup_at = fetch.promised_from or leave.promised_from
    reservation.pickup_until = leave.promised_until
    reservation.pickup_agreed_at = timezone.now()
    reservation.save(update_fields=["pickup_at", "pickup_until", "pickup_agreed_at"])
    sync_calendar(reservation, but=list(all_members(reservation)))
