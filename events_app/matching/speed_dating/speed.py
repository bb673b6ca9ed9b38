"""Which pairs meet at a speed-dating session: an exact choice by one convex minimum-cost flow.

Most meetings first; then the fairest counts on side a (least sum of squares); then the most score. The three
are one linear objective whose weights are far enough apart. Such a linear program has integers at its
corners, so that the simplex method ends with a choice, and with prices that prove it.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from msgspec import Struct

from events_app.matching.highs import INFINITY, solver

Matrix = Sequence[Sequence[int]]
Pair = tuple[int, int]

LIKELY = 30
"""So many of their best partners are looked at first for each of the larger side, and as many pairs for the
others; then more, where prices say that one left out would be better. Mostly none is."""

MOST_SCORE = 1_000_000
"""Of a pair, above or below 0: weights far enough apart are then still told apart in floating point."""


class Choice(Struct, frozen=True):
    """The pairs that meet, in order; what they reach is the proven best."""

    pairs: tuple[Pair, ...]
    squares: int
    """Sum of the squares of side a's counts, earlier meetings included."""
    score: int


def choose_meetings(
    eligible: Matrix,
    score: Matrix,
    limit_a: Sequence[int],
    limit_b: Sequence[int],
    *,
    fair: bool = True,
    already: Sequence[int] | None = None,
    most: int | None = None,
) -> Choice:
    """The best set of pairs in which nobody has more meetings than their limit.

    `already`: meetings that each of side a has had before, which count for fairness only.
    `most`: no more meetings than this in all.
    """
    already = already or [0] * len(limit_a)
    partners = [[b for b, yes in enumerate(row) if yes and limit_b[b]] for row in eligible]
    scores = [score[a][b] for a, row in enumerate(partners) for b in row]
    most = min(sum(limit_a), sum(limit_b)) if most is None else most
    pairs: tuple[Pair, ...] = ()
    if scores and most:
        # An exchange visits each person at most once: that bounds how much score it can win or lose.
        lowest, spread = min(scores), max(scores) - min(scores)
        exchange = (min(len(limit_a), len(limit_b)) + 1) * 2 * (spread or 1) + 1
        step = exchange if fair else 0
        meeting = step * (2 * (max(limit_a) + max(already)) + 2) + exchange
        worth = [[value - lowest for value in row] for row in score]
        market = _Market(partners, worth, limit_a, limit_b, meeting, step, already, most)
        pairs = tuple(sorted(market.best()))
    counts = list(already)
    for a, _ in pairs:
        counts[a] += 1
    return Choice(pairs, sum(count * count for count in counts), sum(score[a][b] for a, b in pairs))


class _Market(Struct, frozen=True):
    """A meeting earns `meeting` and its worth; the d-th of somebody in side a costs `step * (2 d - 1)`, so
    that d of them cost `step * d * d`; d begins after those had `already`."""

    partners: list[list[int]]
    worth: list[list[int]]
    limit_a: Sequence[int]
    limit_b: Sequence[int]
    meeting: int
    step: int
    already: Sequence[int]
    most: int

    def best(self) -> list[Pair]:
        pairs = set(self._likely())
        while True:
            chosen, price_a, price_b = self._solve(sorted(pairs))
            missing = set(self._missing(price_a, price_b)) - pairs
            if not missing:
                return chosen
            # The guess was good, or it is not worth guessing again.
            few = len(missing) < len(pairs) // 4
            pairs |= missing if few else {(a, b) for a, row in enumerate(self.partners) for b in row}

    def _likely(self) -> Iterator[Pair]:
        """The best pairs of everybody, as seen from both sides."""
        side_a, side_b = len(self.limit_a), len(self.limit_b)
        sought: list[list[int]] = [[] for _ in range(side_b)]
        for a, row in enumerate(self.partners):
            worth = self.worth[a]
            of_a = max(LIKELY, LIKELY * side_b // side_a)
            yield from ((a, b) for b in sorted(row, key=worth.__getitem__, reverse=True)[:of_a])
            for b in row:
                sought[b].append(a)
        of_b = max(LIKELY, LIKELY * side_a // side_b)
        for b, people in enumerate(sought):
            yield from ((a, b) for a in sorted(people, key=lambda a: self.worth[a][b], reverse=True)[:of_b])

    def _missing(self, price_a: Sequence[float], price_b: Sequence[float]) -> Iterator[Pair]:
        """The pairs that are worth more than what the time of the two costs."""
        for a, (cost, row, worth) in enumerate(zip(price_a, self.partners, self.worth, strict=True)):
            yield from ((a, b) for b in row if worth[b] > cost + price_b[b] + 0.5)

    def _solve(self, pairs: Sequence[Pair]) -> tuple[list[Pair], list[float], list[float]]:
        """The best choice of these pairs, and what the time of everybody is worth then."""
        highs, side_a = solver(solver="simplex", presolve="off"), len(self.limit_a)
        highs.passModel(self._program(pairs))
        highs.run()
        solution = highs.getSolution()
        chosen = [pair for pair, value in zip(pairs, solution.col_value, strict=False) if value > 0.5]
        prices = [-price for price in solution.row_dual]
        return chosen, prices[:side_a], prices[side_a:-1]

    def _program(self, pairs: Sequence[Pair]) -> Any:
        """Columns for pairs, for each meeting that somebody of side a may have, and for how many each of side
        b has; a row for everybody, whose pairs are as many as their meetings, and one for all meetings."""
        import highspy

        side_a, end = len(self.limit_a), len(self.limit_a) + len(self.limit_b)
        costs, rows = [-float(self.worth[a][b]) for a, b in pairs], list[tuple[int, ...]]()
        rows += [(a, side_a + b) for a, b in pairs]
        for a, limit in enumerate(self.limit_a):
            for had in range(self.already[a], self.already[a] + limit):
                costs.append(float(self.step * (2 * had + 1) - self.meeting))
                rows.append((a,))
        costs += [0.0] * len(self.limit_b)
        rows += [(side_a + b, end) for b in range(len(self.limit_b))]
        program, columns = highspy.HighsLp(), len(costs)
        program.num_col_, program.num_row_ = columns, end + 1
        program.col_cost_, program.col_lower_ = costs, [0.0] * columns
        program.col_upper_ = [1.0] * (columns - len(self.limit_b)) + [float(limit) for limit in self.limit_b]
        program.row_lower_, program.row_upper_ = [0.0] * end + [-INFINITY], [0.0] * end + [float(self.most)]
        matrix = program.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_ = [0, *accumulate(map(len, rows))]
        matrix.index_ = [row for of in rows for row in of]
        meetings = columns - len(pairs) - len(self.limit_b)
        matrix.value_ = [1.0] * (2 * len(pairs)) + [-1.0] * meetings + [-1.0, 1.0] * len(self.limit_b)
        return program
