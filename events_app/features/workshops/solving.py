"""Running the engine beside the event loop, within a time limit, and trusting nothing that it says.

Small problems run in a thread. Large ones, and those that need a search, would hold Python's lock against
every request for seconds, so they run in a process of their own.
"""

import asyncio
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import msgspec

from events_app.infra.threads import in_thread
from events_app.matching.workshops import certificate
from events_app.matching.workshops.large import improvement
from events_app.matching.workshops.placing import place
from events_app.matching.workshops.problem import (
    UNPLACED,
    Infeasible,
    InvalidProblem,
    Objective,
    OutOfTime,
    Placement,
    PlacementProblem,
    Rule,
)

TIME_LIMIT_SECONDS = 20.0  # somebody looks at the page meanwhile; after it the best found is shown as such
LARGE = 2_000  # choices of all people together: about a fifth of a second of plain Python


class Impossible(msgspec.Struct, frozen=True):
    """The rules in conflict, as data: the engine's exceptions do not travel between processes."""

    rules: tuple[Rule, ...]
    smallest: bool


class TooLarge(msgspec.Struct, frozen=True):
    reason: str


class Improved(msgspec.Struct, frozen=True):
    """Places that are worse for nobody: they need no proof of being the best."""

    places: tuple[tuple[int, ...], ...]


Answer = Placement | Improved | Impossible | TooLarge


async def solve_beside(
    problem: PlacementProblem, objective: Objective, seed: int, *, improving: bool = False
) -> Answer:
    """What is answered was accepted by an independent check. `improving`: nobody's `current` place gets
    worse."""
    work = partial(solve_and_check, problem, objective, seed, improving)
    searched = problem.balance is not None or problem.together or problem.slots > 1
    if not searched and sum(1 for p in range(problem.people) for _ in problem.choices(p)) <= LARGE:
        return await in_thread(work)
    pool = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, work)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def solve_and_check(
    problem: PlacementProblem, objective: Objective, seed: int, improving: bool = False
) -> Answer:
    try:
        if improving:
            found = improvement(
                problem, problem.current, (), objective, seed=seed, time_limit=TIME_LIMIT_SECONDS
            ).places
            refuse_worse(problem, found)
            return Improved(found)
        placement = place(problem, objective, seed=seed, time_limit=TIME_LIMIT_SECONDS)
    except Infeasible as conflict:
        return Impossible(conflict.rules, conflict.smallest)
    except InvalidProblem as refused:
        return TooLarge(str(refused))
    except OutOfTime:
        return TooLarge(f"no placement within {TIME_LIMIT_SECONDS:g} s")
    certificate.check(problem, placement)
    return placement


def refuse_worse(problem: PlacementProblem, places: tuple[tuple[int, ...], ...]) -> None:
    """Raises `certificate.Refused` if anybody had a worse place than now, or a session too many people."""
    sizes: Counter[tuple[int, int]] = Counter()
    before: Counter[tuple[int, int]] = Counter()
    for person, wishes in enumerate(problem.wishes):
        for slot, (old, new) in enumerate(zip(problem.current[person], places[person], strict=True)):
            if _badness(wishes, new) > _badness(wishes, old):
                raise certificate.Refused(f"places[{person}][{slot}]: worse than now")
            sizes[new, slot] += 1
            before[old, slot] += 1
    for (workshop, slot), size in sizes.items():
        if workshop != UNPLACED and size > max(problem.seats(workshop, slot), before[workshop, slot]):
            raise certificate.Refused(f"session {workshop}, {slot}: {size} people, too many")


def _badness(wishes: tuple[int, ...], workshop: int) -> int:
    if workshop == UNPLACED:
        return len(wishes) + 1
    return wishes.index(workshop) if workshop in wishes else len(wishes)
