"""Which placements are worse for nobody than today's: a `PlacementProblem` of its own.

Person by person and slot by slot, as everybody was told: a place stays, or becomes one that the person
ranked higher. Whoever has none in a slot may get one.
"""

from collections.abc import Callable, Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace

from events_app.matching.workshops.problem import UNPLACED, Lock, PlacementProblem
from events_app.matching.workshops.replanning import without
from events_app.matching.workshops.rules import members

Places = tuple[tuple[int, ...], ...]
Rows = Sequence[Sequence[int]]


class Today(Struct, frozen=True):
    """The rules among those who come, and where they are now.

    `problem.anywhere` has those in a workshop that they did not rank too: it costs as much as there.
    """

    problem: PlacementProblem
    rows: Places
    anywhere: frozenset[int]
    locked: frozenset[tuple[int, int]]
    barred: frozenset[tuple[int, int, int]]

    def options(self, person: int, slot: int, row: Sequence[int]) -> tuple[int, ...]:
        """What is not worse than now, best first, while the other slots are as in `row`.

        Whoever is where they are today may stay, even where a rule made since forbids it.
        """
        now, problem = self.rows[person][slot], self.problem
        wishes = problem.wishes[person]
        if (person, slot) in self.locked:
            return () if now == UNPLACED else (now,)
        if now in wishes:
            better = wishes[: wishes.index(now)]
        elif now == UNPLACED and person in self.anywhere:
            better = tuple(workshop for workshop, _ in problem.choices(person))
        else:
            better = wishes
        taken = {*row[:slot], *row[slot + 1 :]}
        if problem.clashes:
            taken |= self._clashing(slot, row)
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


def today(problem: PlacementProblem, current: Rows, absent: Collection[int] = ()) -> Today:
    """Absent people wish for nothing and are nowhere. The sizes of today are allowed, even above the
    maximum, or below the minimum where drop-outs took a session there."""
    gone = frozenset(absent)
    nowhere = (UNPLACED,) * problem.slots
    rows = tuple(nowhere if p in gone else tuple(row) for p, row in enumerate(current))
    sizes = {session: len(people) for session, people in members(rows).items()}
    problem = without(problem, absent)
    unranked = {p for p, row in enumerate(rows) if any(w not in (UNPLACED, *problem.wishes[p]) for w in row)}

    def table(of: Callable[[int, int], int]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(of(w, s) for s in range(problem.slots)) for w in range(problem.workshops))

    return Today(
        problem=replace(
            problem,
            capacity=table(lambda w, s: max(problem.capacity[w][s], sizes.get((w, s), 0))),
            minimum=table(lambda w, s: min(problem.least(w, s), sizes.get((w, s), problem.least(w, s)))),
            anywhere=problem.anywhere | unranked,
        ),
        rows=rows,
        anywhere=problem.anywhere,
        locked=frozenset((lock.person, lock.slot) for lock in problem.locks),
        barred=frozenset(problem.barred),
    )


class _Limits:
    """Options as rules of a problem: locks where nothing else is open, else what is barred."""

    def __init__(self, now: Today) -> None:
        self.now = now
        self.locks: list[Lock] = []
        self.barred: list[tuple[int, int, int]] = []
        self.may_lock = not (now.problem.together or now.problem.balance)

    def add(self, person: int, slot: int, options: tuple[int, ...], named: int) -> None:
        """The person may have these in the slot, which the problem calls `named`."""
        place = self.now.rows[person][slot]
        if options == (place,) and (self.may_lock or (person, slot) in self.now.locked):
            self.locks.append(Lock(person, place, named))
        else:
            choices = self.now.problem.choices(person)
            self.barred += [(person, workshop, named) for workshop, _ in choices if workshop not in options]


def one_slot(now: Today, rows: Rows, slot: int) -> PlacementProblem:
    """What may change in one slot while the others are as in `rows`."""
    problem, limits = now.problem, _Limits(now)
    for person, row in enumerate(rows):
        limits.add(person, slot, now.options(person, slot, row), 0)
    balance = problem.balance
    return replace(
        problem,
        capacity=tuple((seats[slot],) for seats in problem.capacity),
        minimum=tuple((least[slot],) for least in problem.minimum),
        locks=tuple(limits.locks),
        barred=tuple(limits.barred),
        clashes=(),
        balance=balance
        and replace(balance, quotas=tuple(replace(q, slot=0) for q in balance.quotas if q.slot == slot)),
        assured=frozenset(person for person, row in enumerate(now.rows) if row[slot] != UNPLACED),
        current=tuple((row[slot], *row[:slot], *row[slot + 1 :]) for row in now.rows),
        elsewhere=tuple((*row[:slot], *row[slot + 1 :]) for row in rows) if problem.slots > 1 else (),
    )


def restricted(now: Today) -> PlacementProblem:
    """All placements that are worse for nobody in any slot."""
    problem, limits = now.problem, _Limits(now)
    for person in range(problem.people):
        for slot, options in enumerate(_settled(now, person)):
            limits.add(person, slot, options, slot)
    return replace(
        problem,
        locks=tuple(limits.locks),
        barred=tuple(limits.barred),
        current=now.rows,
        kept=frozenset((p, s) for p, row in enumerate(now.rows) for s, w in enumerate(row) if w != UNPLACED),
    )


def _settled(now: Today, person: int) -> list[tuple[int, ...]]:
    """The options in each slot; where one is left, the other slots cannot have it."""
    row = [UNPLACED] * now.problem.slots
    while True:
        options = [now.options(person, slot, row) for slot in range(len(row))]
        settled = [
            place if options[slot] == (place,) else UNPLACED for slot, place in enumerate(now.rows[person])
        ]
        if settled == row:
            return options
        row = settled
