"""The best placement that this machine can find: a flow first, HiGHS where that does not suffice."""

import time
from collections.abc import Callable

from msgspec.structs import replace

from events_app.features.workshops import large, mip, relaxation
from events_app.features.workshops.assignment import Progress, answer, quiet, solve
from events_app.features.workshops.counting import total_cost
from events_app.features.workshops.draw import drawn_order
from events_app.features.workshops.objectives import CostModel, cost_model
from events_app.features.workshops.problem import Objective, OutOfTime, Placement, PlacementProblem
from events_app.features.workshops.program import Program
from events_app.infra.solvers import Report, WorkerFailed, in_worker

Places = tuple[tuple[int, ...], ...]

FLOW_SECONDS = 1.0
"""So long the flow's own search may try before HiGHS is started; it proves most problems in less."""


def place(
    problem: PlacementProblem,
    objective: Objective = Objective.GUARANTEE,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    progress: Progress = quiet,
    cancelled: Callable[[], bool] = lambda: False,
) -> Placement:
    """As `assignment.solve`, but with thousands of people by OR-tools' flow if that sees every rule, and
    where the search does not end soon, HiGHS goes on: both in a worker process.

    Without `convive[solvers]` the own flow's search has all the time. Where HiGHS says more than could be
    certified, `trusted` says so. Raises as `solve`, and `infra.solvers.Cancelled`.
    """
    started = time.perf_counter()
    fast = large.place(problem, objective, seed=seed, seconds=time_limit, cancelled=cancelled)
    if fast is not None:
        progress(1.0, fast.value, fast.bound)
        return replace(fast, seconds=time.perf_counter() - started)
    search_only = not relaxation.available() or not _rules_beyond_flow(problem)
    found: Placement | None = None
    try:
        limit = time_limit - (time.perf_counter() - started)
        if not search_only:
            # Minimums alone, in one slot, are what the search is good at.
            limit = time_limit / 2 if _minimums_only(problem) else min(limit, FLOW_SECONDS)
        found = solve(problem, objective, seed=seed, time_limit=limit, progress=progress)
    except OutOfTime:
        if search_only:
            raise
    left = time_limit - (time.perf_counter() - started)
    if search_only or left <= 0 or (found is not None and found.proven):
        if found is None:
            raise OutOfTime
        return found
    return _with_highs(problem, objective, seed, found, started, time_limit, progress, cancelled)


def _with_highs(
    problem: PlacementProblem,
    objective: Objective,
    seed: int,
    found: Placement | None,
    started: float,
    time_limit: float,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> Placement:
    """What HiGHS makes of it; when its process is ended, what it had said by then."""
    model = cost_model(problem, objective, drawn_order(problem.people, seed))
    lower = found.bound if found else tuple(0 for _ in model.names)
    latest = mip.Solved(None, lower, None)

    def heard(solved: mip.Solved) -> None:
        nonlocal latest
        latest = solved
        places = solved.places
        value = None if places is None else model.criteria(total_cost(problem, model, places))
        progress(1.0, value, max(solved.bound, lower))

    left = time_limit - (time.perf_counter() - started)
    try:
        latest = in_worker(
            _improve,
            (problem, objective, seed, found.places if found else None, left),
            seconds=left,
            progress=heard,
            cancelled=cancelled,
        )
    except (WorkerFailed, TimeoutError):
        pass
    return _chosen(problem, model, objective, seed, found, latest, time.perf_counter() - started)


def _rules_beyond_flow(problem: PlacementProblem) -> bool:
    """Whether there are rules that the flow's search can only branch on."""
    return bool(
        problem.balance
        or problem.together
        or problem.clashes
        or any(any(row) for row in problem.minimum)
        or (problem.slots > 1 and any(len(set(row)) > 1 for row in problem.capacity))
        or (problem.slots > 1 and (problem.locks or problem.barred))
    )


def _minimums_only(problem: PlacementProblem) -> bool:
    return problem.slots == 1 and not (problem.balance or problem.together)


def _improve(
    problem: PlacementProblem,
    objective: Objective,
    seed: int,
    start: Places | None,
    seconds: float,
    report: Report,
) -> mip.Solved:
    """Runs in the worker."""
    ends = time.perf_counter() + seconds
    model = cost_model(problem, objective, drawn_order(problem.people, seed))
    return mip.solve(
        Program(problem, model),
        start,
        seed=seed,
        time_left=lambda: ends - time.perf_counter(),
        improved=report,
    )


def _chosen(
    problem: PlacementProblem,
    model: CostModel,
    objective: Objective,
    seed: int,
    found: Placement | None,
    solved: mip.Solved,
    seconds: float,
) -> Placement:
    """The better of the two places with the better of the two bounds. Raises `OutOfTime` without any."""
    known = [found.places] if found is not None else []
    if solved.places is not None:
        known.append(solved.places)
    if not known:
        raise OutOfTime
    places = min(known, key=lambda one: total_cost(problem, model, one))
    cost = total_cost(problem, model, places)
    placement = answer(problem, model, objective, seed, places, cost, seconds)
    bound, proof, trusted = solved.bound, solved.proof, "" if solved.proof else "highs"
    if found is not None and (found.bound > bound or (found.bound == bound and proof is None)):
        bound, proof, trusted = found.bound, None, ""
    bound = min(bound, placement.value)
    proven = bound == placement.value
    return replace(placement, bound=bound, proven=proven, certificate=proof, trusted=trusted)
