"""Solves a choice of pairs on coarse worths first, then on finer ones (scaling; Edmonds and Karp 1972).

The prices of a coarse choice are a good guess for the next, so that little is too much or too little
there, even where everybody wants the same few.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from events_app.matching.speed_dating.flow import PairFlow
from events_app.matching.speed_dating.offers import Rows

COARSEST_BITS, FINER_BITS, COARSE_SCALES = 3, 3, 10
"""Differences of score in the first scale; how much finer the next is; after so many, the exact worths."""


class Market(Struct, frozen=True):
    """`meeting` and `step` are multiples of the coarsest unit."""

    partners: list[list[int]]
    worth: list[list[int]]
    """From 0 to `most_worth`, for all pairs."""
    most_worth: int
    limit_a: Sequence[int]
    limit_b: Sequence[int]
    meeting: int
    """What a meeting earns besides its worth."""
    step: int
    already: Sequence[int]
    most: int


def coarsest(most_worth: int) -> int:
    """By how many bits scores are shortened at first."""
    return max(0, most_worth.bit_length() - COARSEST_BITS)


def solve(market: Market, first_price: Sequence[int], first_toll: int) -> PairFlow:
    """The best choice of all pairs."""
    allowed = [sum(1 << b for b in row) for row in market.partners]
    before: PairFlow | None = None
    was = 0
    for shift in _shifts(coarsest(market.most_worth)):
        flow = _at_scale(market, allowed, shift)
        if before is None:
            flow.price, flow.toll = [price >> shift for price in first_price], first_toll >> shift
        else:
            _carry_over(before, flow, was - shift)
        flow.settle(market.partners)
        before, was = flow, shift
    assert before is not None  # noqa: S101 - the shifts always end with 0
    return before


def _shifts(first: int) -> Iterator[int]:
    for scale in range(COARSE_SCALES):
        if first - scale * FINER_BITS > 0:
            yield first - scale * FINER_BITS
    yield 0


def _at_scale(market: Market, allowed: Sequence[int], shift: int) -> PairFlow:
    worth = [[value >> shift for value in row] for row in market.worth] if shift else market.worth
    return PairFlow(
        Rows(worth, allowed, market.most_worth >> shift),
        market.limit_a,
        market.limit_b,
        market.meeting >> shift,
        market.step >> shift,
        market.already,
        market.most,
    )


def _carry_over(before: PairFlow, flow: PairFlow, bits: int) -> None:
    """Prices in the finer unit; each rises by what the finer worths of those who take it add on average."""
    flow.toll = before.toll << bits
    for b, (price, takers) in enumerate(zip(before.price, before.takers, strict=True)):
        added = sum(flow.worth[a][b] - (coarse << bits) for a, coarse in takers.items())
        flow.price[b] = (price << bits) + (added // len(takers) if price > before.toll and takers else 0)
