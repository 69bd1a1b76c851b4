"""When a vehicle is where along a route, and whether it may be there."""

from marketplace.transport.planning.problem import Problem, Route, Step, Timed, Vehicle, Window


def drive(moment: int, seconds: int, breaks: tuple[Window, ...]) -> int:
    """When somebody arrives who drives `seconds` from `moment` on, and rests in the breaks."""
    for starts, ends in breaks:
        if starts <= moment < ends:
            moment = ends
        elif moment < starts < moment + seconds:
            seconds += ends - starts
    return moment + seconds


def begin(moment: int, step: Step, breaks: tuple[Window, ...]) -> int | None:
    """The first moment from `moment` on when a stay may begin, or None when the day is over."""
    for opens, closes in step.windows:
        start = max(moment, opens)
        for starts, ends in breaks:
            if start < ends and start + step.stay > starts:
                start = ends
        if start <= closes:
            return start
    return None


def schedule(problem: Problem, vehicle: Vehicle, route: Route) -> list[Timed] | None:
    """The stops with their times, or None when the route breaks a rule.

    The rules: fetch before leave, never more on board than there is room for, every stay begins
    within a window of its place, and the vehicle is back in time. Leaves as early as it may.
    """
    if vehicle.most_stops is not None and len(route) > vehicle.most_stops:
        return None
    moment, place = vehicle.hours[0], vehicle.start
    aboard: set[int] = set()
    grams = decilitres = 0
    found = []
    for job_index, fetches in route:
        job = problem.jobs[job_index]
        if fetches == (job_index in aboard):
            return None
        sign = 1 if fetches else -1
        grams += sign * job.grams
        decilitres += sign * job.decilitres
        aboard ^= {job_index}
        if grams > vehicle.grams or decilitres > vehicle.decilitres:
            return None
        step = job.step(fetches)
        arrives = drive(moment, problem.seconds[place][step.place], vehicle.breaks)
        begins = begin(arrives, step, vehicle.breaks)
        if begins is None:
            return None
        moment, place = begins + step.stay, step.place
        found.append(Timed((job_index, fetches), arrives, begins, moment))
    if aboard:
        return None
    if (
        route
        and drive(moment, problem.seconds[place][vehicle.end], vehicle.breaks) > (vehicle.hours[1])
    ):
        return None
    return found


def is_feasible(problem: Problem, vehicle: Vehicle, route: Route) -> bool:
    return schedule(problem, vehicle, route) is not None
