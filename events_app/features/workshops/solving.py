"""Running the engine beside the event loop, in turn, within a time limit, and trusting nothing that it says.

In threads of its own, a few at most: HiGHS gives Python's lock away, and the flow is short. The others wait
their turn, as many as may; after those one is asked to come back.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache, partial
from threading import Event
from threading import Event as Flag
from typing import TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec

from events_app.features.workshops import building
from events_app.features.workshops.inputs import Inputs
from events_app.features.workshops.model import RunRequest
from events_app.kernel.errors import N_, Unavailable
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

AT_ONCE = 2  # each may take a core for as long as it runs
MOST_WAITING = 8
COME_BACK_AFTER = 20  # seconds: as long as one may take


class PlacementsBusy(Unavailable):
    """`retry_after_seconds` says when to come back."""

    type = "placements-busy"
    title = N_("Many placements are being computed")
    detail = N_("Other placements are being computed. Please try again in a moment.")


class _Turns:
    def __init__(self) -> None:
        self.free = asyncio.Semaphore(AT_ONCE)
        self.waiting = 0


_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()


@asynccontextmanager
async def turn() -> AsyncIterator[None]:
    """First come, first served. Raises `PlacementsBusy` where too many wait already."""
    turns = _of_loop.setdefault(asyncio.get_running_loop(), _Turns())
    if turns.free.locked() and turns.waiting >= MOST_WAITING:
        raise PlacementsBusy(retry_after_seconds=COME_BACK_AFTER)
    turns.waiting += 1
    try:
        await turns.free.acquire()
    finally:
        turns.waiting -= 1
    try:
        yield
    finally:
        turns.free.release()


class Certified(msgspec.Struct, frozen=True):
    """Person n is `registrations[n]`; workshop w in slot s is the session with code `sessions[w][s]`."""

    registrations: tuple[UUID, ...]
    sessions: tuple[tuple[str | None, ...], ...]
    problem: PlacementProblem
    placement: Placement


def verify(raw: bytes) -> Certified:
    """From its JSON. Raises `certificate.Refused` where it proves nothing, msgspec.ValidationError."""
    certified = msgspec.json.decode(raw, type=Certified)
    certificate.check(certified.problem, certified.placement)
    return certified


Found = TypeVar("Found")

TIME_LIMIT_SECONDS = 20.0  # somebody looks at the page meanwhile; after it the best found is shown as such


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


STEPS = 3
"""Of an improvement: everybody together; those who were there; who came since."""


async def better_places(
    inputs: Inputs,
    request: RunRequest,
    problem: PlacementProblem,
    seed: int,
    earlier: Collection[UUID],
    progress: Progress = quiet,
    cancel: Flag | None = None,
) -> Answer:
    """Of the whole problem. `earlier`: whom the published placement was computed for.

    A seat that became free goes to somebody placed who ranked it higher than what they have, before whoever
    came since gets what that leaves; unless more people would then be without a place
    (docs/decisions/0061-who-gets-a-freed-seat.md).
    """
    objective = Objective(request.objective)
    together = await _improved(problem, objective, seed, _step(progress, 0), cancel)
    since = {person.registration_id for person in inputs.people} - set(earlier)
    if not isinstance(together, Improved) or not since or len(since) == len(inputs.people):
        return together
    first = _without(inputs, since)
    wanted = msgspec.structs.replace(
        request, locks=[lock for lock in request.locks if lock.registration not in since]
    )
    theirs = building.build(first, wanted)
    moved = await _improved(theirs, objective, seed, _step(progress, 1), cancel)
    if not isinstance(moved, Improved):
        return together
    now = building.run_places(first, wanted, theirs, moved.places)
    current = {(p.registration_id, p.slot): p.session_id for p in now if p.session_id is not None}
    after = msgspec.structs.replace(inputs, current={**inputs.current, **current})
    last = building.build(after, request)
    in_turn = await _improved(last, objective, seed, _step(progress, 2), cancel)
    if isinstance(in_turn, Improved) and _empty(in_turn) <= _empty(together):
        return in_turn
    return together


async def _improved(
    problem: PlacementProblem, objective: Objective, seed: int, progress: Progress, cancel: Flag | None
) -> Answer:
    return await solve_beside(problem, objective, seed, improving=True, progress=progress, cancel=cancel)


def _step(progress: Progress, number: int) -> Progress:
    """One of the three that an improvement takes at most; in between nothing is known of the whole."""

    def hear(share: float, value: tuple[int, ...] | None, bound: tuple[int, ...] | None) -> None:
        progress((number + share) / STEPS, value, bound if number == 0 else None)

    return hear


def _without(inputs: Inputs, since: Collection[UUID]) -> Inputs:
    """Whoever came since and was seated keeps that seat from the others."""
    seated = {who for who, _ in inputs.current}
    return msgspec.structs.replace(
        inputs,
        people=tuple(
            person
            for person in inputs.people
            if person.registration_id not in since or person.registration_id in seated
        ),
    )


def _empty(improved: Improved) -> int:
    return sum(row.count(UNPLACED) for row in improved.places)
