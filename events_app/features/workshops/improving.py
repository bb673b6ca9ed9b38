"""Better for some and worse for nobody, those first who were there when the placement was published.

A seat that became free goes to somebody placed who ranked it higher than what they have, before whoever came
since gets what that leaves; unless more people would then be without a place
(docs/decisions/0061-who-gets-a-freed-seat.md).
"""

from collections.abc import Collection
from threading import Event as Flag
from uuid import UUID

import msgspec

from events_app.features.workshops import building
from events_app.features.workshops.inputs import Inputs
from events_app.features.workshops.model import RunRequest
from events_app.features.workshops.solving import Answer, Improved, solve_beside
from events_app.matching.workshops.place import Progress, quiet
from events_app.matching.workshops.problem import UNPLACED, Objective, PlacementProblem

STEPS = 3


async def better_places(
    inputs: Inputs,
    request: RunRequest,
    problem: PlacementProblem,
    seed: int,
    earlier: Collection[UUID],
    progress: Progress = quiet,
    cancel: Flag | None = None,
) -> Answer:
    """Of the whole problem. `earlier`: whom the published placement was computed for."""
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
