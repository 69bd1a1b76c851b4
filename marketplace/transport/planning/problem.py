"""What a plan is made from, and what it is: whole numbers only, and nothing of the database.

Times are seconds from midnight, masses grams, volumes decilitres, distances metres.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Window = tuple[int, int]
Matrix = Sequence[Sequence[int]]
# (index of the job, whether it is fetched there; else it is left)
Activity = tuple[int, bool]
Route = tuple[Activity, ...]


@dataclass(frozen=True)
class Step:
    """Where one end of a job is, when one may come, and how long one stays."""

    place: int
    windows: tuple[Window, ...]
    stay: int


@dataclass(frozen=True)
class Job:
    """Something to be fetched at one place and left at another, by the same vehicle.

    `promised` jobs have been told to people: they are the last to be left out.
    """

    fetch: Step
    leave: Step
    grams: int
    decilitres: int
    promised: bool = False

    def step(self, fetches: bool) -> Step:
        return self.fetch if fetches else self.leave


@dataclass(frozen=True)
class Vehicle:
    """One vehicle's day. `breaks` are times when it neither drives nor loads."""

    start: int
    end: int
    hours: Window
    grams: int
    decilitres: int
    breaks: tuple[Window, ...] = ()
    most_stops: int | None = None


@dataclass(frozen=True)
class Problem:
    jobs: tuple[Job, ...]
    vehicles: tuple[Vehicle, ...]
    metres: Matrix
    seconds: Matrix


@dataclass(frozen=True)
class Timed:
    """A stop with the moments when the vehicle comes, begins and goes."""

    activity: Activity
    arrives: int
    begins: int
    leaves: int


@dataclass(frozen=True)
class Solution:
    """A route for each vehicle (some may be empty), and the jobs that found no room."""

    routes: tuple[Route, ...]
    left_out: frozenset[int] = field(default_factory=frozenset)


def length(problem: Problem, vehicle: Vehicle, route: Route) -> int:
    """Metres from the vehicle's start by all stops to its end; 0 for a vehicle that stays."""
    if not route:
        return 0
    places = [
        vehicle.start,
        *(problem.jobs[job].step(fetches).place for job, fetches in route),
        vehicle.end,
    ]
    return sum(problem.metres[a][b] for a, b in pairwise(places))


def cost(problem: Problem, solution: Solution) -> tuple[int, int, int]:
    """What is to be as small as can be: promises broken, jobs left out, metres; in this order."""
    promised = sum(problem.jobs[job].promised for job in solution.left_out)
    metres = sum(
        length(problem, vehicle, route)
        for vehicle, route in zip(problem.vehicles, solution.routes, strict=True)
    )
    return promised, len(solution.left_out), metres
