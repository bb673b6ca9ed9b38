"""Running the engine beside the event loop, within a time limit, and trusting nothing that it says.

Small problems run in a thread. Large ones, and those that need a search, would hold Python's lock against
every request for seconds, so they run in a process of their own.
"""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import msgspec

from events_app.features.workshops import certificate
from events_app.features.workshops.assignment import solve
from events_app.features.workshops.problem import (
    Infeasible,
    InvalidProblem,
    Objective,
    OutOfTime,
    Placement,
    PlacementProblem,
    Rule,
)
from events_app.infra.threads import in_thread

TIME_LIMIT_SECONDS = 20.0  # somebody looks at the page meanwhile; after it the best found is shown as such
LARGE = 20_000  # choices of all people together: about a tenth of a second of plain Python


class Impossible(msgspec.Struct, frozen=True):
    """The rules in conflict, as data: the engine's exceptions do not travel between processes."""

    rules: tuple[Rule, ...]


class TooLarge(msgspec.Struct, frozen=True):
    reason: str


Answer = Placement | Impossible | TooLarge


async def solve_beside(problem: PlacementProblem, objective: Objective, seed: int) -> Answer:
    """What is answered was accepted by the independent checker."""
    work = partial(solve_and_check, problem, objective, seed)
    searched = problem.balance is not None or problem.together or problem.slots > 1
    if not searched and sum(1 for p in range(problem.people) for _ in problem.choices(p)) <= LARGE:
        return await in_thread(work)
    pool = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, work)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def solve_and_check(problem: PlacementProblem, objective: Objective, seed: int) -> Answer:
    try:
        placement = solve(problem, objective, seed=seed, time_limit=TIME_LIMIT_SECONDS)
    except Infeasible as conflict:
        return Impossible(conflict.rules)
    except InvalidProblem as refused:
        return TooLarge(str(refused))
    except OutOfTime:
        return TooLarge(f"no placement within {TIME_LIMIT_SECONDS:g} s")
    certificate.check(problem, placement)
    return placement
