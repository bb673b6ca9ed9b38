"""A plan that bends: some people do not come, others come late, and few have to move.

`fewest_moves` finds the best placement afresh and, among the best, one with the fewest new places;
`improving` never makes anybody worse. `moves_between` says who has to be told.
"""

from collections.abc import Collection
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from events_app.matching.workshops.assignment import Progress, quiet, solve
from events_app.matching.workshops.counting import Places
from events_app.matching.workshops.problem import (
    Objective,
    Placement,
    PlacementProblem,
)


class Solver(Protocol):
    """`assignment.solve`, or what calls it among others."""

    def __call__(
        self,
        problem: PlacementProblem,
        objective: Objective,
        *,
        seed: int,
        time_limit: float,
        progress: Progress,
    ) -> Placement: ...


class Move(Struct, frozen=True):
    """Somebody's place in one slot changes; `before` and `after` are workshops or UNPLACED."""

    person: int
    slot: int
    before: int
    after: int


def moves_between(before: Places, after: Places, absent: Collection[int] = ()) -> tuple[Move, ...]:
    """Who has to be told; people who do not come are not."""
    return tuple(
        Move(person, slot, old, new)
        for person, (row, now) in enumerate(zip(before, after, strict=True))
        if person not in absent
        for slot, (old, new) in enumerate(zip(row, now, strict=True))
        if old != new
    )


def without(problem: PlacementProblem, absent: Collection[int]) -> PlacementProblem:
    """The same problem, in which these people wish for nothing; everybody keeps their number."""
    gone = frozenset(absent)
    return replace(
        problem,
        wishes=tuple(() if person in gone else wishes for person, wishes in enumerate(problem.wishes)),
        locks=tuple(lock for lock in problem.locks if lock.person not in gone),
        anywhere=problem.anywhere - gone,
        together=tuple(
            rest
            for group in problem.together
            if len(rest := tuple(person for person in group if person not in gone)) > 1
        ),
    )


def fewest_moves(
    problem: PlacementProblem,
    current: Places,
    absent: Collection[int] = (),
    objective: Objective = Objective.GUARANTEE,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    progress: Progress = quiet,
    solver: Solver = solve,
) -> Placement:
    """The best placement of those who come; of the best ones, one with the fewest new places.

    `current[p]` is what p has now, per slot; people who are new have UNPLACED everywhere. A workshop
    that somebody keeps may change its slot only where the other slots make it necessary.
    """
    held = tuple(tuple(row) for row in current)
    return solver(
        replace(without(problem, absent), current=held),
        objective,
        seed=seed,
        time_limit=time_limit,
        progress=progress,
    )
