"""The rest of a seat plan, kept as it is as far as can be, when people do not come, come late or leave early.

Rounds that are announced (or over) are never touched. In each of the others who is not there leaves their
table, who came in addition sits where there is room and nobody is met twice, and somebody is moved only where
a table is left with too few: the fewest moves, and no pair meets twice that met once, if that can be.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations

from msgspec import Struct

from events_app.matching.tables.company import REPEAT, Pair, cost_of, pair_of

Seats = list[list[list[int]]]


class Rearranged(Struct, frozen=True):
    """`moved`: person and round, of those who sit elsewhere than planned; newcomers and leavers apart."""

    rounds: Seats
    moved: tuple[Pair, ...]


def rearrange(
    rounds: Sequence[Sequence[Sequence[int]]],
    announced: int,
    there: Sequence[int],
    *,
    apart: Iterable[Pair] = (),
    organisation: Sequence[int] | None = None,
    bound: Collection[int] = (),
) -> Rearranged:
    """`there[p]`: a mask with bit r where person p is there in round r. `bound`: hosts and who sits together,
    who are not moved."""
    evening = _Evening(rounds, apart, organisation, bound)
    result: Seats = [[list(table) for table in tables] for tables in rounds[:announced]]
    moved: list[Pair] = []
    for turn in range(announced, len(rounds)):
        tables = [[p for p in table if there[p] >> turn & 1] for table in rounds[turn]]
        evening.forget(rounds[turn])
        evening.meet(tables)
        seated = {p for table in tables for p in table}
        for person in (p for p, mask in enumerate(there) if mask >> turn & 1 and p not in seated):
            evening.sit(person, tables)
        moved += [(person, turn) for person in evening.balance(tables)]
        result.append(tables)
    return Rearranged(result, tuple(moved))


class _Evening:
    """Who meets whom, in all rounds as they stand."""

    def __init__(
        self,
        rounds: Sequence[Sequence[Sequence[int]]],
        apart: Iterable[Pair],
        organisation: Sequence[int] | None,
        bound: Collection[int],
    ) -> None:
        self._bound = set(bound)
        self._met: Counter[Pair] = Counter()
        self._apart = {pair_of(p, q) for p, q in apart}
        self._group = organisation
        for tables in rounds:
            self.meet(tables)

    def meet(self, tables: Iterable[Sequence[int]]) -> None:
        for table in tables:
            self._met.update(pair_of(p, q) for p, q in combinations(table, 2))

    def forget(self, tables: Iterable[Sequence[int]]) -> None:
        for table in tables:
            self._met.subtract(pair_of(p, q) for p, q in combinations(table, 2))

    def sit(self, person: int, tables: list[list[int]]) -> None:
        """Where there is room and the company is new; an empty table only where all are."""
        used = [table for table in tables if table] or tables
        share = -(-(1 + sum(map(len, tables))) // len(used))
        open_tables = [table for table in used if len(table) < share] or used
        self._put(person, min(open_tables, key=lambda table: (self._cost(person, table), len(table))))

    def balance(self, tables: list[list[int]]) -> list[int]:
        """Who is moved, to tables with less than half of an even share. A table of one goes to others where
        nobody can be moved to it without a repeat."""
        moved: list[int] = []
        while True:
            used = [table for table in tables if table]
            if len(used) < 2:
                return moved
            small = min(used, key=len)
            fair = sum(map(len, used)) // len(used)
            if len(small) > 1 and 2 * len(small) >= fair:
                return moved
            person = self._bring(small, used)
            if person is None and len(small) == 1:
                person = small[0]
                self._take(person, small)
                self.sit(person, tables)
            if person is None:
                return moved
            moved.append(person)

    def _bring(self, small: list[int], used: list[list[int]]) -> int | None:
        """Somebody from a table that has at least two more, for whom all there are new company."""
        options = [
            (self._cost(person, small), -len(table), person, number)
            for number, table in enumerate(used)
            if len(table) > len(small) + 1
            for person in table
            if person not in self._bound
        ]
        best = min(options, default=None)
        if best is None or best[0] >= REPEAT:
            return None
        person, table = best[2], used[best[3]]
        self._take(person, table)
        self._put(person, small)
        return person

    def _put(self, person: int, table: list[int]) -> None:
        self._met.update(pair_of(person, other) for other in table)
        table.append(person)

    def _take(self, person: int, table: list[int]) -> None:
        table.remove(person)
        self._met.subtract(pair_of(person, other) for other in table)

    def _cost(self, person: int, table: Sequence[int]) -> int:
        return sum(cost_of(person, other, self._met, self._apart, self._group) for other in table)
