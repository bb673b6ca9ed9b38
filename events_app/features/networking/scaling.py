"""Solves a choice of pairs on coarse worths first, then on finer ones (scaling; Edmonds and Karp 1972).

The prices of a coarse choice are a good guess for the next, so that little is too much or too little
there, even where everybody wants the same few. Only promising pairs are looked at first; the last prices
then prove that no other pair could help, or bring in those that could (column generation).
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from events_app.features.networking.flow import PairFlow

DENSE_PAIRS = 4000
"""Up to so many pairs, all are looked at from the start."""

COARSEST_BITS, FINER_BITS, COARSE_SCALES = 4, 3, 5
"""Differences of score in the first scale; how much finer the next is; after so many, the exact worths."""

SPREAD = 8
"""Everybody looks at so many partners besides the best: else people without candidates distort prices."""

ADMITTED = 8
"""Pairs of one person that are admitted at once."""


class Market(Struct, frozen=True):
    """`worth`, `step`, `first_price` and `first_toll` are multiples of the coarsest unit but for scores."""

    partners: list[list[int]]
    worth: list[list[int]]
    limit_a: Sequence[int]
    limit_b: Sequence[int]
    step: int
    already: Sequence[int]
    most: int
    promising_a: int
    """How many pairs of each a are looked at first."""
    promising_b: int


def coarsest(spread: int) -> int:
    """By how many bits scores are shortened at first."""
    return max(0, spread.bit_length() - COARSEST_BITS)


def solve(market: Market, first_price: Sequence[int], first_toll: int, spread: int) -> PairFlow:
    """The best choice of all pairs; `spread` is the widest difference of score."""
    dense = sum(map(len, market.partners)) <= DENSE_PAIRS
    before: PairFlow | None = None
    was = 0
    for shift in _shifts(coarsest(spread)):
        flow = _at_scale(market, shift)
        if before is None:
            flow.price, flow.toll = [price >> shift for price in first_price], first_toll >> shift
        else:
            _carry_over(before, flow, was - shift)
        flow.candidates = (
            [list(row) for row in market.partners] if dense else _promising(market, flow, before)
        )
        flow.settle()
        # Coarse prices need not be proven: one round brings in what they have missed.
        changed = flow.admit_better(market.partners, ADMITTED)
        while changed:
            flow.settle(changed)
            changed = flow.admit_better(market.partners, ADMITTED) if not shift else []
        before, was = flow, shift
    assert before is not None  # noqa: S101 - the shifts always end with 0
    return before


def _shifts(first: int) -> Iterator[int]:
    for scale in range(COARSE_SCALES):
        if first - scale * FINER_BITS > 0:
            yield first - scale * FINER_BITS
    yield 0


def _at_scale(market: Market, shift: int) -> PairFlow:
    worth = [[value >> shift for value in row] for row in market.worth] if shift else market.worth
    step = market.step >> shift
    return PairFlow(worth, market.limit_a, market.limit_b, step, market.already, market.most)


def _carry_over(before: PairFlow, flow: PairFlow, bits: int) -> None:
    """Prices in the finer unit; each rises by what the finer worths of those who take it add on average."""
    flow.toll = before.toll << bits
    flow.takes = [set(mine) for mine in before.takes]
    for b, (price, takers) in enumerate(zip(before.price, before.takers, strict=True)):
        added = sum(flow.worth[a][b] - (before.worth[a][b] << bits) for a in takers)
        flow.price[b] = (price << bits) + (added // len(takers) if price > before.toll and takers else 0)
        flow.takers[b] = set(takers)


def _promising(market: Market, flow: PairFlow, before: PairFlow | None) -> list[list[int]]:
    """Everybody's best pairs at today's prices, and some more, spread evenly.

    Ties are spread too, so that no one person is everybody's first idea.
    """
    price = flow.price
    chosen = []
    for a, row in enumerate(market.partners):
        loss = [price[b] - value for b, value in enumerate(flow.worth[a])]
        mine = set(_best(row, loss, a, market.promising_a)) | flow.takes[a]
        turned = _turned(row, a)
        chosen.append(mine.union(turned[:: max(1, len(row) // SPREAD)][:SPREAD]))
    if before is None:
        visitors: list[list[int]] = [[] for _ in market.limit_b]
        for a, row in enumerate(market.partners):
            for b in row:
                visitors[b].append(a)
        for b, column in enumerate(zip(*flow.worth, strict=True)):
            for a in _best(visitors[b], [-value for value in column], b, market.promising_b):
                chosen[a].add(b)
    return [sorted(row) for row in chosen]


def _best(others: list[int], loss: Sequence[int], person: int, count: int) -> list[int]:
    return sorted(_turned(others, person), key=loss.__getitem__)[:count]


def _turned(others: list[int], person: int) -> list[int]:
    turn = person * 7919 % max(len(others), 1)
    return others[turn:] + others[:turn]
