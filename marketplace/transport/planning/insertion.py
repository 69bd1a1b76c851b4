"""A plan by putting in the cheapest job first: quick, always within the rules, seldom the best."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from marketplace.transport.planning.problem import Problem, Route, Solution, Vehicle
from marketplace.transport.planning.schedule import is_feasible

# (metres more, the route with the job in it)
Place = tuple[int, Route]
Detour = tuple[int, int, int]


def cheapest_place(problem: Problem, vehicle_index: int, route: Route, job: int) -> Place | None:
    """The cheapest way to put `job` into `route`, or None when it does not fit."""
    vehicle = problem.vehicles[vehicle_index]
    for more, fetch_at, leave_at in sorted(_detours(problem, vehicle, route, job)):
        before, between, after = route[:fetch_at], route[fetch_at:leave_at], route[leave_at:]
        longer = (*before, (job, True), *between, (job, False), *after)
        if is_feasible(problem, vehicle, longer):
            return more, longer
    return None


def _detours(problem: Problem, vehicle: Vehicle, route: Route, job: int) -> Iterator[Detour]:
    """(metres more, where it is fetched, where it is left) for every way to put `job` in."""
    metres = problem.metres
    places = [problem.jobs[each].step(fetches).place for each, fetches in route]
    stops = [vehicle.start, *places, vehicle.end]
    fetch, leave = problem.jobs[job].fetch.place, problem.jobs[job].leave.place
    # An empty route is no way at all: see `length`.
    ways = [metres[a][b] if route else 0 for a, b in pairwise(stops)]
    for at, way in enumerate(ways):
        here, there = stops[at], stops[at + 1]
        both = metres[here][fetch] + metres[fetch][leave] + metres[leave][there] - way
        yield both, at, at
        fetched = metres[here][fetch] + metres[fetch][there] - way
        for later in range(at + 1, len(ways)):
            here_later, there_later = stops[later], stops[later + 1]
            left = metres[here_later][leave] + metres[leave][there_later] - ways[later]
            yield fetched + left, at, later


def insert_all(problem: Problem, routes: Iterable[Route], jobs: Iterable[int]) -> Solution:
    """`routes` with as many of `jobs` put in as fit, what has been promised first."""
    current = list(routes)
    waiting = set(jobs)
    places = {
        (vehicle, job): cheapest_place(problem, vehicle, route, job)
        for vehicle, route in enumerate(current)
        for job in waiting
    }
    while waiting:
        fitting = [
            (not problem.jobs[job].promised, place[0], vehicle, job, place[1])
            for (vehicle, job), place in places.items()
            if place and job in waiting
        ]
        if not fitting:
            break
        _promised, _metres, vehicle, job, current[vehicle] = min(fitting)
        waiting.remove(job)
        for other in waiting:
            places[vehicle, other] = cheapest_place(problem, vehicle, current[vehicle], other)
    return Solution(tuple(current), frozenset(waiting))


def greedy(problem: Problem) -> Solution:
    """A plan from nothing."""
    return insert_all(problem, [()] * len(problem.vehicles), range(len(problem.jobs)))
