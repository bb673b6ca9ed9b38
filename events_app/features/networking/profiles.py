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
multiplier gives a bound).
"""

from fractions import Fraction
from math import comb

MULTIPLIERS = [Fraction(i, 4) for i in range(5)]

Point = tuple[int, Fraction]


def least_losses(rounds: int, most: int) -> list[int]:
    """loss(t) for t up to `most`; by whole numbers a_i (a knapsack)."""
    losses = [0]
    for t in range(1, most + 1):
        losses.append(min(losses[t - comb(i, 2)] + i - 1 for i in range(2, rounds + 1) if comb(i, 2) <= t))
    return losses


def most_distinct(people: int, tables: int, rounds: int, meetings: int, repeats: int) -> int:
    """Of even tables where any two rounds have in common what an even spread leaves.

    `meetings` and `repeats` are those of the whole plan. At least two rounds.
    """
    size, larger = divmod(people, tables)
    fullest = comb(rounds, 2) * (size // tables)
    emptiest = max(fullest - comb(rounds, 2), 0)
    losses = least_losses(rounds, fullest)
    neighbours = range(rounds * (size - 1), rounds * (size if larger else size - 1) + 1)
    best = Fraction(2 * meetings)
    for weight in MULTIPLIERS:
        points = [
            (t, max(min(people - 1, s - losses[t]) - weight * s for s in neighbours))
            for t in range(emptiest, fullest + 1)
        ]
        met = people * hull_at(points, Fraction(2 * repeats, people)) + weight * 2 * meetings
        best = min(best, met)
    return int(best / 2)


def hull_at(points: list[Point], x: Fraction) -> Fraction:
    """The least concave function above points of rising x, at x."""
    hull: list[Point] = []
    for point in points:
        while len(hull) > 1 and _slope(hull[-2], hull[-1]) <= _slope(hull[-1], point):
            hull.pop()
        hull.append(point)
    if len(hull) == 1:
        return hull[0][1]
    right = next(i for i in range(1, len(hull)) if x <= hull[i][0] or i == len(hull) - 1)
    left = hull[right - 1]
    return left[1] + _slope(left, hull[right]) * (x - left[0])


def _slope(left: Point, right: Point) -> Fraction:
    return (right[1] - left[1]) / (right[0] - left[0])
