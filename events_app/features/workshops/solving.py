"""Running the engine beside the event loop, within a time limit, and trusting nothing that it says.

In threads of its own, a few at most: HiGHS gives Python's lock away, and the flow is short.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from threading import Event
from typing import TypeVar

import msgspec

from events_app.matching.workshops import certificate
from events_app.matching.workshops.bending import improve
from events_app.matching.workshops.place import Progress, place, quiet
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

Found = TypeVar("Found")

TIME_LIMIT_SECONDS = 20.0  # somebody looks at the page meanwhile; after it the best found is shown as such
AT_ONCE = 2  # the others wait their turn: each may take a core for as long


class Impossible(msgspec.Struct, frozen=True):
    """The rules in conflict. `irreducible`: none of them can be left out."""

    rules: tuple[Rule, ...]
    irreducible: bool


class TooLarge(msgspec.Struct, frozen=True):
    reason: str


class Improved(msgspec.Struct, frozen=True):
    """Places that are worse for nobody: they need no proof of being the best."""

    places: tuple[tuple[int, ...], ...]


Answer = Placement | Improved | Impossible | TooLarge


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="convive-placing")


async def work_beside(work: Callable[[], Found]) -> Found:
    """Short work of the engine in the same few threads: it waits for them as a placement does."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), work)


async def solve_beside(
    problem: PlacementProblem,
    objective: Objective,
    seed: int,
    *,
    improving: bool = False,
    progress: Progress = quiet,
    cancel: Event | None = None,
) -> Answer:
    """What is answered was accepted by an independent check. `improving`: nobody's `current` place gets
    worse. `progress` is called from another thread; `cancel`, or being cancelled, ends the work.

    Raises the engine's `Cancelled`."""
    cancel = cancel or Event()
    work = partial(solve_and_check, problem, objective, seed, improving, progress, cancel)
    try:
        return await asyncio.get_running_loop().run_in_executor(_pool(), work)
    except asyncio.CancelledError:
        cancel.set()
        raise


def solve_and_check(
    problem: PlacementProblem,
    objective: Objective,
    seed: int,
    improving: bool = False,
    progress: Progress = quiet,
    cancel: Event | None = None,
) -> Answer:
    try:
        if improving:
            better = improve(
                problem,
                problem.current,
                (),
                objective,
                seed=seed,
                time_limit=TIME_LIMIT_SECONDS,
                progress=progress,
                cancel=cancel,
            )
            refuse_worse(problem, better.places)
            return Improved(better.places)
        placement = place(
            problem,
            objective,
            seed=seed,
            time_limit=TIME_LIMIT_SECONDS,
            progress=progress,
            cancel=cancel,
        )
    except Infeasible as conflict:
        return Impossible(conflict.rules, conflict.irreducible)
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
        if workshop != UNPLACED and size > max(problem.capacity[workshop][slot], before[workshop, slot]):
            raise certificate.Refused(f"session {workshop}, {slot}: {size} people, too many")


def _badness(wishes: tuple[int, ...], workshop: int) -> int:
    if workshop == UNPLACED:
        return len(wishes) + 1
    return wishes.index(workshop) if workshop in wishes else len(wishes)
