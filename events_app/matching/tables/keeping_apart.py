"""One round in which some pairs never share a table: an equitable colouring with precoloured vertices.

People are vertices, pairs that stay apart edges, tables colours; hosts have their colour beforehand, and the
tables are even. Deciding this is NP-hard; HiGHS settles the cases of an evening at once. Where no seating
obeys all rules, those that contradict each other are named: none of them can be left out.
"""

import random
import time
from collections.abc import Sequence

from events_app.matching.highs import Inequalities, Solver
from events_app.matching.irreducible import irreducible
from events_app.matching.tables.problem import Infeasible

Pair = tuple[int, int]
Round = list[list[int]]

SHARE_OF_ONE = 8
"""No single question about a conflict may use more than this part of the time."""

MOST_ROWS = 40_000
"""Pairs and tables; with more, HiGHS would hardly begin."""


class _Seating(Inequalities):
    """Columns for whoever a rule names, at each table, and for each table that has one seat more."""

    def __init__(
        self, people: Sequence[int], tables: int, hosts: Sequence[Pair], apart: Sequence[Pair]
    ) -> None:
        super().__init__()
        size, larger = divmod(len(people), tables)
        present = set(people)
        named = {p for pair in apart for p in pair if p in present} | {p for p, _ in hosts}
        self.free = [p for p in people if p not in named]
        self.seat = {(p, t): self.column() for p in people if p in named for t in range(tables)}
        large = [self.column() for _ in range(tables)]
        self.at_most(dict.fromkeys(large, 1), larger)
        for table in range(tables):
            self.at_most({**{self.seat[p, table]: 1 for p in named}, large[table]: -1}, size)
            for p, q in apart:
                if p in named and q in named:
                    self.at_most({self.seat[p, table]: 1, self.seat[q, table]: 1}, 1)
        for p in named:
            own = {self.seat[p, table]: 1 for table in range(tables)}
            self.at_most(own, 1)
            self.at_least(own, 1)
        for p, table in hosts:
            self.at_least({self.seat[p, table]: 1}, 1)


def seated(
    people: Sequence[int],
    tables: int,
    hosts: Sequence[Pair],
    apart: Sequence[Pair],
    *,
    seconds: float,
    chance: random.Random,
) -> tuple[Round | None, bool]:
    """A round that obeys these rules, and whether the time was enough to know if there is one."""
    if seconds <= 0 or len(apart) * tables > MOST_ROWS:
        return None, False
    model = _Seating(people, tables, hosts, apart)
    point, _, ended = Solver(model, seed=chance.randrange(2**31), stopped=lambda: False).minimise({}, seconds)
    if point is None:
        return None, ended
    seats: Round = [[] for _ in range(tables)]
    for (person, table), column in model.seat.items():
        if point[column]:
            seats[table].append(person)
    size, larger = divmod(len(people), tables)
    larger -= sum(len(table) > size for table in seats)
    rest = chance.sample(model.free, len(model.free))
    for company in seats:
        full = size
        if len(company) <= size and larger:
            full, larger = size + 1, larger - 1
        company += [rest.pop() for _ in range(full - len(company))]
    return seats, True


def round_keeping_apart(
    people: Sequence[int],
    tables: int,
    hosts: Sequence[Pair],
    apart: Sequence[Pair],
    seconds: float,
    chance: random.Random,
) -> Round | None:
    """One round that obeys these rules; None where the time ends undecided.

    Raises Infeasible, for which it may use as much time once more.
    """
    found, certain = seated(people, tables, hosts, apart, seconds=seconds, chance=chance)
    if found is None and certain:
        raise conflict(people, tables, hosts, apart, seconds)
    return found


def conflict(
    people: Sequence[int], tables: int, hosts: Sequence[Pair], apart: Sequence[Pair], seconds: float
) -> Infeasible:
    """Of rules that no seating obeys. Rules are numbered: the pairs apart first, then the hosts."""
    pairs = sorted({(min(pair), max(pair)) for pair in apart})
    rules, number = [*pairs, *sorted(set(hosts))], len(pairs)
    ends, chance = time.monotonic() + seconds, random.Random(0)

    def contradict(some: Sequence[int]) -> bool | None:
        """Whether no seating obeys these; None where the time ended."""
        left = min(ends - time.monotonic(), seconds / SHARE_OF_ONE)
        staying, avoiding = ([rules[i] for i in some if (i < number) is yes] for yes in (False, True))
        found, certain = seated(people, tables, staying, avoiding, seconds=left, chance=chance)
        return found is None if certain else None

    found, certain = irreducible(_crowd(pairs, tables) or range(len(rules)), contradict)
    return Infeasible(
        tuple(rules[i] for i in found if i < number),
        tuple(rules[i] for i in found if i >= number),
        tables,
        certain,
    )


def _crowd(pairs: Sequence[Pair], tables: int) -> list[int] | None:
    """The pairs of more people than tables who all avoid each other: the usual conflict."""
    near: dict[int, set[int]] = {}
    for p, q in pairs:
        near.setdefault(p, set()).add(q)
        near.setdefault(q, set()).add(p)
    for first in sorted(near, key=lambda p: -len(near[p])):
        members, others = [first], near[first]
        while others and len(members) <= tables:
            nearest = max(sorted(others), key=lambda p: len(near[p] & others))
            members.append(nearest)
            others = others & near[nearest]
        if len(members) > tables:
            return [i for i, (p, q) in enumerate(pairs) if p in members and q in members]
    return None
