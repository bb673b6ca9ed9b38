"""Thousands of people: OR-tools' flow in a worker process, where it is installed and sees every rule.

The process takes about a quarter of a second to start, which is more than most placements take.
"""

from collections.abc import Callable, Collection
from importlib.util import find_spec

from events_app.features.workshops import assignment, replanning
from events_app.features.workshops.conflicts import locks_contradict
from events_app.features.workshops.counting import Places
from events_app.features.workshops.problem import Objective, Placement, PlacementProblem
from events_app.features.workshops.validation import validate
from events_app.infra.solvers import Report, WorkerFailed, in_worker

SEATS = 4_000
"""From so many seats on a worker is worth its start: plain Python takes about half a second."""


def available() -> bool:
    """Whether OR-tools is installed, without loading it."""
    return find_spec("ortools") is not None


def fits(problem: PlacementProblem, objective: Objective) -> bool:
    """Whether wishes, seats and minimums are all the rules; locks and bars in one slot only."""
    if objective == Objective.DRAW or problem.balance or problem.together or problem.clashes:
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
    Raises `InvalidProblem` and `infra.solvers.Cancelled`.
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


def improve(
    problem: PlacementProblem,
    current: Places,
    absent: Collection[int] = (),
    objective: Objective = Objective.SQUARES,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
) -> tuple[tuple[int, ...], ...]:
    """As `replanning.improve`; large plans in a worker with OR-tools."""
    if _worthwhile(problem):
        try:
            work = (problem, current, frozenset(absent), objective, seed, time_limit)
            places: tuple[tuple[int, ...], ...] = in_worker(_improve, work, seconds=time_limit)
            return places
        except (WorkerFailed, TimeoutError):
            pass  # plain Python can do it too
    return replanning.improve(problem, current, absent, objective, seed=seed, time_limit=time_limit)


def _place(problem: PlacementProblem, objective: Objective, seed: int, _report: Report) -> Placement | None:
    from events_app.features.workshops import fast_flow

    return fast_flow.solve(problem, objective, seed)


def _improve(
    problem: PlacementProblem,
    current: Places,
    absent: frozenset[int],
    objective: Objective,
    seed: int,
    time_limit: float,
    _report: Report,
) -> tuple[tuple[int, ...], ...]:
    return replanning.improve(
        problem, current, absent, objective, seed=seed, time_limit=time_limit, best=best_places
    )


def best_places(
    problem: PlacementProblem, objective: Objective, *, seed: int, time_limit: float
) -> tuple[tuple[int, ...], ...]:
    """The places alone, by OR-tools if it can. For workers. Raises as `assignment.solve`."""
    from events_app.features.workshops import fast_flow

    places = fast_flow.best_places(problem, objective, seed) if fits(problem, objective) else None
    if places is None:
        places = assignment.solve(problem, objective, seed=seed, time_limit=time_limit).places
    return places
