"""Every placement that the rules allow, by trying all; for the smallest problems only."""

import random
from collections.abc import Iterator

from events_app.features.workshops.certificate import Refused, check_places
from events_app.features.workshops.problem import UNPLACED, Lock, PlacementProblem


def random_problem(
    chance: random.Random, *, slots: int = 1, locks: bool = False, anywhere: bool = False
) -> PlacementProblem:
    people, workshops = chance.randint(1, 5 if slots == 1 else 3), chance.randint(1, 4 if slots == 1 else 3)
    wishes = tuple(
        tuple(chance.sample(range(workshops), chance.randint(0, workshops))) for _ in range(people)
    )
    capacity = tuple(tuple(chance.randint(0, 3) for _ in range(slots)) for _ in range(workshops))
    minimum = tuple(tuple(chance.choice((0, 0, 1, 2, 3)) for _ in range(slots)) for _ in range(workshops))
    chosen = set()
    if locks:
        chosen = {(chance.randrange(people), chance.randrange(slots)) for _ in range(chance.randint(0, 2))}
    return PlacementProblem(
        wishes=wishes,
        capacity=capacity,
        minimum=minimum,
        locks=tuple(Lock(p, chance.randrange(workshops), s) for p, s in sorted(chosen)),
        anywhere=frozenset(p for p in range(people) if anywhere and chance.random() < 0.5),
    )


def all_placements(problem: PlacementProblem) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every placement that `check_places` allows."""
    locked = {(lock.person, lock.slot): lock.workshop for lock in problem.locks}

    def rows(person: int, slot: int, row: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if slot == problem.slots:
            yield row
            return
        by_hand = locked.get((person, slot))
        allowed = (UNPLACED, *(workshop for workshop, _ in problem.choices(person)))
        for workshop in allowed if by_hand is None else (by_hand,):
            if workshop == UNPLACED or workshop not in row:
                yield from rows(person, slot + 1, (*row, workshop))

    def fill(person: int, placed: tuple[tuple[int, ...], ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
        if person == problem.people:
            try:
                check_places(problem, placed)
            except Refused:
                return
            yield placed
            return
        for row in rows(person, 0, ()):
            yield from fill(person + 1, (*placed, row))

    yield from fill(0, ())
