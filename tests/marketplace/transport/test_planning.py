"""Plans keep every rule, and are the best there are as far as anybody can check."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.transport.planning.exact import MOST_JOBS
from marketplace.transport.planning.insertion import greedy
from marketplace.transport.planning.problem import (
    Job,
    Problem,
    Solution,
    Step,
    Vehicle,
    cost,
    length,
)
from marketplace.transport.planning.schedule import schedule
from marketplace.transport.planning.solver import by_search, solve

HOUR = 3600
KM = 1000


@st.composite
def problems(draw, *, jobs, vehicles=2):
    """A day among places on a grid of kilometres, one minute apart each."""
    count = draw(st.integers(1, jobs))
    spots = st.tuples(st.integers(0, 20), st.integers(0, 20))
    places = draw(st.lists(spots, min_size=2 * count + 1, max_size=2 * count + 1))
    apart = [[abs(a[0] - b[0]) + abs(a[1] - b[1]) for b in places] for a in places]
    opens = st.integers(7, 12)

    def step(place):
        windows = [
            (start * HOUR, (start + draw(st.integers(1, 4))) * HOUR)
            for start in sorted(set(draw(st.lists(opens, min_size=1, max_size=2))))
        ]
        return Step(place, tuple(windows), draw(st.integers(0, 20)) * 60)

    return Problem(
        jobs=tuple(
            Job(
                step(2 * index + 1),
                step(2 * index + 2),
                draw(st.integers(1, 60)) * 1000,
                draw(st.integers(1, 500)),
                promised=draw(st.booleans()),
            )
            for index in range(count)
        ),
        vehicles=tuple(
            Vehicle(
                0,
                0,
                (7 * HOUR, draw(st.integers(10, 15)) * HOUR),
                100_000,
                700,
                breaks=draw(st.sampled_from([(), ((11 * HOUR, 12 * HOUR),)])),
                most_stops=draw(st.sampled_from([None, 4])),
            )
            for _index in range(draw(st.integers(1, vehicles)))
        ),
        metres=[[km * KM for km in row] for row in apart],
        seconds=[[km * 60 for km in row] for row in apart],
    )


def check(problem, solution):
    """Every rule, worked out again, independently."""
    seen = [activity for route in solution.routes for activity in route]
    assert len(seen) == len(set(seen))
    placed = {job for job, _fetches in seen}
    assert placed | solution.left_out == set(range(len(problem.jobs)))
    assert not placed & solution.left_out
    for vehicle, route in zip(problem.vehicles, solution.routes, strict=True):
        check_route(problem, vehicle, route)


def check_route(problem, vehicle, route):
    assert vehicle.most_stops is None or len(route) <= vehicle.most_stops
    times = schedule(problem, vehicle, route)
    aboard, moment, place = [], vehicle.hours[0], vehicle.start
    for (index, fetches), timed in zip(route, times, strict=True):
        job = problem.jobs[index]
        step = job.fetch if fetches else job.leave
        assert fetches or index in aboard
        aboard = [*aboard, index] if fetches else [each for each in aboard if each != index]
        assert sum(problem.jobs[each].grams for each in aboard) <= vehicle.grams
        assert sum(problem.jobs[each].decilitres for each in aboard) <= vehicle.decilitres
        assert timed.arrives >= moment + problem.seconds[place][step.place]
        assert any(opens <= timed.begins <= closes for opens, closes in step.windows)
        assert timed.begins >= timed.arrives
        assert timed.leaves == timed.begins + step.stay
        for starts, ends in vehicle.breaks:
            assert timed.leaves <= starts or timed.begins >= ends
        moment, place = timed.leaves, step.place
    assert not aboard
    if route:
        assert moment + problem.seconds[place][vehicle.end] <= vehicle.hours[1]


def orders(jobs, aboard=frozenset()):
    """Every order in which each of `jobs` is fetched before it is left."""
    if not jobs and not aboard:
        yield ()
    for job in jobs:
        for rest in orders(jobs - {job}, aboard | {job}):
            yield ((job, True), *rest)
    for job in aboard:
        for rest in orders(jobs, aboard - {job}):
            yield ((job, False), *rest)


def all_plans(problem):
    """Every plan there is, the bad ones too."""
    choices = [None, *range(len(problem.vehicles))]
    for choice in product(choices, repeat=len(problem.jobs)):
        shares = [
            frozenset(job for job, chosen in enumerate(choice) if chosen == vehicle)
            for vehicle in range(len(problem.vehicles))
        ]
        left_out = frozenset(job for job, chosen in enumerate(choice) if chosen is None)
        for routes in product(*map(orders, shares)):
            yield Solution(routes, left_out)


def is_allowed(problem, solution):
    return all(
        schedule(problem, vehicle, route) is not None
        for vehicle, route in zip(problem.vehicles, solution.routes, strict=True)
    )


@settings(max_examples=30)
@given(problems(jobs=4, vehicles=1))
def test_a_plan_of_up_to_eight_stops_is_the_best_of_all_there_are(problem):
    best = min(cost(problem, plan) for plan in all_plans(problem) if is_allowed(problem, plan))

    assert cost(problem, solve(problem)) == best


@settings(max_examples=15)
@given(problems(jobs=2, vehicles=3))
def test_it_is_the_best_with_several_vehicles_too(problem):
    best = min(cost(problem, plan) for plan in all_plans(problem) if is_allowed(problem, plan))

    assert cost(problem, solve(problem)) == best


@settings(max_examples=15)
@given(problems(jobs=MOST_JOBS + 2))
def test_a_plan_keeps_every_rule_and_is_never_worse_than_greedy(problem):
    plan, quick = solve(problem), greedy(problem)

    check(problem, plan)
    check(problem, quick)
    assert cost(problem, plan) <= cost(problem, quick)


@settings(max_examples=12)
@given(problems(jobs=10, vehicles=3))
def test_what_the_search_finds_keeps_every_rule_as_well(problem):
    check(problem, by_search(problem))


def test_a_promise_is_the_last_to_be_left_out():
    windows = ((8 * HOUR, 9 * HOUR),)
    heavy = [
        Job(Step(1, windows, 0), Step(2, windows, 0), 90_000, 1, promised=promised)
        for promised in (False, True)
    ]
    problem = Problem(
        tuple(heavy),
        (Vehicle(0, 0, (8 * HOUR, 9 * HOUR), 100_000, 10, most_stops=2),),
        [[0, 5, 5], [5, 0, 5], [5, 5, 0]],
        [[0, 60, 60], [60, 0, 60], [60, 60, 0]],
    )

    assert solve(problem).left_out == {0}


def test_sixty_stops_and_three_vehicles_are_planned_within_the_rules():
    spots = [((7 * n) % 23, (11 * n) % 29) for n in range(61)]
    apart = [[abs(a[0] - b[0]) + abs(a[1] - b[1]) for b in spots] for a in spots]
    day = ((8 * HOUR, 15 * HOUR),)
    problem = Problem(
        tuple(
            Job(Step(2 * n + 1, day, 300), Step(2 * n + 2, day, 300), 15_000 + n, 300)
            for n in range(30)
        ),
        (Vehicle(0, 0, (7 * HOUR, 16 * HOUR), 300_000, 40_000),) * 3,
        [[km * KM for km in row] for row in apart],
        [[km * 60 for km in row] for row in apart],
    )

    plan = solve(problem)

    check(problem, plan)
    assert not plan.left_out
    assert sum(map(len, plan.routes)) == 60
    assert cost(problem, plan) <= cost(problem, greedy(problem))


def test_a_vehicle_that_stays_drives_nothing():
    problem = Problem((), (Vehicle(0, 0, (0, 1), 1, 1),), [[0]], [[0]])

    assert length(problem, problem.vehicles[0], ()) == 0
    assert solve(problem).routes == ((),)
