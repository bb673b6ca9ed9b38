"""Plans developed from one round: the people stand on circles, and each round turns every circle by one.

With R rounds, circles of R people (and a few people who stay), all rounds follow from the first, the
"starter". Two pairs of the same class (same circles, same difference) meet equally often, so that the
search is over one round and a few dozen classes: Kirkman's fifteen schoolgirls (1850) take a moment.
See Colbourn and Dinitz, "Handbook of Combinatorial Designs", VI.16, difference families.
"""

import random
from itertools import pairwise
from math import exp

from events_app.matching.tables.budget import Budget

Round = list[list[int]]


class _Starter:
    """`people` on circles of `turns`; the last `people % turns` stay where they are."""

    def __init__(self, people: int, tables: int, turns: int, chance: random.Random) -> None:
        self.people, self.turns, self.chance = people, turns, chance
        order = chance.sample(range(people), people)
        self.seats: Round = [order[table::tables] for table in range(tables)]
        self.table_of = {p: table for table in self.seats for p in table}
        self.kind = [[-1] * people for _ in range(people)]
        self.price: list[list[int]] = []
        self._classify(max(map(len, self.seats)))
        self.count = [0] * len(self.price)
        self.cost = sum(self._join(p, table[:i]) for table in self.seats for i, p in enumerate(table))

    def turned(self, p: int, by: int = 1) -> int:
        circle, place = divmod(p, self.turns)
        standing = circle == self.people // self.turns
        return p if standing else circle * self.turns + (place + by) % self.turns

    def _classify(self, size: int) -> None:
        """Numbers the classes of pairs; `price[c][i]` is what the i-th more pair of class c adds.

        A class of s pairs meets turns / s times for each of its pairs in the starter.
        """
        for p in range(self.people):
            for q in range(p):
                if self.kind[p][q] < 0:
                    members, a, b = 0, p, q
                    while self.kind[a][b] < 0:
                        self.kind[a][b] = self.kind[b][a] = len(self.price)
                        members, a, b = members + 1, self.turned(a), self.turned(b)
                    often = self.turns // members
                    most = len(self.seats) * size * size
                    pairs = [often * i * (often * i - 1) // 2 * members for i in range(most)]
                    self.price.append([more - less for less, more in pairwise(pairs)])

    def _join(self, p: int, others: list[int]) -> int:
        cost, kinds, count = 0, self.kind[p], self.count
        for x in others:
            if x != p:
                c = kinds[x]
                cost += self.price[c][count[c]]
                count[c] += 1
        return cost

    def _leave(self, p: int, others: list[int]) -> int:
        cost, kinds, count = 0, self.kind[p], self.count
        for x in others:
            if x != p:
                c = kinds[x]
                count[c] -= 1
                cost -= self.price[c][count[c]]
        return cost

    def _swap(self, p: int, q: int) -> int:
        here, there = self.table_of[p], self.table_of[q]
        change = self._leave(p, here) + self._leave(q, there)
        here[here.index(p)], there[there.index(q)] = q, p
        self.table_of[p], self.table_of[q] = there, here
        return change + self._join(p, there) + self._join(q, here)

    def anneal(self, budget: Budget, enough: int) -> Round:
        best, kept, uniform = self.cost, [list(table) for table in self.seats], self.chance.random
        for step in range(budget.steps):
            if step % 64 == 0:
                spent = budget.spent(step)
                if best <= enough or spent >= 1:
                    break
                temperature = self.turns * 0.2 * 2.5 ** (1 - spent)
            p, q = int(uniform() * self.people), int(uniform() * self.people)
            if self.table_of[p] is self.table_of[q]:
                continue
            change = self._swap(p, q)
            if change > 0 and uniform() >= exp(-change / temperature):
                self._swap(q, p)
                continue
            self.cost += change
            if self.cost < best:
                best, kept = self.cost, [list(table) for table in self.seats]
        return kept


def developed_rounds(people: int, tables: int, rounds: int, enough: int, budget: Budget) -> list[Round]:
    """All rounds of the best starter found; the search ends at `enough` repeats."""
    starter = _Starter(people, tables, rounds, random.Random(budget.seed))
    first = starter.anneal(budget, enough)
    return [[[starter.turned(p, turn) for p in table] for table in first] for turn in range(rounds)]
