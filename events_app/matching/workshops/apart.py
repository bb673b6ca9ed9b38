"""Slots that have nothing to do with each other are problems of their own."""

from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from events_app.matching.workshops.objectives import TOP, CostModel
from events_app.matching.workshops.problem import Lock, PlacementProblem

_Row = TypeVar("_Row")


def apart(problem: PlacementProblem, model: CostModel) -> list[tuple[int, ...]]:
    """The slots in groups, so that what happens in one group changes nothing in another.

    Slots belong together where they offer the same workshop, where two of their sessions clash, and where
    one of a person's top wishes in one counts instead of another in the other.
    """
    joined = list(range(problem.slots))

    def join(slots: Sequence[int]) -> None:
        roots = {joined[slot] for slot in slots}
        for slot, root in enumerate(joined):
            if root in roots:
                joined[slot] = min(roots)

    offered = [
        [slot for slot in range(problem.slots) if problem.seats(workshop, slot) > 0]
        for workshop in range(problem.workshops)
    ]
    for slots in offered:
        join(slots)
    for one, other in problem.clashes:
        join((one[1], other[1]))
    if model.top_bonus and len(set(joined)) > 1:
        for person in range(problem.people):
            tops: dict[int, list[int]] = {}
            for workshop, rank in problem.choices(person):
                if rank <= TOP:
                    tops.setdefault(problem.part(workshop), []).extend(offered[workshop])
            for slots in tops.values():
                join(slots)
    groups: dict[int, list[int]] = {}
    for slot, root in enumerate(joined):
        groups.setdefault(root, []).append(slot)
    return [tuple(slots) for slots in groups.values()]


def only(problem: PlacementProblem, slots: Sequence[int]) -> PlacementProblem:
    """The same people and workshops in these slots alone, numbered anew from 0."""
    if list(slots) == list(range(problem.slots)):
        return problem
    number = {slot: at for at, slot in enumerate(slots)}

    def columns(rows: tuple[tuple[_Row, ...], ...]) -> tuple[tuple[_Row, ...], ...]:
        return tuple(tuple(row[slot] for slot in slots) for row in rows)

    balance = problem.balance and replace(
        problem.balance,
        quotas=tuple(replace(q, slot=number[q.slot]) for q in problem.balance.quotas if q.slot in number),
    )
    return replace(
        problem,
        capacity=columns(problem.capacity),
        minimum=columns(problem.minimum),
        locks=tuple(
            Lock(lock.person, lock.workshop, number[lock.slot])
            for lock in problem.locks
            if lock.slot in number
        ),
        balance=balance,
        barred=tuple((p, w, number[s]) for p, w, s in problem.barred if s in number),
        clashes=tuple(
            ((w, number[s]), (v, number[t]))
            for (w, s), (v, t) in problem.clashes
            if s in number and t in number
        ),
        current=columns(problem.current),
        kept=frozenset((p, number[s]) for p, s in problem.kept if s in number),
    )
