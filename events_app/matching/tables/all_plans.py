"""Is there a plan with so few repeats and so many distinct pairs? All plans of few people, looked through.

A round is the set of pairs that sit together, as bits of a number, so that what two rounds have in common
is one operation. The two rounds with least in common come first; they are the same, up to the names of
people and tables, where as many people go from each table to each other one. All third rounds that may
follow these two are listed, and those that go together are looked for as in a search for cliques.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb, factorial, prod

from msgspec import Struct

from events_app.matching.tables.bounds import pairs_of, table_sizes
from events_app.matching.tables.budget import Budget
from events_app.matching.tables.constructions import Round
from events_app.matching.undecided import Undecided

MOST_ROUNDS = 300_000
"""Different rounds, of which so many are looked at."""

NODE = 3
"""Steps at each table where somebody is seated: a step is to compare two rounds."""

Flow = tuple[tuple[int, ...], ...]
"""How many people go from each table of one round to each of the next."""


class Target(Struct, frozen=True):
    """At most so many repeats, at least so many distinct pairs."""

    repeats: int
    distinct: int = 0


def few_enough(people: int, tables: int) -> bool:
    """Whether looking through all plans may end."""
    sizes = table_sizes(people, tables)
    same = (sizes.count(size) for size in set(sizes))
    return factorial(people) // prod(map(factorial, (*sizes, *same))) <= MOST_ROUNDS


class AllPlans:
    """Of at least two rounds. One budget for all questions.

    In the search, `least` is what any two rounds have in common at least, `lost` the company less the
    distinct pairs at most.
    """

    def __init__(self, people: int, tables: int, rounds: int, budget: Budget) -> None:
        self.people, self.rounds, self.budget = people, rounds, budget
        self.sizes = table_sizes(people, tables)
        self.steps = self.least = self.lost = 0

    def within(self, target: Target) -> list[Round] | None:
        """Such a plan; None: there is none. Raises Undecided where the budget ends."""
        self.lost = self.rounds * sum(map(pairs_of, self.sizes)) - target.distinct
        first = self._seated([[size] for size in self.sizes])
        most = min(target.repeats // pairs_of(self.rounds), self.lost // (self.rounds - 1))
        for flow in sorted(self._flows(most)):
            second = self._seated(list(zip(*flow, strict=True)))
            self.least = sum(comb(count, 2) for row in flow for count in row)
            chosen = [_pairs(first), _pairs(second)]
            left = target.repeats - pairs_of(self.rounds) * self.least
            if self.rounds == 2:
                return [first, second]
            others = {_pairs(seats): seats for seats in self._thirds(first, second, left)}
            found = self._extended(chosen, self.least, list(others), left)
            if found is not None:
                return [first, second, *(others[pairs] for pairs in found[2:])]
        return None

    def _spend(self, steps: int) -> None:
        self.steps += steps
        if self.budget.spent(self.steps) >= 1:
            raise Undecided

    def _seated(self, counts: Sequence[Sequence[int]]) -> Round:
        """Table t with counts[t][i] of the i-th table's people: the next of them, who go in their order."""
        starts = [sum(self.sizes[:i]) for i in range(len(self.sizes))] if len(counts[0]) > 1 else [0]
        seats: Round = []
        for row in counts:
            seats.append([])
            for i, count in enumerate(row):
                seats[-1] += range(starts[i], starts[i] + count)
                starts[i] += count
        return seats

    def _flows(self, most: int) -> set[Flow]:
        """Between two rounds that have at most so many pairs in common, up to the order of tables."""
        found: set[Flow] = set()

        def extend(rows: Flow, room: tuple[int, ...], left: int) -> None:
            if len(rows) == len(self.sizes):
                found.add(_sorted(rows))
                return
            for row in _compositions(self.sizes[len(rows)], room):
                self._spend(NODE * len(row))
                together = sum(comb(count, 2) for count in row)
                if together <= left:
                    rest = tuple(free - count for free, count in zip(room, row, strict=True))
                    extend((*rows, row), rest, left - together)

        extend((), tuple(self.sizes), most)
        return found

    def _thirds(self, first: Round, second: Round, left: int) -> list[Round]:
        """Rounds with at most `left` more than the least in common with both of these together."""
        seats: Round = [[] for _ in self.sizes]
        masks = [0] * len(seats)
        near, close = _mates(first), _mates(second)
        least, people, found = self.least, self.people, list[Round]()

        def seat(person: int, shared: int, common: int, lost: int) -> None:
            if person == people:
                if shared >= least and common >= least:
                    found.append([list(table) for table in seats])
                return
            self._spend(NODE * len(masks))
            begun = 0
            for t, mask in enumerate(masks):
                size = self.sizes[t]
                if len(seats[t]) == size or (not mask and size == begun):
                    continue
                if not mask:
                    begun = size
                one, other = mask & near[person], mask & close[person]
                now, again = shared + one.bit_count(), common + other.bit_count()
                rest = lost - (one | other).bit_count()
                if rest >= 0 and max(now - least, 0) + max(again - least, 0) <= left:
                    seats[t].append(person)
                    masks[t] |= 1 << person
                    seat(person + 1, now, again, rest)
                    seats[t].pop()
                    masks[t] = mask

        seat(0, 0, 0, self.lost - least * (self.rounds - 2))
        return found

    def _extended(self, chosen: list[int], lost: int, others: list[int], left: int) -> list[int] | None:
        """`chosen` with others, up to the number of rounds; `left`: in common beyond the least."""
        if len(chosen) == self.rounds:
            return chosen
        met = 0
        for pairs in chosen:
            met |= pairs
        most = self.lost - self.least * (self.rounds - len(chosen) - 1)
        fitting = []
        for pairs in others:
            self._spend(len(chosen))
            common = [(pairs & other).bit_count() for other in chosen]
            more = sum(common) - self.least * len(chosen)
            again = lost + (pairs & met).bit_count()
            if min(common) >= self.least and more <= left and again <= most:
                fitting.append((pairs, more, again))
        for i, (pairs, more, again) in enumerate(fitting):
            rest = [other for other, *_ in fitting[i:]]
            found = self._extended([*chosen, pairs], again, rest, left - more)
            if found is not None:
                return found
        return None


def _mates(seats: Round) -> list[int]:
    """Of each person, with the person: as bits."""
    mates = {person: sum(1 << mate for mate in table) for table in seats for person in table}
    return [mates[person] for person in sorted(mates)]


def _pairs(seats: Round) -> int:
    return sum(1 << (pairs_of(q) + p) for table in seats for p, q in combinations(sorted(table), 2))


def _compositions(total: int, room: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """So many people, over tables with so much room."""
    if len(room) == 1:
        if total <= room[0]:
            yield (total,)
        return
    for count in range(min(total, room[0]) + 1):
        for rest in _compositions(total - count, room[1:]):
            yield (count, *rest)


def _sorted(flow: Flow) -> Flow:
    """One of the same flows with tables in another order; not always the same one."""
    columns = zip(*sorted(flow, key=lambda row: (-sum(row), row)), strict=True)
    flow = tuple(zip(*sorted(columns, key=lambda row: (-sum(row), row)), strict=True))
    return tuple(sorted(flow, key=lambda row: (-sum(row), row)))
