"""Which pairs meet at a speed-dating session: an exact choice by one convex minimum-cost flow.

Most meetings first; then the fairest counts on side a (least sum of squares); then the most score.
The three are one linear objective whose weights are far enough apart. Only promising pairs are looked
at first; the prices then prove that no other pair could help, or bring in those that could (column
generation).
"""

from collections.abc import Sequence

from msgspec import Struct

from events_app.features.networking.flow import PairFlow

DENSE_PAIRS = 4000
"""Up to so many eligible pairs, all are looked at from the start."""

Matrix = Sequence[Sequence[int]]


class Choice(Struct, frozen=True):
    """The pairs that meet, in order; what they reach is the proven best."""

    pairs: tuple[tuple[int, int], ...]
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
) -> Choice:
    """The best set of pairs in which nobody has more meetings than their limit.

    `already`: meetings that each of side a has had before, which count for fairness only.
    """
    already = already or [0] * len(limit_a)
    side_a, side_b = len(limit_a), len(limit_b)
    partners = [[b for b, yes in enumerate(row) if yes] for row in eligible]
    scores = [score[a][b] for a in range(side_a) for b in partners[a]]
    if not scores:
        return Choice((), 0, 0)
    # An exchange visits each person at most once: that bounds how much score it can win or lose.
    lowest, spread = min(scores), max(scores) - min(scores)
    exchange = (min(side_a, side_b) + 1) * 2 * (spread or 1) + 1
    step = exchange if fair else 0
    meeting = step * (2 * (max(limit_a) + max(already)) + 2) + exchange
    worth = [[meeting - lowest + value for value in row] for row in score]
    flow = PairFlow(worth, limit_a, limit_b, step, already)
    usual = meeting - step * 2 * (sum(already) // side_a)
    flow.price = _first_prices(partners, limit_a, limit_b, usual, step)
    flow.candidates = _first_candidates(partners, score, limit_a, limit_b)
    flow.settle()
    while flow.admit_better(partners):
        flow.settle()
    pairs = tuple((a, b) for a, chosen in enumerate(flow.takes) for b in sorted(chosen))
    squares = sum((len(chosen) + before) ** 2 for chosen, before in zip(flow.takes, already, strict=True))
    return Choice(pairs, squares, sum(score[a][b] for a, b in pairs))


def _places(partners: list[list[int]], limit_a: Sequence[int], limit_b: Sequence[int]) -> tuple[int, int]:
    """How many meetings each side could have at most, looked at alone."""
    asked = [0] * len(limit_b)
    for row in partners:
        for b in row:
            asked[b] += 1
    wanted = sum(min(limit, len(row)) for limit, row in zip(limit_a, partners, strict=True))
    return wanted, sum(map(min, limit_b, asked))


def _first_prices(
    partners: list[list[int]], limit_a: Sequence[int], limit_b: Sequence[int], meeting: int, step: int
) -> list[int]:
    """Prices at which side a asks for about as many meetings as side b can give."""
    wanted, offered = _places(partners, limit_a, limit_b)
    if wanted <= offered:
        return [0] * len(limit_b)
    usual = meeting - 2 * (offered // len(limit_a)) * step
    asked = [0] * len(limit_b)
    for row in partners:
        for b in row:
            asked[b] += 1
    return [usual if asks > limit else 0 for asks, limit in zip(asked, limit_b, strict=True)]


def _first_candidates(
    partners: list[list[int]], score: Matrix, limit_a: Sequence[int], limit_b: Sequence[int]
) -> list[list[int]]:
    """Everybody's best pairs, ties spread so that no one person is everybody's first idea."""
    if sum(map(len, partners)) <= DENSE_PAIRS:
        return [list(row) for row in partners]
    meetings = min(_places(partners, limit_a, limit_b))
    chosen = [
        set(_best(row, score[a], a, 2 * -(-meetings // len(limit_a)) + 6)) for a, row in enumerate(partners)
    ]
    visitors: list[list[int]] = [[] for _ in limit_b]
    for a, row in enumerate(partners):
        for b in row:
            visitors[b].append(a)
    for b, column in enumerate(zip(*score, strict=True)):
        for a in _best(visitors[b], column, b, 2 * -(-meetings // len(limit_b)) + 6):
            chosen[a].add(b)
    return [sorted(row) for row in chosen]


def _best(others: list[int], score: Sequence[int], person: int, count: int) -> list[int]:
    turn = person * 7919 % max(len(others), 1)
    return sorted(others[turn:] + others[:turn], key=lambda other: -score[other])[:count]
