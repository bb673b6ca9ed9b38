"""Plans from plans for other numbers of people.

Large tables: more people at each than there are tables, so that repeats cannot be avoided.
A plan for fewer people, the points, in which hardly any two meet twice, is taken over for all: on each
point stand several people, who stay together. Few pairs that meet often cost no more repeats than many
that meet twice, and leave more distinct pairs. For a prime power of tables the points and tables are
those of the affine plane, where any two points meet exactly once in tables + 1 rounds.
"""

import random
from collections import Counter

from events_app.matching.tables.bounds import table_sizes

Round = list[list[int]]

TRIES = 4000
"""Exchanges of points when choosing those that hold one person more."""


def stacked_rounds(base: list[Round], people: int, chance: random.Random) -> list[Round]:
    """The plan `base` of few points for many people; tables stay even."""
    count = sum(map(len, base[0]))
    lines: list[list[int]] = [[] for _ in range(count)]
    for seats in base:
        for table, points in enumerate(seats):
            for point in points:
                lines[point].append(table)
    order = chance.sample(range(count), count)
    standing = order * (people // count) + _spread_evenly(order, lines, people % count, chance)
    plan = []
    for turn, base_seats in enumerate(base):
        seats = [[] for _ in base_seats]
        for person, point in enumerate(standing):
            seats[lines[point][turn]].append(person)
        plan.append(_evened(seats, people))
    return plan


def thinned_rounds(base: list[Round], people: int, chance: random.Random) -> list[Round] | None:
    """The plan `base` of slightly more people, without some who never meet: so no table loses two.

    None where not so many of them were found.
    """
    count = sum(map(len, base[0]))
    met = [{p} for p in range(count)]
    for seats in base:
        for table in seats:
            for p in table:
                met[p].update(table)
    for _ in range(TRIES // 100):
        left = chance.sample(range(count), count)
        gone: set[int] = set()
        while left and len(gone) < count - people:
            ghost = left[0]
            gone.add(ghost)
            left = [p for p in left if p not in met[ghost]]
        if len(gone) == count - people:
            number = {p: i for i, p in enumerate(p for p in range(count) if p not in gone)}
            return [[[number[p] for p in table if p in number] for table in seats] for seats in base]
    return None


def _spread_evenly(points: list[int], lines: list[list[int]], count: int, chance: random.Random) -> list[int]:
    """So many points, about equally many on each line of a class."""
    inside, outside = points[:count], points[count:]
    load = Counter((turn, line) for point in inside for turn, line in enumerate(lines[point]))
    for _ in range(TRIES if inside and outside else 0):
        i, o = chance.randrange(len(inside)), chance.randrange(len(outside))
        gone, come = lines[inside[i]], lines[outside[o]]
        change = sum(
            load[turn, new] - load[turn, old] + 1
            for turn, (old, new) in enumerate(zip(gone, come, strict=True))
            if old != new
        )
        if change <= 0:
            for turn, (old, new) in enumerate(zip(gone, come, strict=True)):
                load[turn, old] -= 1
                load[turn, new] += 1
            inside[i], outside[o] = outside[o], inside[i]
    return inside


def _evened(seats: Round, people: int) -> Round:
    """Moves people from tables that are too large to those that are too small."""
    by_size = sorted(seats, key=len, reverse=True)
    sizes = table_sizes(people, len(seats))
    spare = [
        table.pop() for table, size in zip(by_size, sizes, strict=True) for _ in range(len(table) - size)
    ]
    for table, size in zip(by_size, sizes, strict=True):
        while len(table) < size:
            table.append(spare.pop())
    return by_size
