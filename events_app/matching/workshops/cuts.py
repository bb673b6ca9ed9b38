"""Cuts: rows that fractions break and integers keep, found where shares of profiles leave halves.

A share such as "at most 3 of 5" says 2 c <= 3 o for the c people of the profile and the o others; of 9
others that says 13.5, and rounding down says 13. Such rows of one workshop, of one slot or of several
together, are added up and rounded; which people are counted up and which down follows from the fractions
at hand, to lose least (Chvátal 1973; the choice as in mixed-integer rounding, Marchand and Wolsey 2001).
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, combinations, pairwise
from math import gcd

from msgspec import Struct

from events_app.matching.workshops.cutting_planes import added_up, rounded
from events_app.matching.workshops.program import Program, Row
from events_app.matching.workshops.proof import Cut

MOST = 100
"""Cuts taken in one round; those that the fractions break most."""

LEAST_BROKEN = 1e-3

_TOGETHER = 3  # with more slots, only single ones and all of them together are looked at
_SMALL = 12  # multipliers looked at for the edge of a session's shape


class Found(Struct, frozen=True):
    """`broken`: by how much the values at hand exceed the row's limit."""

    broken: float
    cut: Cut
    row: Row


def share_cuts(program: Program, values: Sequence[float]) -> list[Found]:
    """The cuts that these values of the columns break, the most broken first."""
    found = [
        cut
        for parts, divisor in _candidates(program)
        if (cut := best_rounding(program, program.rows, parts, divisor, values)).broken > LEAST_BROKEN
    ]
    return sorted(found, key=lambda one: -one.broken)[:MOST]


def _candidates(program: Program) -> Iterator[tuple[tuple[tuple[int, int], ...], int]]:
    """Rows to be added up, with multipliers, and what to divide the sum by."""
    balance = program.problem.balance
    if balance is None or balance.most_share is None:
        return
    part, whole = balance.most_share
    slots_of: dict[tuple[int, int], list[int]] = {}
    for workshop, slot, profile in program.shares:
        slots_of.setdefault((workshop, profile), []).append(slot)
    for (workshop, profile), slots in slots_of.items():
        counts = range(1, len(slots) + 1) if len(slots) <= _TOGETHER else (1, len(slots))
        for chosen in chain.from_iterable(combinations(slots, count) for count in counts):
            seats = max(program.problem.seats(workshop, slot) for slot in chosen)
            for share_times, size_times, divisor in roundings(part, whole, seats):
                shares = [(program.shares[workshop, slot, profile], share_times) for slot in chosen]
                sizes = [(program.sizes[workshop, slot], size_times) for slot in chosen if size_times]
                yield (*shares, *sizes), divisor
    for parts in _whole_slots(program):
        yield from ((parts, divisor) for divisor in sorted({2, whole - part, whole}) if divisor > 1)


def _whole_slots(program: Program) -> Iterator[tuple[tuple[int, int], ...]]:
    """All shares of a profile in one slot, as if all others had a place: 155 of them allow 232 at 3 of 5."""
    group_of = {column: (number, slot) for (number, _, slot), column in program.seat.items()}
    by_slot: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for (_, slot, profile), row in program.shares.items():
        by_slot.setdefault((slot, profile), []).append((row, 1))
    for shares in by_slot.values():
        of, _ = added_up(program.rows, shares)
        others = {group_of[column]: -number for column, number in of.items() if number < 0}
        yield (*shares, *((program.single[group], times) for group, times in others.items()))


@cache
def roundings(part: int, whole: int, seats: int) -> tuple[tuple[int, int, int], ...]:
    """How often to take "the share" and "the seats", and the divisor: what rounding can gain.

    Of c people of the profile and o others, the integer points with (whole - part) c <= part o and
    c + o <= seats have a hull; each of its upper edges that one rounding reaches is here, and the share
    alone with the divisors that leave fractions of single people.
    """
    most = [min(seats - o, part * o // (whole - part)) for o in range(seats + 1)] if part < whole else []
    found = {(1, 0, divisor) for divisor in (2, part, whole - part, whole) if divisor > 1}
    for low, high in pairwise(_upper_hull(most)):
        run, rise = high - low, most[high] - most[low]
        shrink = gcd(run, rise)
        edge = run // shrink, -rise // shrink, (run * most[low] - rise * low) // shrink
        found |= _reaching(edge, part, whole, seats)
    return tuple(sorted(found))


def _upper_hull(heights: list[int]) -> list[int]:
    """The places of the corners, from the left, of the hull over points (place, height)."""
    corners: list[int] = []
    for place, height in enumerate(heights):
        while len(corners) > 1:
            first, second = corners[-2:]
            turn = (heights[second] - heights[first]) * (place - first) - (height - heights[first]) * (
                second - first
            )
            if turn > 0:
                break
            corners.pop()
        corners.append(place)
    return corners


def _reaching(edge: tuple[int, int, int], part: int, whole: int, seats: int) -> set[tuple[int, int, int]]:
    """The smallest multipliers with which rounding gives x c + y o <= z; none where two are needed."""
    for divisor in range(2, max(_SMALL, whole) + 1):
        for share in range(_SMALL + 1):
            for size in range(_SMALL + 1):
                row = (whole - part) * share + size, size - part * share, size * seats
                if tuple(number // divisor for number in row) == edge:
                    gains = any(number % divisor for number in row)
                    return {(share, size, divisor)} if gains else set()
    return set()


def best_rounding(
    program: Program,
    rows: Sequence[Row],
    parts: tuple[tuple[int, int], ...],
    divisor: int,
    values: Sequence[float],
) -> Found:
    """Rounded so that the least is lost: a coefficient down, or up at the cost of "at most once"."""
    of, _ = added_up(rows, parts)
    filled: dict[tuple[bool, int, int], float] = {}
    for column, number in of.items():
        over = number % divisor
        if over:
            once = program.once.get(column)
            limit = (True, column, over) if once is None else (False, once, over)
            filled[limit] = filled.get(limit, 0.0) + values[column]
    up = {limit for limit, there in filled.items() if limit[2] * there > (divisor - limit[2]) * (1 - there)}
    cut = Cut(
        rows=(*parts, *((number, divisor - over) for single, number, over in sorted(up) if not single)),
        ones=tuple((number, divisor - over) for single, number, over in sorted(up) if single),
        divisor=divisor,
    )
    row = rounded(rows, program.columns, cut)
    return Found(sum(number * values[column] for column, number in row.of.items()) - row.most, cut, row)
