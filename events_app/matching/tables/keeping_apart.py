"""One round in which some pairs never share a table: an equitable colouring with precoloured vertices.

People are vertices, pairs that stay apart edges, tables colours; hosts have their colour beforehand, and
the tables are even. Deciding this is NP-hard; backtracking that seats the person with the fewest tables
left first (DSATUR, Brélaz 1979) settles the cases of an evening at once.
"""

import random
from collections import Counter
from collections.abc import Sequence

from events_app.matching.tables.budget import Budget

Pair = tuple[int, int]
Round = list[list[int]]


class RoundSearch:
    """`steps` counts the people and tables looked at; `seated[t]` are those placed so far."""

    def __init__(
        self, people: Sequence[int], tables: int, hosts: Sequence[Pair], apart: Sequence[Pair]
    ) -> None:
        self.tables, self.steps = tables, 0
        self.floor, self.larger = divmod(len(people), tables)
        self.seated: list[set[int]] = [set() for _ in range(tables)]
        self.table_of: dict[int, int] = {}
        self.near: dict[int, set[int]] = {}
        for p, q in apart:
            self.near.setdefault(p, set()).add(q)
            self.near.setdefault(q, set()).add(p)
        self.blocked: dict[int, Counter[int]] = {p: Counter() for p in self.near}
        self.mask = dict.fromkeys(self.near, 0)  # of the tables where somebody sits whom they avoid
        self.full = 0
        present = set(people)
        self.free = [p for p in people if p not in self.near]
        self.open = dict.fromkeys(p for p in self.near if p in present)
        self.possible = [len(self.open)] * tables
        self.hosted = all(self._put_host(person, table) for person, table in hosts)

    def seat(self, budget: Budget) -> bool | None:
        """Whether there is a seating, which `round` then gives; None where the budget ends undecided."""
        if not self.hosted or self._hopeless():
            return False
        if not self.open:
            return True
        trail: list[tuple[int, list[int]]] = []
        person, choices = self._choose()
        while True:
            if budget.spent(self.steps) >= 1:
                return None
            if not choices:
                if not trail:
                    return False
                person, choices = trail.pop()
                self._lift(person)
                continue
            self._put(person, choices.pop())
            if self._hopeless():
                self._lift(person)
                continue
            trail.append((person, choices))
            if not self.open:
                return True
            person, choices = self._choose()

    def round(self, chance: random.Random) -> Round:
        """The seating found, the rest of the people shuffled into the seats that are left."""
        seats = [sorted(table) for table in self.seated]
        rest = chance.sample(self.free, len(self.free))
        larger = self.larger - sum(len(table) > self.floor for table in seats)
        for table in seats:
            size = self.floor
            if len(table) <= size and larger:
                size, larger = size + 1, larger - 1
            while len(table) < size:
                table.append(rest.pop())
        return seats

    def _put_host(self, person: int, table: int) -> bool:
        if self.mask.get(person, 0) >> table & 1 or self.full >> table & 1:
            return False
        if person in self.open:
            self._put(person, table)
        else:
            self.free.remove(person)
            self.seated[table].add(person)
            self._mark_full()
        return True

    def _choose(self) -> tuple[int, list[int]]:
        """Who has the fewest tables left, then the most people to avoid; and these tables, the best last."""
        self.steps += len(self.open)
        full, mask, near = self.full, self.mask, self.near
        person = max(self.open, key=lambda p: ((mask[p] | full).bit_count(), len(near[p])))
        shut = mask[person] | full
        tables = [t for t in range(self.tables) if not shut >> t & 1]
        self.steps += self.tables
        # Empty tables are all alike: one of them stands for all.
        empty = [t for t in tables if not self.seated[t]][1:]
        tables = [t for t in tables if t not in empty]
        tables.sort(key=lambda t: (len(self.seated[t]), -self.possible[t]), reverse=True)
        return person, tables

    def _put(self, person: int, table: int) -> None:
        del self.open[person]
        self._count_possible(person, -1)
        self.table_of[person] = table
        self.seated[table].add(person)
        for other in self.near[person]:
            self.blocked[other][table] += 1
            if self.blocked[other][table] == 1:
                self.mask[other] |= 1 << table
                if other in self.open:
                    self.possible[table] -= 1
        self._mark_full()

    def _lift(self, person: int) -> None:
        table = self.table_of.pop(person)
        self.seated[table].remove(person)
        for other in self.near[person]:
            self.blocked[other][table] -= 1
            if not self.blocked[other][table]:
                self.mask[other] &= ~(1 << table)
                if other in self.open:
                    self.possible[table] += 1
        self._count_possible(person, 1)
        self.open[person] = None
        self._mark_full()

    def _count_possible(self, person: int, change: int) -> None:
        mask = self.mask[person]
        for table in range(self.tables):
            if not mask >> table & 1:
                self.possible[table] += change

    def _mark_full(self) -> None:
        counts = [len(table) for table in self.seated]
        most = self.floor + (sum(c > self.floor for c in counts) < self.larger)
        self.full = sum(1 << t for t, c in enumerate(counts) if c >= most)
        self.steps += self.tables

    def _hopeless(self) -> bool:
        """A table that can no longer be filled, or a person who has no table left."""
        free = len(self.free)
        self.steps += self.tables + len(self.open)
        if any(
            len(table) + possible + free < self.floor
            for table, possible in zip(self.seated, self.possible, strict=True)
        ):
            return True
        every = (1 << self.tables) - 1
        return any(self.mask[p] | self.full == every for p in self.open)
