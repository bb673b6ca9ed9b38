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
from events_app.matching.workshops.problem import UNPLACED, Objective, PlacementProblem


async def better_places(
    inputs: Inputs,
    request: RunRequest,
    problem: PlacementProblem,
    seed: int,
    earlier: Collection[UUID],
    cancel: Flag | None = None,
) -> Answer:
    """Of the whole problem. `earlier`: whom the published placement was computed for."""
    objective = Objective(request.objective)
    together = await solve_beside(problem, objective, seed, improving=True, cancel=cancel)
    since = {person.registration_id for person in inputs.people} - set(earlier)
    if not isinstance(together, Improved) or not since or len(since) == len(inputs.people):
        return together
    first = _without(inputs, since)
    wanted = msgspec.structs.replace(
        request, locks=[lock for lock in request.locks if lock.registration not in since]
    )
    theirs = building.build(first, wanted)
    moved = await solve_beside(theirs, objective, seed, improving=True, cancel=cancel)
    if not isinstance(moved, Improved):
        return together
    now = building.run_places(first, wanted, theirs, moved.places)
    current = {(p.registration_id, p.slot): p.session_id for p in now if p.session_id is not None}
    after = msgspec.structs.replace(inputs, current={**inputs.current, **current})
    in_turn = await solve_beside(
        building.build(after, request), objective, seed, improving=True, cancel=cancel
    )
    if isinstance(in_turn, Improved) and _empty(in_turn) <= _empty(together):
        return in_turn
    return together


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
