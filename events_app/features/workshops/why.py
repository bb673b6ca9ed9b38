"""Why somebody is where they are, and what would be otherwise: solved again, never guessed.

What is asked is asked of the placement as it stands: a proposal's places, or the published ones of now.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.events.model import SessionRecord
from events_app.features.workshops import building
from events_app.features.workshops.hand import Effect, places_now
from events_app.features.workshops.inputs import Inputs, Person, digests_of, read_inputs
from events_app.features.workshops.model import RunPlaceRecord, RunRecord, RunRequest
from events_app.features.workshops.queries import run_places
from events_app.features.workshops.service import run_for_editing
from events_app.features.workshops.solving import work_beside
from events_app.features.workshops.tally import outcome_of, sizes_of
from events_app.infra.database import read_snapshot
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotFound
from events_app.matching.workshops import explanation
from events_app.matching.workshops.counting import total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.explanation import Wish
from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.place import place
from events_app.matching.workshops.problem import UNPLACED, Objective, Placement, PlacementProblem

SECONDS = 3.0  # for each thing that is tried; after it the answer says that it is not exact


class Shift(msgspec.Struct, frozen=True):
    """Somebody who would go elsewhere; None: nowhere."""

    person: Person
    before: SessionRecord | None
    after: SessionRecord | None


class WishStory(msgspec.Struct, frozen=True):
    """One wish: `title`, and what `wish` found out about it. `shifts`: who else would move if it were given;
    `worse` and `better`: how many others would lose and gain by it."""

    title: str
    minimum: int
    wish: Wish
    shifts: list[Shift]
    worse: int
    better: int

    @property
    def there(self) -> int:
        return sum(self.wish.ranks) + self.wish.unranked

    @property
    def at_no_cost(self) -> bool:
        """As good for all together, or better."""
        forced = self.wish.forced
        return forced is not None and not forced.conflict and forced.change <= (0,) * len(forced.change)


class _Asked(msgspec.Struct, frozen=True):
    run: RunRecord
    inputs: Inputs
    request: RunRequest
    problem: PlacementProblem
    places: list[RunPlaceRecord]
    is_best: bool
    """Nothing better can be had: proven, and nothing has changed since."""

    @property
    def rows(self) -> tuple[tuple[int, ...], ...]:
        """The places in the engine's numbers."""
        at, slots = building.grid_of(self.inputs).at, self.inputs.slots
        where = _where(self.places)
        return tuple(
            tuple(
                at[session][0] if (session := where.get((person.registration_id, slot))) in at else UNPLACED
                for slot in slots
            )
            for person in self.inputs.people
        )

    def as_placement(self) -> Placement:
        """As if it had just been computed, with what it is worth."""
        objective, rows = Objective(self.run.objective), self.rows
        model = cost_model(self.problem, objective, drawn_order(self.problem.people, self.run.seed))
        value = model.criteria(total_cost(self.problem, model, rows))
        return Placement(
            places=rows,
            rank_counts=(),
            unplaced=0,
            unranked=0,
            objective=objective,
            seed=self.run.seed,
            criteria=model.names,
            value=value,
            bound=value,
            proven=False,
            certificate=None,
            seconds=0.0,
        )


async def why(actor: Actor, run_id: UUID, registration_id: UUID) -> tuple[Person, list[WishStory]]:
    """Each wish of somebody, down to the one that they have. Raises `NotFound`, `NotAllowed`."""
    asked = await _asked(actor, run_id)
    number = next(
        (n for n, one in enumerate(asked.inputs.people) if one.registration_id == registration_id), None
    )
    if number is None:
        raise NotFound
    placement = asked.as_placement()
    wishes = await work_beside(
        lambda: explanation.explain_person(asked.problem, placement, number, time_limit=SECONDS)
    )
    return asked.inputs.people[number], [_story(asked, number, wish) for wish in wishes]


async def what_if(actor: Actor, run_id: UUID, code: str, change: str) -> Effect:
    """Of one place more in a workshop (`more`), or of not holding it (`close`). `before` is the best
    placement as people, wishes and workshops are now; both with as few new places as they can have.

    Raises `NotFound`, `NotAllowed`.
    """
    asked = await _asked(actor, run_id)
    session = asked.inputs.session_by_code.get(code)
    if session is None or change not in ("more", "close"):
        raise NotFound
    workshop, slot = building.grid_of(asked.inputs).at[session.id]
    seats = asked.problem.capacity[workshop][slot] + 1 if change == "more" else 0
    before, after = await work_beside(lambda: _both(asked, workshop, slot, seats))
    now, then = (building.run_places(asked.inputs, asked.request, asked.problem, r) for r in (before, after))
    was = {(one.registration_id, one.slot): one.session_id for one in now}
    return Effect(
        before=outcome_of(asked.inputs, now, asked.request),
        after=outcome_of(asked.inputs, then, asked.request),
        sizes_before=dict(sizes_of(now)),
        sizes=dict(sizes_of(then)),
        changed=[one for one in then if was[one.registration_id, one.slot] != one.session_id],
    )


def _both(
    asked: _Asked, workshop: int, slot: int, seats: int
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    objective = Objective(asked.run.objective)

    def best(problem: PlacementProblem, rows: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
        bent = msgspec.structs.replace(problem, current=tuple(tuple(row) for row in rows))
        return place(bent, objective, seed=asked.run.seed, time_limit=SECONDS).places

    before = asked.rows if asked.is_best else best(asked.problem, asked.rows)
    table = [list(row) for row in asked.problem.capacity]
    table[workshop][slot] = seats
    changed = msgspec.structs.replace(asked.problem, capacity=tuple(map(tuple, table)))
    return before, best(changed, before)


async def _asked(actor: Actor, run_id: UUID) -> _Asked:
    """Without what was locked: it is about what would be if it were otherwise."""
    run, _ = await run_for_editing(actor, run_id)
    async with read_snapshot():
        inputs = await read_inputs(run.event_id, run.slot or None)
        places, computed = await places_now(run, inputs), await run_places(run.id)
    request = msgspec.structs.replace(run.request, keep=False, locks=[])
    return _Asked(
        run, inputs, request, building.build(inputs, request), places, _is_best(run, inputs, places, computed)
    )


def _is_best(
    run: RunRecord, inputs: Inputs, places: list[RunPlaceRecord], computed: list[RunPlaceRecord]
) -> bool:
    now, then = digests_of(inputs), run.digests
    same = (now.people, now.wishes, now.programme) == (then.people, then.wishes, then.programme)
    free = not run.request.locks and run.request.keeping is None and not run.by_hand
    return run.proven and same and free and _where(places) == _where(computed)


def _where(places: list[RunPlaceRecord]) -> dict[tuple[UUID, str], UUID | None]:
    return {(one.registration_id, one.slot): one.session_id for one in places}


def _story(asked: _Asked, number: int, wish: Wish) -> WishStory:
    grid, slots = building.grid_of(asked.inputs), asked.inputs.slots
    sessions = [cell for cell in grid.session[wish.workshop] if cell is not None]
    forced = wish.forced
    moves = [move for move in forced.moves if move.person != number] if forced else []

    def session_at(workshop: int, slot: int) -> SessionRecord | None:
        return None if workshop == UNPLACED else grid.session[workshop][slot]

    moves.sort(key=lambda move: (slots[move.slot], asked.inputs.people[move.person].sort_name))
    return WishStory(
        title=sessions[0].title,
        minimum=max((one.capacity_min or 0) for one in sessions),
        wish=wish,
        shifts=[
            Shift(
                asked.inputs.people[move.person],
                session_at(move.before, move.slot),
                session_at(move.after, move.slot),
            )
            for move in moves
        ],
        worse=len([p for p in forced.worse if p != number]) if forced else 0,
        better=len([p for p in forced.better if p != number]) if forced else 0,
    )
