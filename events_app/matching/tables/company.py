"""What it costs that two people share a table once more, where few are moved by hand or by absence."""

from collections import Counter
from collections.abc import Collection, Sequence

Pair = tuple[int, int]

APART, REPEAT, ALIKE = 10_000, 100, 1


def pair_of(p: int, q: int) -> Pair:
    return (p, q) if p < q else (q, p)


def cost_of(
    p: int, q: int, met: Counter[Pair], apart: Collection[Pair], organisation: Sequence[int] | None
) -> int:
    """Not those who must not meet; then nobody met before; then nobody of one's own organisation."""
    pair = pair_of(p, q)
    alike = organisation is not None and organisation[p] == organisation[q] >= 0
    return APART * (pair in apart) + REPEAT * (met[pair] > 0) + ALIKE * alike
