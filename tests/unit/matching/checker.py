"""Checks plans without knowing how they were made."""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain

Pair = tuple[int, int]


def faults_of_meetings(
    rounds: Sequence[Sequence[Pair]],
    allowed: Collection[Pair],
    present: Sequence[tuple[Collection[int], Collection[int]]] | None = None,
) -> list[str]:
    """What is wrong with a speed-dating plan: empty for a right one.

    `present` are, per round, the people of side a and of side b who can take part.
    """
    faults = []
    for pair, times in Counter(chain.from_iterable(rounds)).items():
        if times > 1:
            faults.append(f"{pair} meet {times} times")
        if pair not in allowed:
            faults.append(f"{pair} may not meet")
    for turn, met in enumerate(rounds):
        for side, name in enumerate("ab"):
            for person, times in Counter(pair[side] for pair in met).items():
                if times > 1:
                    faults.append(f"{name}{person} is in {times} places in round {turn}")
                if present and person not in present[turn][side]:
                    faults.append(f"{name}{person} is not there in round {turn}")
    return faults


def faults_of_seats(
    rounds: Sequence[Sequence[Sequence[int]]], present: Sequence[Collection[int]], tables: int
) -> list[str]:
    """What is wrong with a tables plan: each person present has one seat per round, tables are even."""
    faults = []
    for turn, (seats, people) in enumerate(zip(rounds, present, strict=True)):
        seated = Counter(chain.from_iterable(seats))
        faults += [f"{person} has {n} seats in round {turn}" for person, n in seated.items() if n > 1]
        faults += [f"{person} has no seat in round {turn}" for person in people if person not in seated]
        faults += [f"{person} is not there in round {turn}" for person in seated if person not in people]
        sizes = [len(table) for table in seats]
        if len(sizes) != tables or max(sizes) - min(sizes) > 1:
            faults.append(f"round {turn} has tables of {sizes}")
    return faults


def repeats_and_distinct(rounds: Sequence[Sequence[Sequence[int]]]) -> tuple[int, int]:
    """The repeated company, m (m - 1) / 2 over all pairs that meet m times; and the number of pairs."""
    met = Counter(
        frozenset((p, q))
        for seats in rounds
        for table in seats
        for i, p in enumerate(table)
        for q in table[:i]
    )
    return sum(times * (times - 1) // 2 for times in met.values()), len(met)
