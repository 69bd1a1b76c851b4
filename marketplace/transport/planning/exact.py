"""The best plan there is, for a few jobs: every order that can matter is tried.

A label is a way of having done some of the jobs and standing somewhere: later and longer than
another one for the same is forgotten. Routes of every subset of the jobs come of it, and the
vehicles then share the subsets.
"""

from marketplace.transport.planning.problem import Activity, Problem, Route, Solution, Vehicle
from marketplace.transport.planning.schedule import begin, drive

MOST_JOBS = 6

# (moment, metres, route)
Label = tuple[int, int, Route]
# (last activity, jobs fetched as bits, jobs left as bits)
State = tuple[Activity | None, int, int]


def best_plan(problem: Problem) -> Solution:
    """The cheapest plan by `problem.cost`. For at most `MOST_JOBS` jobs."""
    everything = (1 << len(problem.jobs)) - 1
    # {jobs done by the vehicles so far: (metres, their routes)}
    shared: dict[int, tuple[int, tuple[Route, ...]]] = {0: (0, ())}
    for vehicle in problem.vehicles:
        own = best_routes(problem, vehicle)
        following: dict[int, tuple[int, tuple[Route, ...]]] = {}
        for done, (metres, routes) in shared.items():
            for subset, (more, route) in own.items():
                if done & subset:
                    continue
                candidate = (metres + more, (*routes, route))
                if done | subset not in following or candidate < following[done | subset]:
                    following[done | subset] = candidate
        shared = following
    promised = sum(1 << index for index, job in enumerate(problem.jobs) if job.promised)

    def badness(done: int) -> tuple[int, int, int]:
        left = everything & ~done
        return (left & promised).bit_count(), left.bit_count(), shared[done][0]

    done = min(shared, key=badness)
    left_out = [index for index in range(len(problem.jobs)) if not done >> index & 1]
    return Solution(shared[done][1], frozenset(left_out))


def best_routes(problem: Problem, vehicle: Vehicle) -> dict[int, tuple[int, Route]]:
    """{jobs as bits: (metres, the shortest route that does exactly these)}."""
    found: dict[int, tuple[int, Route]] = {0: (0, ())}
    level: dict[State, list[Label]] = {(None, 0, 0): [(vehicle.hours[0], 0, ())]}
    most = 2 * len(problem.jobs)
    if vehicle.most_stops is not None:
        most = min(most, vehicle.most_stops)
    for _stops in range(most):
        following: dict[State, list[Label]] = {}
        for state, labels in level.items():
            for label in labels:
                for reached, longer in _steps(problem, vehicle, state, label):
                    _keep(following.setdefault(reached, []), longer)
        _close(problem, vehicle, following, found)
        level = following
    return found


def _steps(problem, vehicle, state, label):
    """Every activity that may come next, as (state, label)."""
    last, fetched, left = state
    moment, metres, route = label
    place = vehicle.start if last is None else problem.jobs[last[0]].step(last[1]).place
    for index, job in enumerate(problem.jobs):
        bit = 1 << index
        if left & bit:
            continue
        fetches = not fetched & bit
        if fetches and not _has_room(problem, vehicle, (fetched | bit) & ~left):
            continue
        step = job.step(fetches)
        arrives = drive(moment, problem.seconds[place][step.place], vehicle.breaks)
        begins = begin(arrives, step, vehicle.breaks)
        if begins is None:
            continue
        reached = ((index, fetches), fetched | bit, left if fetches else left | bit)
        longer = metres + problem.metres[place][step.place]
        yield reached, (begins + step.stay, longer, (*route, (index, fetches)))


def _has_room(problem, vehicle, aboard):
    carried = [job for index, job in enumerate(problem.jobs) if aboard >> index & 1]
    return (
        sum(job.grams for job in carried) <= vehicle.grams
        and sum(job.decilitres for job in carried) <= vehicle.decilitres
    )


def _keep(labels, new):
    """Add `new` unless another is no later and no longer; forget those that `new` beats."""
    if any(moment <= new[0] and metres <= new[1] for moment, metres, _route in labels):
        return
    labels[:] = [each for each in labels if each[0] < new[0] or each[1] < new[1]]
    labels.append(new)


def _close(problem, vehicle, level, found):
    """Drive home from every state in which nothing is on board."""
    for (last, fetched, left), labels in level.items():
        if fetched != left:
            continue
        place = problem.jobs[last[0]].step(last[1]).place
        for moment, metres, route in labels:
            home = drive(moment, problem.seconds[place][vehicle.end], vehicle.breaks)
            whole = (metres + problem.metres[place][vehicle.end], route)
            if home <= vehicle.hours[1] and (left not in found or whole < found[left]):
                found[left] = whole
