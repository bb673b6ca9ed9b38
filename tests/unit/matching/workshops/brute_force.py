"""Every placement that the rules allow, by trying all; for the smallest problems only."""

import random
from collections.abc import Iterator

from events_app.matching.workshops.certificate import Refused, check_places
from events_app.matching.workshops.problem import UNPLACED, Balance, Lock, PlacementProblem, Quota

RULES = ("minimums", "locks", "balance", "together", "barred", "clashes", "anywhere")


def random_problem(
    chance: random.Random, *rules: str, slots: int = 1, same: bool = False
) -> PlacementProblem:
    """A small problem with some of RULES; with `same`, a workshop is the same in every slot."""
    people, workshops = chance.randint(1, 5 if slots == 1 else 3), chance.randint(1, 4 if slots == 1 else 3)

    def table(values: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        rows = [[chance.choice(values) for _ in range(slots)] for _ in range(workshops)]
        return tuple(tuple(row[:1] * slots if same else row) for row in rows)

    def session() -> tuple[int, int]:
        return chance.randrange(workshops), chance.randrange(slots)

    seats = {(chance.randrange(people), chance.randrange(slots)) for _ in range(chance.randint(0, 2))}
    balance = Balance(
        most_share=chance.choice((None, (1, 2), (3, 5), (2, 3))),
        present=tuple(chance.sample(((0,), (1,), (0, 1), (2,)), chance.randint(0, 1))),
        quotas=tuple(Quota(chance.randrange(2), *session(), chance.randint(0, 2)) for _ in range(2)),
    )
    together = (tuple(chance.sample(range(people), 2)),) if people > 1 else ()
    return PlacementProblem(
        wishes=tuple(
            tuple(chance.sample(range(workshops), chance.randint(0, workshops))) for _ in range(people)
        ),
        capacity=table((0, 1, 2, 3)),
        minimum=table((0, 0, 1, 2, 3)) if "minimums" in rules else (),
        locks=tuple(Lock(p, chance.randrange(workshops), s) for p, s in sorted(seats))
        if "locks" in rules
        else (),
        profile_of=tuple(chance.randrange(3) for _ in range(people)),
        balance=balance if "balance" in rules else None,
        together=together if "together" in rules else (),
        barred=tuple((chance.randrange(people), *session()) for _ in range(2)) if "barred" in rules else (),
        clashes=tuple((session(), session()) for _ in range(2)) if "clashes" in rules and slots > 1 else (),
        anywhere=frozenset(p for p in range(people) if "anywhere" in rules and chance.random() < 0.7),
    )


def all_placements(problem: PlacementProblem) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every placement that `check_places` allows."""
    locked = {(lock.person, lock.slot): lock.workshop for lock in problem.locks}

    group_of = {person: group for group in problem.groups() for person in group}

    def locked_group(person: int) -> dict[tuple[int, int], int]:
        return {key: w for key, w in locked.items() if key[0] in group_of[person]}

    def rows(person: int, slot: int, row: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if slot == problem.slots:
            yield row
            return
        by_hand = locked.get((person, slot))
        wishes = [workshop for workshop, _ in problem.choices(person)]
        of_group = {w for (_, s), w in locked_group(person).items() if s == slot}
        for workshop in {UNPLACED, *wishes, *of_group} if by_hand is None else (by_hand,):
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
