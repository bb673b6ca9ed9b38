"""Better seats by exchanging people: simulated annealing on whole rounds.

State: who sits where in the rounds that are free to change. A step exchanges two people of one round;
it counts what their leaving and joining costs from two matrices, `joining` (one more meeting of a pair)
and `leaving` (what their last meeting cost). The steps are fixed beforehand, so that the same
seed gives the same plan; the clock only hurries a machine that is too slow.
"""

import random
from collections.abc import Sequence
from math import exp

from events_app.matching.tables.budget import Budget

Seats = list[list[list[int]]]
"""people at each table of each round"""

Rank = tuple[int, int, int]
"""of a plan, by the order of the goals: the smaller, the better"""

CHECK_EVERY = 10_000
"""Effort between two looks at the clock, about 2 ms."""

STEP_EFFORT, EXCHANGE_EFFORT = 12, 20


class Prices:
    """What meetings cost: `repeat` for each repeat, less `pair` for a first one, and `extra` for each.

    A wished pair earns `wish` for its first meeting.
    """

    def __init__(self, people: int, rounds: int, repeat: int = 1, pair: int = 0) -> None:
        self.repeat, self.pair = repeat, pair
        self.steps = [repeat * m - pair * (m == 0) for m in range(rounds + 1)]
        self.extra = [[0] * people for _ in range(people)]
        self.wished: dict[tuple[int, int], int] = {}

    def add(self, p: int, q: int, cost: int) -> None:
        self.extra[p][q] += cost
        self.extra[q][p] += cost

    def wish(self, p: int, q: int, gain: int) -> None:
        self.wished[p, q] = self.wished[q, p] = gain

    def cost(self, p: int, q: int, already: int) -> int:
        """Of one more meeting of p and q."""
        cost = self.steps[already] + self.extra[p][q]
        return cost if already else cost - self.wished.get((p, q), 0)


class Seating:
    def __init__(self, people: int, seats: Seats, prices: Prices) -> None:
        self.people, self.prices = people, prices
        self.seats = [[list(table) for table in tables] for tables in seats]
        self.table_of: list[dict[int, list[int]]] = []
        self.met = [[0] * people for _ in range(people)]
        self.joining = [[prices.cost(p, q, 0) if p != q else 0 for q in range(people)] for p in range(people)]
        self.leaving = [[0] * people for _ in range(people)]
        self.cost = self.repeats = self.distinct = 0
        for tables in self.seats:
            self.table_of.append({p: table for table in tables for p in table})
            for table in tables:
                for i, p in enumerate(table):
                    for q in table[:i]:
                        self.cost += self.joining[p][q]
                        self._count(p, q, 1)

    def _count(self, p: int, q: int, change: int) -> None:
        before = self.met[p][q]
        met = before + change
        if change > 0:
            self.repeats += before
            self.distinct += not before
        else:
            self.repeats -= met
            self.distinct -= not met
        self.met[p][q] = self.met[q][p] = met
        self.joining[p][q] = self.joining[q][p] = self.prices.cost(p, q, met)
        leaving = self.prices.cost(p, q, met - 1) if met else 0
        self.leaving[p][q] = self.leaving[q][p] = leaving

    def rank(self) -> Rank:
        """What the rules cost beside repeats and distinct pairs; repeats; less pairs."""
        prices, repeats, distinct = self.prices, self.repeats, self.distinct
        rules = self.cost - prices.repeat * repeats + prices.pair * distinct
        return rules, repeats, -distinct

    def exchange(self, turn: int, p: int, q: int) -> None:
        """Puts p in q's seat and q in p's."""
        here, there = self.table_of[turn][p], self.table_of[turn][q]
        here[here.index(p)] = q
        there[there.index(q)] = p
        self.table_of[turn][p], self.table_of[turn][q] = there, here
        for x in here:
            if x != q:
                self._count(p, x, -1)
                self._count(q, x, 1)
        for y in there:
            if y != p:
                self._count(q, y, -1)
                self._count(p, y, 1)

    def copy_seats(self) -> Seats:
        return [[list(table) for table in tables] for tables in self.seats]


def anneal(
    seating: Seating,
    movable: Sequence[tuple[int, Sequence[int]]],
    *,
    budget: Budget,
    hot: float,
    cold: float,
    least: Rank,
    chance: random.Random,
) -> Seats:
    """The best seats met, by the order of the goals. `movable`: rounds with the people who may change seats.

    A step counts for as many as the people it looks at.
    """
    best, kept = seating.rank(), seating.copy_seats()
    uniform, joining, leaving = chance.random, seating.joining, seating.leaving
    movable = [(turn, people) for turn, people in movable if len(people) > 1]
    done, checked = 0, -CHECK_EVERY
    while movable:
        if done - checked >= CHECK_EVERY:
            spent = budget.spent(done)
            if best <= least or spent >= 1:
                break
            checked, temperature = done, hot * (cold / hot) ** spent
        turn, people = movable[int(uniform() * len(movable))]
        p, q = people[int(uniform() * len(people))], people[int(uniform() * len(people))]
        here, there = seating.table_of[turn][p], seating.table_of[turn][q]
        done += STEP_EFFORT + len(here)
        if here is there:
            continue
        joins_p = joining[p].__getitem__
        change = (
            sum(map(joins_p, there))
            + sum(map(joining[q].__getitem__, here))
            - sum(map(leaving[p].__getitem__, here))
            - sum(map(leaving[q].__getitem__, there))
            - 2 * joins_p(q)
        )
        if change <= 0 or uniform() < exp(-change / temperature):
            seating.exchange(turn, p, q)
            done += EXCHANGE_EFFORT * len(here)
            seating.cost += change
            if (rank := seating.rank()) < best:
                best, kept = rank, seating.copy_seats()
    return kept
