"""The plan of a day: the best of what is tried, all of it checked by `schedule`."""

import warnings
from collections.abc import Sequence

from pyvrp import Model
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.stop import MaxRuntime, MultipleCriteria, NoImprovement

from marketplace.transport.planning.exact import MOST_JOBS, best_plan
from marketplace.transport.planning.insertion import greedy, insert_all
from marketplace.transport.planning.problem import Problem, Route, Solution, cost
from marketplace.transport.planning.schedule import is_feasible

LONGEST_SECONDS = 4
WITHOUT_IMPROVEMENT = 1500


def solve(problem: Problem) -> Solution:
    """The plan with the fewest promises broken, then jobs left out, then metres.

    It is the best there is for up to `exact.MOST_JOBS` jobs, and never worse than `greedy`.
    """
    if not problem.jobs or not problem.vehicles:
        return greedy(problem)
    if len(problem.jobs) <= MOST_JOBS:
        return best_plan(problem)
    candidates = [greedy(problem), by_search(problem)]
    return min(candidates, key=lambda solution: cost(problem, solution))


def by_search(problem: Problem) -> Solution:
    """PyVRP's plan, repaired: PyVRP knows no breaks, and only one window per stop."""
    stop = MultipleCriteria([MaxRuntime(LONGEST_SECONDS), NoImprovement(WITHOUT_IMPROVEMENT)])
    possible = possible_jobs(problem)
    if not possible:
        return greedy(problem)
    model = as_model(problem, possible)
    with warnings.catch_warnings():
        # A day on which not everything fits; what it answers is checked all the same.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = model.solve(stop, seed=1, collect_stats=False, display=False)
    routes: list[Route] = [()] * len(problem.vehicles)
    for route in result.best.routes():
        routes[route.vehicle_type()] = tuple(
            (possible[activity.idx], activity.is_pickup())
            for activity in route.schedule()
            if activity.is_shipment()
        )
    routes = [repaired(problem, index, route) for index, route in enumerate(routes)]
    placed = {job for route in routes for job, _fetches in route}
    missing = set(range(len(problem.jobs))) - placed
    return insert_all(problem, routes, missing)


def repaired(problem: Problem, vehicle_index: int, route: Route) -> Route:
    """`route` without the jobs, the last ones first, that keep it from holding."""
    vehicle = problem.vehicles[vehicle_index]
    while route and not is_feasible(problem, vehicle, route):
        jobs = dict.fromkeys(job for job, _fetches in route)
        given_up = min(reversed(jobs), key=lambda job: problem.jobs[job].promised)
        route = tuple(activity for activity in route if activity[0] != given_up)
    return route


def possible_jobs(problem: Problem) -> list[int]:
    """The jobs whose longest windows leave time to leave them after they are fetched.

    PyVRP refuses the others; they are put in afterwards, if another of their windows allows it.
    """
    return [
        index
        for index, job in enumerate(problem.jobs)
        if longest(job.leave.windows)[1] >= longest(job.fetch.windows)[0]
    ]


def as_model(problem: Problem, possible: Sequence[int]) -> Model:
    """The problem in PyVRP's words. A job may be left out, at a price that no detour reaches."""
    model = Model()
    locations = [model.add_location(0, 0) for _place in problem.metres]
    for a, start in enumerate(locations):
        for b, end in enumerate(locations):
            model.add_edge(start, end, problem.metres[a][b], problem.seconds[a][b])
    depots = {}
    for vehicle in problem.vehicles:
        for place in (vehicle.start, vehicle.end):
            if place not in depots:
                depots[place] = model.add_depot(locations[place])
        model.add_vehicle_type(
            capacity=[vehicle.grams, vehicle.decilitres],
            start_depot=depots[vehicle.start],
            end_depot=depots[vehicle.end],
            tw_early=vehicle.hours[0],
            tw_late=vehicle.hours[1],
        )
    furthest = max(max(row) for row in problem.metres)
    price = (2 * len(problem.jobs) + 2) * furthest + 1
    for job in (problem.jobs[index] for index in possible):
        fetch, leave = longest(job.fetch.windows), longest(job.leave.windows)
        model.add_shipment(
            locations[job.fetch.place],
            locations[job.leave.place],
            pickup_tw_early=fetch[0],
            pickup_tw_late=fetch[1],
            pickup_service_duration=job.fetch.stay,
            delivery_tw_early=leave[0],
            delivery_tw_late=leave[1],
            delivery_service_duration=job.leave.stay,
            amount=[job.grams, job.decilitres],
            prize=price * (len(problem.jobs) + 1) if job.promised else price,
            required=False,
        )
    return model


def longest(windows):
    return max(windows, key=lambda window: window[1] - window[0])
