"""Thousands of people: OR-tools' flow in a worker process, where it is installed and sees every rule.

The process takes about a quarter of a second to start, which is more than most placements take.
"""

import time
from collections.abc import Callable, Collection
from importlib.util import find_spec

from events_app.matching.workshops import improving, relaxation
from events_app.matching.workshops.conflicts import locks_contradict
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.improving import Improvement
from events_app.matching.workshops.never_worse import Places, Rows
from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.problem import Objective, Placement, PlacementProblem
from events_app.matching.workshops.program import Program
from events_app.matching.workshops.validation import validate
from events_app.matching.workshops.worker import Report, WorkerFailed, in_worker

SEATS = 4_000
"""From so many seats on a worker is worth its start: plain Python takes about half a second."""

SEARCH_SECONDS = 0.5
"""So long the search may look for a better improvement before HiGHS is started."""


def available() -> bool:
    """Whether OR-tools is installed, without loading it."""
    return find_spec("ortools") is not None


def fits(problem: PlacementProblem, objective: Objective) -> bool:
    """Whether wishes, seats and minimums are all the rules; locks and bars in one slot only."""
    if objective == Objective.DRAW or problem.balance or problem.together or problem.clashes:
        return False
    if problem.kept:
        return False
    if problem.slots == 1:
        by_hand = {(lock.person, lock.workshop, lock.slot) for lock in problem.locks}
        return not (locks_contradict(problem) or by_hand & set(problem.barred))
    alike = all(len(set(row)) == 1 for row in (*problem.capacity, *problem.minimum))
    return alike and not (problem.locks or problem.barred)


def _worthwhile(problem: PlacementProblem) -> bool:
    return problem.people * problem.slots >= SEATS and available()


def place(
    problem: PlacementProblem,
    objective: Objective,
    *,
    seed: int,
    seconds: float,
    cancelled: Callable[[], bool] = lambda: False,
) -> Placement | None:
    """A proven placement of a large problem without minimums; None: another way has to be taken.

    The value is that of `assignment.solve`. Where several placements are equal to the last criterion,
    the draw included, OR-tools may take another one of them: the same one each time for a seed.
    Raises `InvalidProblem` and `worker.Cancelled`.
    """
    validate(problem)
    if any(map(any, problem.minimum)) or not _worthwhile(problem) or not fits(problem, objective):
        return None
    try:
        placement: Placement | None = in_worker(
            _place, (problem, objective, seed), seconds=seconds, cancelled=cancelled
        )
    except (WorkerFailed, TimeoutError):
        return None
    return placement


def improvement(
    problem: PlacementProblem,
    current: Rows,
    absent: Collection[int] = (),
    objective: Objective = Objective.SQUARES,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    thorough: bool = False,
) -> Improvement:
    """As `improving.improvement`: large plans in a worker with OR-tools; HiGHS where the search is long."""
    if _worthwhile(problem):
        try:
            work = (problem, current, frozenset(absent), objective, seed, time_limit, thorough)
            found: Improvement = in_worker(_improvement, work, seconds=time_limit)
            return found
        except (WorkerFailed, TimeoutError):
            pass  # plain Python can do it too
    return improving.improvement(
        problem,
        current,
        absent,
        objective,
        seed=seed,
        time_limit=time_limit,
        thorough=thorough,
        wider=_by_search_or_highs,
    )


def _place(problem: PlacementProblem, objective: Objective, seed: int, _report: Report) -> Placement | None:
    from events_app.matching.workshops import fast_flow

    return fast_flow.solve(problem, objective, seed)


def _improvement(
    problem: PlacementProblem,
    current: Rows,
    absent: frozenset[int],
    objective: Objective,
    seed: int,
    time_limit: float,
    thorough: bool,
    _report: Report,
) -> Improvement:
    return improving.improvement(
        problem,
        current,
        absent,
        objective,
        seed=seed,
        time_limit=time_limit,
        thorough=thorough,
        best=best_places,
        wider=by_highs if relaxation.available() else improving.by_search,
    )


def best_places(
    problem: PlacementProblem, objective: Objective, *, seed: int, time_limit: float
) -> tuple[Places, bool]:
    """As `improving.best_places`, by OR-tools if it can. For workers."""
    from events_app.matching.workshops import fast_flow

    places = fast_flow.best_places(problem, objective, seed) if fits(problem, objective) else None
    if places is not None:
        return places, True
    return improving.best_places(problem, objective, seed=seed, time_limit=time_limit)


def _by_search_or_highs(
    problem: PlacementProblem, objective: Objective, places: Places, *, seed: int, time_limit: float
) -> Improvement:
    ends = time.perf_counter() + time_limit
    patience = min(time_limit, SEARCH_SECONDS) if relaxation.available() else time_limit
    found = improving.by_search(problem, objective, places, seed=seed, time_limit=patience)
    seconds = ends - time.perf_counter()
    if found.proven or seconds <= 0 or not relaxation.available():
        return found
    try:
        work = (problem, objective, found.places, seed, seconds)
        better: Improvement = in_worker(_highs_beside, work, seconds=seconds)
    except (WorkerFailed, TimeoutError):
        return found
    return better


def _highs_beside(
    problem: PlacementProblem,
    objective: Objective,
    places: Places,
    seed: int,
    seconds: float,
    _report: Report,
) -> Improvement:
    return by_highs(problem, objective, places, seed=seed, time_limit=seconds)


def by_highs(
    problem: PlacementProblem, objective: Objective, places: Places, *, seed: int, time_limit: float
) -> Improvement:
    """As `improving.by_search`, with HiGHS; it knows nothing of the draw. For workers."""
    from events_app.matching.workshops import mip

    ends = time.perf_counter() + time_limit
    program = Program(problem, cost_model(problem, objective, drawn_order(problem.people, seed)))
    solved = mip.solve(program, places, seed=seed, time_left=lambda: ends - time.perf_counter())
    better = solved.places or places
    proven = solved.proof is not None and program.value_of(better) == solved.bound
    return Improvement(better, proven, solved.proof if proven else None)
