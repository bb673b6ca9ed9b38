"""Why somebody is where they are, and what would change: computed by solving again, never guessed.

Everything here is data from which the screens make sentences: "Reconvertir was full; the eight people
there had it first too, and the draw put them before you."
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from events_app.matching.workshops.bending import Move, moves_between
from events_app.matching.workshops.counting import person_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.place import place
from events_app.matching.workshops.problem import (
    UNPLACED,
    Infeasible,
    Lock,
    OutOfTime,
    Placement,
    PlacementProblem,
    Rule,
    Session,
)
from events_app.matching.workshops.rules import members


class Effect(Struct, frozen=True, kw_only=True):
    """What one change of the problem does to the best placement.

    `change` is the new value less the old, one number per criterion of the placement; `moves` are as
    few as that value allows. `better` and `worse` are the people whose places gain and lose.
    `conflict` names rules that make the change impossible, none of which can be left out; then everything
    else is empty.
    `exact` is False where time ran out: then it is what the best found would change.
    """

    change: tuple[int, ...] = ()
    moves: tuple[Move, ...] = ()
    better: tuple[int, ...] = ()
    worse: tuple[int, ...] = ()
    conflict: tuple[Rule, ...] = ()
    exact: bool = True

    @property
    def costs_nothing(self) -> bool:
        """Equally good: only the draw decided against it."""
        return not self.conflict and not any(self.change)


class Found(StrEnum):
    """How the sessions of a wish stand."""

    HELD = "held"
    NOT_OFFERED = "not_offered"
    NOT_RUNNING = "not_running"  # nobody is there: not enough people for its minimum, or nobody placed
    FULL = "full"
    SEATS_LEFT = "seats_left"  # forcing it would break another rule or make others worse


class Wish(Struct, frozen=True, kw_only=True):
    """One wish of one person. `ranks[r]` counts the others there who had it at rank r + 1; `unranked`
    counts those there who had not ranked it; `drawn_before`, those with the same rank and a better draw.
    """

    workshop: int
    rank: int
    found: Found
    ranks: tuple[int, ...] = ()
    unranked: int = 0
    drawn_before: int = 0
    forced: Effect | None = None


def explain_person(
    problem: PlacementProblem, placement: Placement, person: int, *, time_limit: float = 10.0
) -> tuple[Wish, ...]:
    """Each wish of the person, best first, down to the last that they have.

    Solves the problem once for every wish not held and every slot in which it is offered.
    """
    row = placement.places[person]
    inside = members(placement.places)
    explained = []
    for workshop in problem.wishes[person]:
        rank = problem.rank(person, workshop)
        if rank > _last_rank(problem, person, row, problem.part(workshop)):
            continue
        if workshop in row:
            explained.append(Wish(workshop=workshop, rank=rank, found=Found.HELD))
        elif not any(problem.seats(workshop, slot) for slot in range(problem.slots)):
            explained.append(Wish(workshop=workshop, rank=rank, found=Found.NOT_OFFERED))
        else:
            forced = force(problem, placement, person, workshop, time_limit=time_limit)
            explained.append(_missed(problem, placement, inside, (person, workshop), forced))
    return tuple(explained)


def _last_rank(problem: PlacementProblem, person: int, row: Sequence[int], part: int) -> int:
    """The worst rank that the person has in a part of the programme; all, if they miss something there."""
    slots = [
        slot
        for slot in range(problem.slots)
        if any(problem.seats(w, slot) for w in range(problem.workshops) if problem.part(w) == part)
    ]
    if any(row[slot] == UNPLACED for slot in slots):
        return problem.workshops
    return max((problem.rank(person, row[slot]) for slot in slots), default=0)


def _missed(
    problem: PlacementProblem,
    placement: Placement,
    inside: Mapping[Session, list[int]],
    wish: tuple[int, int],
    forced: Effect,
) -> Wish:
    """Why the person has not that workshop."""
    person, workshop = wish
    rank = problem.rank(person, workshop)
    slots = [s for s in range(problem.slots) if problem.seats(workshop, s) > 0]
    place_in_draw = {one: at for at, one in enumerate(drawn_order(problem.people, placement.seed))}
    there = sorted({one for slot in slots for one in inside.get((workshop, slot), [])})
    ranks = [0] * problem.ranks
    before = 0
    for one in there:
        if workshop in problem.wishes[one]:
            at = problem.rank(one, workshop)
            ranks[at - 1] += 1
            before += at == rank and place_in_draw[one] < place_in_draw[person]
    full = all(len(inside.get((workshop, s), [])) >= problem.seats(workshop, s) for s in slots)
    return Wish(
        workshop=workshop,
        rank=rank,
        found=Found.FULL if full else Found.SEATS_LEFT if there else Found.NOT_RUNNING,
        ranks=tuple(ranks),
        unranked=len(there) - sum(ranks),
        drawn_before=before,
        forced=forced,
    )


def force(
    problem: PlacementProblem, placement: Placement, person: int, workshop: int, *, time_limit: float = 10.0
) -> Effect:
    """What it would cost, and whom, if this person had to have this workshop in some slot."""
    changed = []
    for slot in range(problem.slots):
        if problem.seats(workshop, slot) > 0:
            locks = (*problem.locks, Lock(person, workshop, slot))
            changed.append(replace(problem, locks=locks))
    return _best_effect(problem, placement, changed, time_limit)


def _best_effect(
    problem: PlacementProblem, placement: Placement, changed: Iterable[PlacementProblem], time_limit: float
) -> Effect:
    """Of several changed problems the one with the best placement, against the placement of now."""
    best: Placement | None = None
    conflict: Infeasible | None = None
    exact = True
    for one in changed:
        try:
            # The places of now make the moves as few as can be.
            found = place(
                replace(one, current=placement.places),
                placement.objective,
                seed=placement.seed,
                time_limit=time_limit,
            )
        except Infeasible as error:
            conflict = conflict or error
            continue
        except OutOfTime:
            exact = False
            continue
        exact = exact and found.proven
        if best is None or _shared(found, placement) < _shared(best, placement):
            best = found
    if best is None:
        return Effect(conflict=conflict.rules if conflict else (), exact=exact)
    model = cost_model(problem, placement.objective, drawn_order(problem.people, placement.seed))
    before = [person_cost(problem, model, p, row) for p, row in enumerate(placement.places)]
    after = [person_cost(problem, model, p, row) for p, row in enumerate(best.places)]
    return Effect(
        change=tuple(new - old for new, old in zip(_shared(best, placement), placement.value, strict=True)),
        moves=moves_between(placement.places, best.places),
        better=tuple(p for p, (old, new) in enumerate(zip(before, after, strict=True)) if new < old),
        worse=tuple(p for p, (old, new) in enumerate(zip(before, after, strict=True)) if new > old),
        exact=exact,
    )


def _shared(found: Placement, placement: Placement) -> tuple[int, ...]:
    """The value of `found` by the criteria of `placement`."""
    by_name = dict(zip(found.criteria, found.value, strict=True))
    return tuple(by_name.get(name, 0) for name in placement.criteria)
