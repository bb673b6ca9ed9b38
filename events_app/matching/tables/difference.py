"""Seat plans of a square kind: the person in row i and column j sits in round r at table i + f[r][j].

`f` is a difference matrix over an abelian group with as many elements as there are tables: people of
columns j and j' meet in round r where f[r][j] - f[r][j'] is the difference of their rows, so that one
short row of f decides a whole round. Without a repeated difference nobody meets twice (Bose and Bush,
1952). In a field f[r][j] = r * j repeats as little as can be. Elsewhere f is annealed; where the number
of tables is 2 modulo 4 and a table is full, some repeats cannot be avoided (Hall and Paige, 1955).
"""

import random
from math import exp

from events_app.matching.tables.budget import Budget
from events_app.matching.tables.galois import Field, prime_power

Matrix = list[list[int]]

STEPS_PER_ENTRY = 8000
"""Enough to search: small matrices are tried out soon."""

LARGEST_SEARCH = 256
"""Above so many tables the plain product r * j is taken as it is."""


class Group:
    """An abelian group on 0..order-1: a field's addition, else Z2 x Z(order / 2), else cyclic."""

    def __init__(self, order: int) -> None:
        self.order = order
        power = prime_power(order)
        self.field = Field(*power) if power else None
        self._half = order // 2 if not power and order % 4 == 0 else order

    def add(self, x: int, y: int) -> int:
        if self.field:
            return self.field.add(x, y)
        half = self._half
        return (x // half + y // half) % (self.order // half) * half + (x + y) % half


def fewest_collisions(order: int, columns: int, rounds: int) -> int:
    """Each pair of rounds spreads its columns as evenly as it can over the differences."""
    each, more = divmod(columns, order)
    per_pair = more * (each + 1) * each // 2 + (order - more) * each * (each - 1) // 2
    return per_pair * rounds * (rounds - 1) // 2


def product_matrix(group: Group, columns: int, rounds: int) -> Matrix:
    """f[r][j] = r * j, in the field or modulo the order."""
    q = group.order
    times = group.field.multiply if group.field else lambda r, j: r * j % q
    return [[times(r % q, j % q) for j in range(columns)] for r in range(rounds)]


def difference_matrix(group: Group, columns: int, rounds: int, budget: Budget) -> Matrix:
    """The matrix with the fewest repeats found; at once in a field or where the product has none."""
    product = product_matrix(group, columns, rounds)
    if group.field and rounds <= group.order:
        return product
    least = fewest_collisions(group.order, columns, rounds)
    if group.order > LARGEST_SEARCH or (rounds - 1) * (columns - 1) < group.order == group._half:
        return product
    search = _Search(group, columns, rounds, random.Random(budget.seed))
    return search.anneal(budget, least)


class _Search:
    """Annealing on single entries of f; the cost counts equal differences within pairs of rounds."""

    def __init__(self, group: Group, columns: int, rounds: int, chance: random.Random) -> None:
        q = group.order
        self.chance, self.order, self.columns, self.rounds = chance, q, columns, rounds
        minus = {x: next(y for y in range(q) if group.add(x, y) == 0) for x in range(q)}
        self.minus = [[group.add(x, minus[y]) for y in range(q)] for x in range(q)]
        self.f = [[0] * columns] + [[chance.randrange(q) for _ in range(columns)] for _ in range(rounds - 1)]
        # seen[r][s][d]: in how many columns the rows r and s differ by d.
        self.seen = [[[0] * q for _ in range(rounds)] for _ in range(rounds)]
        for r, row in enumerate(self.f):
            for s, other in enumerate(self.f):
                for x, y in zip(row, other, strict=True):
                    self.seen[r][s][self.minus[x][y]] += 1

    def cost(self) -> int:
        pairs = [self.seen[r][s] for r in range(self.rounds) for s in range(r)]
        return sum(c * (c - 1) // 2 for seen in pairs for c in seen)

    def anneal(self, budget: Budget, least: int) -> Matrix:
        cost = best = self.cost()
        kept = [list(row) for row in self.f]
        uniform = self.chance.random
        steps = min(budget.steps, STEPS_PER_ENTRY * self.columns * self.rounds)
        for step in range(steps):
            if step % 256 == 0:
                spent = max(step / steps, budget.spent(step))
                if best == least or spent >= 1:
                    break
                temperature = 0.25 * 4.0 ** (1 - spent)
            r = 1 + int(uniform() * (self.rounds - 1))
            j, value = int(uniform() * self.columns), int(uniform() * self.order)
            change = self.change(r, j, value)
            if change <= 0 or uniform() < exp(-change / temperature):
                self.put(r, j, value)
                cost += change
                if cost < best:
                    best, kept = cost, [list(row) for row in self.f]
        # The first column stays where it is (hosts sit there): differences of columns do not change.
        return [[self.minus[x][row[0]] for x in row] for row in kept]

    def change(self, r: int, j: int, value: int) -> int:
        old = self.f[r][j]
        if old == value:
            return 0
        now, then, seen = self.minus[value], self.minus[old], self.seen[r]
        total = self.rounds - 1
        for s, row in enumerate(self.f):
            if s != r:
                total += seen[s][now[row[j]]] - seen[s][then[row[j]]]
        return total

    def put(self, r: int, j: int, value: int) -> None:
        old, self.f[r][j] = self.f[r][j], value
        for s, row in enumerate(self.f):
            if s != r:
                x = row[j]
                self.seen[r][s][self.minus[old][x]] -= 1
                self.seen[r][s][self.minus[value][x]] += 1
                self.seen[s][r][self.minus[x][old]] -= 1
                self.seen[s][r][self.minus[x][value]] += 1
