"""The best placement that this machine can find: a flow first, HiGHS where that does not suffice."""

import time
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from events_app.matching.workshops import large, mip, relaxation
from events_app.matching.workshops.assignment import Progress, answer, quiet, solve
from events_app.matching.workshops.conflicts import Conflict, Possible, settle
from events_app.matching.workshops.counting import total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.objectives import CostModel, cost_model
from events_app.matching.workshops.problem import (
    Infeasible,
    Objective,
    OutOfTime,
    Placement,
    PlacementProblem,
)
from events_app.matching.workshops.program import Program
from events_app.matching.workshops.worker import Report, WorkerFailed, in_worker

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

    Without `convive[solvers]` the own flow's search has all the time. Where only HiGHS says so much of the
    bound, `trusted` says that, and nothing is proven. Raises as `solve`, and `worker.Cancelled`.
    """
    started = time.perf_counter()
    fast = large.place(problem, objective, seed=seed, seconds=time_limit, cancelled=cancelled)
    if fast is not None:
        progress(1.0, fast.value, fast.bound)
        return replace(fast, seconds=time.perf_counter() - started)
    task = Task(problem, objective, seed, started, started + time_limit, progress, cancelled)
    search_only = not relaxation.available() or not _rules_beyond_flow(problem)
    found = _by_search(task, task.left() if search_only else _patience(task))
    if found is not None and (search_only or found.proven or task.left() <= 0):
        return found
    if search_only or task.left() <= 0:
        raise OutOfTime
    return _with_highs(task, found)


class Task(Struct, frozen=True):
    """What is to be solved, since when and until when by `perf_counter`, and who listens."""

    problem: PlacementProblem
    objective: Objective
    seed: int
    started: float
    ends: float
    progress: Progress
    cancelled: Callable[[], bool]

    def left(self) -> float:
        return self.ends - time.perf_counter()

    def model(self) -> CostModel:
        return cost_model(self.problem, self.objective, drawn_order(self.problem.people, self.seed))

    def work(self, function: Callable[..., Any], *more: Any, heard: Report = lambda _news: None) -> Any:
        """What `function(problem, objective, seed, seconds, *more, report)` says in a worker, in time."""
        arguments = (self.problem, self.objective, self.seed, self.left(), *more)
        return in_worker(function, arguments, seconds=self.left(), progress=heard, cancelled=self.cancelled)


def _patience(task: Task) -> float:
    """How long the own search may try first. Minimums alone, in one slot, are what it is good at."""
    left = task.left()
    return left / 2 if _minimums_only(task.problem) else min(left, FLOW_SECONDS)


def _by_search(task: Task, seconds: float) -> Placement | None:
    """What the own search finds in time. Raises `Infeasible`."""
    try:
        return solve(task.problem, task.objective, seed=task.seed, time_limit=seconds, progress=task.progress)
    except OutOfTime:
        return None
    except Infeasible as known:
        if known.smallest or not relaxation.available() or task.left() < FLOW_SECONDS:
            raise
        raise _with_fewer_rules(task, known) from known


def _with_fewer_rules(task: Task, known: Infeasible) -> Infeasible:
    """A smaller conflict, or the proof that there is none, where HiGHS finds it in time."""
    try:
        settled = task.work(_settle)
    except (WorkerFailed, TimeoutError):
        return known
    better = isinstance(settled, Conflict) and (settled.smallest or len(settled.rules) < len(known.rules))
    return Infeasible(settled.rules, settled.smallest) if better else known


def _with_highs(task: Task, found: Placement | None) -> Placement:
    """What HiGHS makes of it; when its process is ended, what it had said by then. Raises `Infeasible`."""
    model = task.model()
    lower = found.bound if found else tuple(0 for _ in model.names)
    latest: mip.Solved | Conflict = mip.Solved(None, lower, None)

    def heard(solved: mip.Solved) -> None:
        nonlocal latest
        latest = solved
        places = solved.places
        value = None if places is None else model.criteria(total_cost(task.problem, model, places))
        task.progress(1.0, value, max(solved.bound, lower))

    try:
        latest = task.work(_improve, found.places if found else None, heard=heard)
    except (WorkerFailed, TimeoutError):
        pass
    if isinstance(latest, Conflict):
        raise Infeasible(latest.rules, latest.smallest)
    return _chosen(task, model, found, latest)


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


def _settle(
    problem: PlacementProblem, _objective: Objective, _seed: int, seconds: float, _report: Report
) -> Places | Conflict | None:
    """Runs in the worker."""
    ends = time.perf_counter() + seconds

    def beside(relaxed: PlacementProblem) -> Possible:
        return mip.possible(relaxed, seconds=(ends - time.perf_counter()) / 4)

    return settle(problem, seconds=seconds, beside=beside)


def _improve(
    problem: PlacementProblem,
    objective: Objective,
    seed: int,
    seconds: float,
    start: Places | None,
    report: Report,
) -> mip.Solved | Conflict:
    """Runs in the worker. The conflict, where it turns out that there are no places at all."""
    ends = time.perf_counter() + seconds
    if start is None and problem.locks:
        some = _settle(problem, objective, seed, seconds / 2, report)
        if isinstance(some, Conflict):
            return some
        start = some
    model = cost_model(problem, objective, drawn_order(problem.people, seed))
    return mip.solve(
        Program(problem, model),
        start,
        seed=seed,
        time_left=lambda: ends - time.perf_counter(),
        improved=report,
    )


def _chosen(task: Task, model: CostModel, found: Placement | None, solved: mip.Solved) -> Placement:
    """The better of the two places with the better of the two bounds. Raises `OutOfTime` without any."""
    problem, seconds = task.problem, time.perf_counter() - task.started
    known = [found.places] if found is not None else []
    if solved.places is not None:
        known.append(solved.places)
    if not known:
        raise OutOfTime
    places = min(known, key=lambda one: total_cost(problem, model, one))
    cost = total_cost(problem, model, places)
    placement = answer(problem, model, task.objective, task.seed, places, cost, seconds)
    bound, proof, trusted = solved.bound, solved.proof, "" if solved.proof else "highs"
    if found is not None and (found.bound > bound or (found.bound == bound and proof is None)):
        bound, proof, trusted = found.bound, None, ""
    bound = min(bound, placement.value)
    proven = bound == placement.value and not trusted
    return replace(placement, bound=bound, proven=proven, certificate=proof, trusted=trusted)
