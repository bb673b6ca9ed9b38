"""A plan that bends: some people do not come, others come late, and few have to move.

`fewest_moves` finds the best placement afresh and, among the best, one with the fewest new places. `improve`
never makes anybody worse, person by person and slot by slot, as everybody was told: a place stays, or becomes
one that the person ranked higher; whoever has none in a slot may get one. `moves_between` says who has to be
told.
"""

from collections.abc import Callable, Collection, Sequence
from threading import Event

from msgspec import Struct
from msgspec.structs import replace

from events_app.matching.workshops.counting import Places
from events_app.matching.workshops.minimums import allowed
from events_app.matching.workshops.place import Progress, place, quiet
from events_app.matching.workshops.problem import (
    UNPLACED,
    Infeasible,
    Lock,
    Objective,
    OutOfTime,
    Placement,
    PlacementProblem,
)
from events_app.matching.workshops.rules import members

Rows = Sequence[Sequence[int]]


class Move(Struct, frozen=True):
    """Somebody's place in one slot changes; `before` and `after` are workshops or UNPLACED."""

    person: int
    slot: int
    before: int
    after: int


def moves_between(before: Rows, after: Rows, absent: Collection[int] = ()) -> tuple[Move, ...]:
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
    current: Rows,
    absent: Collection[int] = (),
    objective: Objective = Objective.GUARANTEE,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    progress: Progress = quiet,
    cancel: Event | None = None,
) -> Placement:
    """The best placement of those who come; of the best ones, one with the fewest new places.

    `current[p]` is what p has now, per slot; people who are new have UNPLACED everywhere. A workshop
    that somebody keeps may change its slot only where the other slots make it necessary.
    """
    bent = replace(without(problem, absent), current=tuple(tuple(row) for row in current))
    return place(bent, objective, seed=seed, time_limit=time_limit, progress=progress, cancel=cancel)


class Improvement(Struct, frozen=True):
    """Places that are worse for nobody. `proven`: of all such places none are better by the objective.

    `placement` is that of the problem `never_worse`, for its certificate; None where everybody just stays.
    """

    places: Places
    proven: bool
    placement: Placement | None = None


def improve(
    problem: PlacementProblem,
    current: Rows,
    absent: Collection[int] = (),
    objective: Objective = Objective.SQUARES,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    progress: Progress = quiet,
    cancel: Event | None = None,
) -> Improvement:
    """Fill what became empty, without making anybody's place in any slot worse.

    Sessions that ran go on even where drop-outs took them below their minimum, and lose nobody more
    below it, unless everybody there gains. Locks never move; companions move together or not at all. Where
    the objective is a draw, which could take places from those who have them, squares decide instead.
    """
    bound, rows = never_worse(problem, current, absent)
    by = Objective.SQUARES if objective == Objective.DRAW else objective
    start = rows if allowed(bound, rows) else None
    try:
        found = place(
            bound, by, seed=seed, time_limit=time_limit, progress=progress, cancel=cancel, start=start
        )
    except (Infeasible, OutOfTime):
        return Improvement(rows, False)  # drop-outs broke a rule that no move mends: everybody stays
    return Improvement(found.places, found.proven, found)


def never_worse(
    problem: PlacementProblem, current: Rows, absent: Collection[int] = ()
) -> tuple[PlacementProblem, Places]:
    """All placements that are worse for nobody in any slot, as a problem of its own; and today's.

    Absent people wish for nothing and are nowhere. The sizes of today are allowed, even above the maximum, or
    below the minimum where drop-outs took a session there."""
    today = _Today(problem, current, absent)
    return today.restricted(), today.rows


class _Today:
    """The rules among those who come, and where they are now."""

    def __init__(self, problem: PlacementProblem, current: Rows, absent: Collection[int]) -> None:
        gone, nowhere = frozenset(absent), (UNPLACED,) * problem.slots
        self.rows: Places = tuple(nowhere if p in gone else tuple(row) for p, row in enumerate(current))
        self.problem = without(problem, absent)
        self.locked = {(lock.person, lock.slot) for lock in self.problem.locks}
        self.barred = set(problem.barred)
        self.sizes = {session: len(people) for session, people in members(self.rows).items()}

    def restricted(self) -> PlacementProblem:
        problem = self.problem
        locks, barred = list(problem.locks), []
        unranked = {
            p for p, row in enumerate(self.rows) if any(w not in (UNPLACED, *problem.wishes[p]) for w in row)
        }
        wide = replace(problem, anywhere=problem.anywhere | unranked)
        may_lock = not (problem.together or problem.balance)
        for person in range(problem.people):
            for slot, options in enumerate(self._settled(person)):
                now = self.rows[person][slot]
                if options == (now,) and may_lock and (person, slot) not in self.locked:
                    locks.append(Lock(person, now, slot))
                elif (person, slot) not in self.locked:
                    barred += [(person, w, slot) for w, _ in wide.choices(person) if w not in options]
        return replace(
            wide,
            capacity=self._table(lambda w, s: max(problem.capacity[w][s], self.sizes.get((w, s), 0))),
            minimum=self._table(lambda w, s: min(problem.least(w, s), self.sizes.get((w, s), 10**9))),
            locks=tuple(locks),
            barred=tuple(barred),
            current=self.rows,
            kept=frozenset(
                (p, s) for p, row in enumerate(self.rows) for s, w in enumerate(row) if w != UNPLACED
            ),
        )

    def _table(self, of: Callable[[int, int], int]) -> tuple[tuple[int, ...], ...]:
        return tuple(
            tuple(of(w, s) for s in range(self.problem.slots)) for w in range(self.problem.workshops)
        )

    def _settled(self, person: int) -> list[tuple[int, ...]]:
        """The options in each slot; where one is left, the other slots cannot have it."""
        row = [UNPLACED] * self.problem.slots
        while True:
            options = [self._options(person, slot, row) for slot in range(len(row))]
            settled = [
                now if options[slot] == (now,) else UNPLACED for slot, now in enumerate(self.rows[person])
            ]
            if settled == row:
                return options
            row = settled

    def _options(self, person: int, slot: int, row: Sequence[int]) -> tuple[int, ...]:
        """What is not worse than now, best first, while the other slots are as in `row`.

        Whoever is where they are today may stay, even where a rule made since forbids it.
        """
        now, problem = self.rows[person][slot], self.problem
        wishes = problem.wishes[person]
        if (person, slot) in self.locked:
            return () if now == UNPLACED else (now,)
        if now in wishes:
            better = wishes[: wishes.index(now)]
        elif now == UNPLACED:
            better = tuple(workshop for workshop, _ in problem.choices(person))
        else:
            better = wishes
        taken = {*row[:slot], *row[slot + 1 :]} | self._clashing(slot, row)
        possible = [w for w in better if w not in taken and w != now and (person, w, slot) not in self.barred]
        stays = now != UNPLACED and (now == row[slot] or now not in taken)
        return (*possible, now) if stays else tuple(possible)

    def _clashing(self, slot: int, row: Sequence[int]) -> set[int]:
        return {
            one[0]
            for pair in self.problem.clashes
            for one, other in (pair, pair[::-1])
            if one[1] == slot and (one == other or (other[1] != slot and row[other[1]] == other[0]))
        }
