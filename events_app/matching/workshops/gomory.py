"""Cuts out of the fractions themselves: whatever the rules, rows added up as the optimal basis says.

A basic column that is no integer is a sum of rows with fractional multipliers; these, made integers over a
common divisor and rounded, give a row that integers keep and the fractions break (Gomory 1958). Earlier
cuts are rows like any others. Floating point only says which rows: the cut is made of integers.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor, lcm, sqrt

from events_app.matching.workshops.cuts import LEAST_BROKEN, Found, best_rounding
from events_app.matching.workshops.program import Program, Row
from events_app.matching.workshops.relaxation import Relaxation

MOST = 80
"""Cuts taken in one round: those that cut deepest."""

LARGEST_DIVISOR = 24
"""Larger ones round little off."""

_ALMOST = 1e-6


def gomory_cuts(
    program: Program,
    rows: Sequence[Row],
    relaxation: Relaxation,
    numbers: Sequence[int | None],
    values: Sequence[float],
    go_on: Callable[[], bool],
) -> list[Found]:
    """The cuts that these values of the columns break, the deepest first; those found while `go_on`.

    `rows` may be added up. `numbers` says which of them each row of the relaxation is; None: it does not
    hold for all placements.
    """
    found = []
    for multipliers in relaxation.tableau(values):
        if not go_on():
            break
        for sign in (1, -1):
            parts, divisor = _over(multipliers, sign, numbers)
            if parts:
                cut = best_rounding(program, rows, parts, divisor, values)
                if cut.broken > LEAST_BROKEN:
                    found.append(cut)
    return sorted(found, key=lambda cut: -cut.broken / sqrt(sum(n * n for n in cut.row.of.values())))[:MOST]


def _over(
    multipliers: Sequence[tuple[int, float]], sign: int, numbers: Sequence[int | None]
) -> tuple[tuple[tuple[int, int], ...], int]:
    """The fractional parts, as rows with integer multipliers and a divisor; no rows where these are none."""
    parts: dict[int, Fraction] = {}
    divisor = 1
    for at, multiplier in multipliers:
        over = sign * multiplier - floor(sign * multiplier)
        if not _ALMOST < over < 1 - _ALMOST:
            continue
        number, part = numbers[at], Fraction(over).limit_denominator(LARGEST_DIVISOR)
        divisor = lcm(divisor, part.denominator)
        if number is None or abs(part - over) > _ALMOST or divisor > LARGEST_DIVISOR:
            return (), 1
        parts[number] = part
    return tuple((number, int(part * divisor)) for number, part in sorted(parts.items())), divisor
