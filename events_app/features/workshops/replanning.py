"""A plan that bends: some people do not come, others come late, and few have to move.

`improve` never makes anybody worse; `fewest_moves` finds the best placement afresh and, among the best,
one with the fewest new places. `moves_between` says who has to be told.
"""

from collections.abc import Collection
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from events_app.features.workshops.assignment import Progress, quiet, solve
from events_app.features.workshops.counting import Places
from events_app.features.workshops.problem import (
    UNPLACED,
    Infeasible,
    Lock,
    Objective,
    OutOfTime,
    Placement,
    PlacementProblem,
)
from events_app.features.workshops.rules import members


class Best(Protocol):
    """The best places; raises as `assignment.solve`."""

    def __call__(
        self, problem: PlacementProblem, objective: Objective, *, seed: int, time_limit: float
    ) -> tuple[tuple[int, ...], ...]: ...


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


def _best(
    problem: PlacementProblem, objective: Objective, *, seed: int, time_limit: float
) -> tuple[tuple[int, ...], ...]:
    return solve(problem, objective, seed=seed, time_limit=time_limit).places


def improve(
    problem: PlacementProblem,
    current: Places,
    absent: Collection[int] = (),
    objective: Objective = Objective.SQUARES,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    best: Best = _best,
) -> tuple[tuple[int, ...], ...]:
    """Fill what became empty, slot by slot, without making anybody's place in any slot worse.

    Sessions that ran go on even where drop-outs took them below their minimum, and lose nobody more
    below it. Of several ways those are taken that gain most by `objective`. Companions move together
    or not at all.
    """
    problem = without(problem, absent)
    gone = frozenset(absent)
    rows = [[UNPLACED] * problem.slots if p in gone else list(row) for p, row in enumerate(current)]
    for slot in range(problem.slots):
        try:
            places = best(
                _one_slot(problem, rows, slot), objective, seed=seed, time_limit=time_limit / problem.slots
            )
        except (Infeasible, OutOfTime):
            continue  # drop-outs broke a rule that no move mends: everybody stays
        for person, (workshop,) in enumerate(places):
            rows[person][slot] = workshop
    return tuple(tuple(row) for row in rows)


def _one_slot(problem: PlacementProblem, rows: list[list[int]], slot: int) -> PlacementProblem:
    """What may change in one slot: for those who have a place only better ones, or the same."""
    sizes = {session: len(people) for session, people in members(rows).items()}
    locked = {(lock.person, lock.slot) for lock in problem.locks}
    barred = {(person, workshop) for person, workshop, at in problem.barred if at == slot}
    wishes, locks = [], []
    for person, row in enumerate(rows):
        now, ranked = row[slot], problem.wishes[person]
        if (person, slot) in locked:
            locks.append(Lock(person, now, 0))
        if now == UNPLACED:
            better = tuple(workshop for workshop, _ in problem.choices(person))
        else:
            better = ranked[: ranked.index(now) + 1] if now in ranked else (*ranked, now)
        elsewhere = {workshop for at, workshop in enumerate(row) if at != slot}
        elsewhere |= {
            one[0]
            for pair in problem.clashes
            for one, other in (pair, pair[::-1])
            if one[1] == slot and (one == other or (other[1] != slot and row[other[1]] == other[0]))
        }
        wishes.append(tuple(w for w in better if w not in elsewhere and (person, w) not in barred))
    balance = problem.balance
    return PlacementProblem(
        wishes=tuple(wishes),
        capacity=tuple(
            (max(seats[slot], sizes.get((w, slot), 0)),) for w, seats in enumerate(problem.capacity)
        ),
        minimum=tuple(
            (min(problem.least(w, slot), sizes.get((w, slot), problem.least(w, slot))),)
            for w in range(problem.workshops)
        ),
        locks=tuple(locks),
        profile_of=problem.profile_of,
        balance=balance
        and replace(balance, quotas=tuple(replace(q, slot=0) for q in balance.quotas if q.slot == slot)),
        together=problem.together,
        assured=frozenset(person for person, row in enumerate(rows) if row[slot] != UNPLACED),
        current=tuple((row[slot],) for row in rows),
    )
