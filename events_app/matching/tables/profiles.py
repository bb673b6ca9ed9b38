"""How many different people everybody can meet where repeats are as few as can be: a bound.

Seen from one person, the others are met in i of the R rounds; a_i of them, say. Over their tables this
person has s = sum i a_i neighbours, and t = sum C(i, 2) a_i repeats: for each two rounds, one for each
other person who shares the table in both. Where the repeats of the whole plan are as few as can be, each
table of one round is spread evenly over those of any other, so that two rounds have c or c + 1 people in
common at each two tables, and t lies between C(R, 2) (c - 1) and C(R, 2) c. Such a person meets at most

    sum a_i = s - sum (i - 1) a_i <= s - loss(t),   and at most n - 1,

where loss(t) is the least of sum (i - 1) a_i for the given t: few people met often lose least. Who is
met in every round takes up C(R, 2) repeats at once, so that the spread of t over the people counts. The sums
of s and t over all people are known. The bound is the largest total with these sums (a linear program
over kinds of people, solved by its upper hull; one multiplier, of s, is taken from a short list, as any
multiplier gives a bound). Where a plan may have some repeats more, t is not limited.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import comb

MULTIPLIERS = range(5)
"""In quarters."""

MOST_KINDS = 100_000
"""Of people, that are looked at."""

Point = tuple[int, int]


def least_losses(rounds: int, most: int) -> list[int]:
    """loss(t) for t up to `most`; by whole numbers a_i (a knapsack)."""
    losses = [0]
    for t in range(1, most + 1):
        losses.append(min(losses[t - comb(i, 2)] + i - 1 for i in range(2, rounds + 1) if comb(i, 2) <= t))
    return losses


def most_distinct(
    people: int, tables: int, rounds: int, meetings: int, repeats: tuple[int, int], *, spread: bool
) -> int:
    """The most pairs that a plan of even tables has met, with from repeats[0] to repeats[1] repeats.

    `meetings` are those of the whole plan. `spread`: every table of a round is spread evenly over those
    of any other. At least two rounds.
    """
    size, larger = divmod(people, tables)
    fullest, emptiest = comb(rounds, 2) * (size if larger else size - 1), 0
    if spread:
        fullest = comb(rounds, 2) * (size // tables)
        emptiest = max(fullest - comb(rounds, 2), 0)
    neighbours = range(rounds * (size - 1), rounds * (size if larger else size - 1) + 1)
    if (fullest - emptiest + rounds) * len(neighbours) > MOST_KINDS:
        return meetings
    losses = least_losses(rounds, fullest)
    least, most = (Fraction(2 * number, people) for number in repeats)
    best = Fraction(2 * meetings)
    for weight in MULTIPLIERS:
        points = [
            (t, max(4 * min(people - 1, s - losses[t]) - weight * s for s in neighbours))
            for t in range(emptiest, fullest + 1)
        ]
        met = people * highest(points, least, most) + weight * 2 * meetings
        best = min(best, met / 4)
    return int(best / 2)


def highest(points: Sequence[Point], least: Fraction, most: Fraction) -> Fraction:
    """Of the least concave function above points of rising x, between two places."""
    hull: list[Point] = []
    for point in points:
        while len(hull) > 1 and _above(hull[-2], hull[-1], point) <= 0:
            hull.pop()
        hull.append(point)
    peak = max(hull, key=lambda point: point[1])[0]
    return _at(hull, min(max(Fraction(peak), least), most))


def _above(left: Point, middle: Point, right: Point) -> int:
    """How far the middle is above the line from left to right, by its sign."""
    (a, low), (b, y), (c, high) = left, middle, right
    return (y - low) * (c - b) - (high - y) * (b - a)


def _at(hull: Sequence[Point], x: Fraction) -> Fraction:
    if len(hull) == 1:
        return Fraction(hull[0][1])
    right = next(i for i in range(1, len(hull)) if x <= hull[i][0] or i == len(hull) - 1)
    (a, low), (b, high) = hull[right - 1], hull[right]
    return low + Fraction(high - low, b - a) * (x - a)
