"""Which pairs meet at a speed-dating session: an exact choice by one convex minimum-cost flow.

Most meetings first; then the fairest counts on side a (least sum of squares); then the most score.
The three are one linear objective whose weights are far enough apart.
"""

from collections.abc import Sequence

from msgspec import Struct

from events_app.matching.speed_dating.scaling import Market, coarsest, solve

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
    most: int | None = None,
) -> Choice:
    """The best set of pairs in which nobody has more meetings than their limit.

    `already`: meetings that each of side a has had before, which count for fairness only.
    `most`: no more meetings than this in all.
    """
    already = already or [0] * len(limit_a)
    partners = [[b for b, yes in enumerate(row) if yes] for row in eligible]
    scores = [score[a][b] for a, row in enumerate(partners) for b in row]
    most = min(sum(limit_a), sum(limit_b)) if most is None else most
    if not scores or not most:
        return Choice((), sum(count * count for count in already), 0)
    lowest, spread = min(scores), max(scores) - min(scores)
    # An exchange visits each person at most once: that bounds how much score it can win or lose.
    exchange = (min(len(limit_a), len(limit_b)) + 1) * 2 * (spread or 1) + 1
    # A multiple of the coarsest unit, so that all scales count meetings and steps alike.
    exchange = -(-exchange >> coarsest(spread)) << coarsest(spread)
    step = exchange if fair else 0
    meeting = step * (2 * (max(limit_a) + max(already)) + 2) + exchange
    price, toll = _first_prices(partners, limit_a, limit_b, most, meeting, step, already)
    market = Market(
        partners=partners,
        worth=_worths(eligible, score, lowest),
        most_worth=spread,
        limit_a=limit_a,
        limit_b=limit_b,
        meeting=meeting,
        step=step,
        already=already,
        most=most,
    )
    takes = solve(market, price, toll).pairs()
    pairs = tuple((a, b) for a, chosen in enumerate(takes) for b in chosen)
    squares = sum((len(chosen) + before) ** 2 for chosen, before in zip(takes, already, strict=True))
    return Choice(pairs, squares, sum(score[a][b] for a, b in pairs))


def _worths(eligible: Matrix, score: Matrix, lowest: int) -> list[list[int]]:
    """How much better than the worst; 0 for pairs that may not meet, whose scores could be far apart."""
    return [
        [value - lowest for value in row]
        if all(allowed)
        else [value - lowest if yes else 0 for yes, value in zip(allowed, row, strict=True)]
        for allowed, row in zip(eligible, score, strict=True)
    ]


def _first_prices(
    partners: list[list[int]],
    limit_a: Sequence[int],
    limit_b: Sequence[int],
    most: int,
    meeting: int,
    step: int,
    already: Sequence[int],
) -> tuple[list[int], int]:
    """Prices and toll at which side a asks for about as many meetings as there can be."""
    asked = [0] * len(limit_b)
    for row in partners:
        for b in row:
            asked[b] += 1
    wanted = sum(min(limit, len(row)) for limit, row in zip(limit_a, partners, strict=True))
    offered = sum(map(min, limit_b, asked))
    meetings = min(wanted, offered, most)
    usual = max(0, meeting - 2 * ((meetings + sum(already)) // len(limit_a)) * step)
    if most < min(wanted, offered):
        return [usual] * len(limit_b), usual
    if wanted <= offered:
        return [0] * len(limit_b), 0
    return [usual if asks > limit else 0 for asks, limit in zip(asked, limit_b, strict=True)], 0
