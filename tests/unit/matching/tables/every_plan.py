"""All seat plans of a few people, by brute force."""

from collections.abc import Iterator
from itertools import combinations, combinations_with_replacement

from events_app.matching.tables.bounds import table_sizes

MOST_PLANS = 400_000


def seatings(people: tuple[int, ...], sizes: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """Every way to seat people at tables of these sizes; equal tables are not told apart."""
    if not sizes:
        yield []
        return
    first, rest = people[0], people[1:]
    for size in sorted(set(sizes)):
        others = list(sizes)
        others.remove(size)
        for company in combinations(rest, size - 1):
            left = tuple(p for p in rest if p not in company)
            for seats in seatings(left, tuple(others)):
                yield [(first, *company), *seats]


def most_distinct_of_all(people: int, tables: int, rounds: int) -> dict[int, int]:
    """The most distinct pairs of all plans with so many repeats; empty where there are too many plans."""
    pairs = {pair: 1 << i for i, pair in enumerate(combinations(range(people), 2))}
    every = [
        sum(pairs[pair] for table in seats for pair in combinations(table, 2))
        for seats in seatings(tuple(range(people)), tuple(table_sizes(people, tables)))
    ]
    most: dict[int, int] = {}
    if len(every) ** (rounds - 1) > MOST_PLANS:
        return most
    for others in combinations_with_replacement(every, rounds - 1):
        plan = every[0], *others
        repeats = sum((x & y).bit_count() for x, y in combinations(plan, 2))
        most[repeats] = max(most.get(repeats, 0), _union(plan).bit_count())
    return most


def _union(masks: tuple[int, ...]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union
