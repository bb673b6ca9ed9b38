"""Networking evenings played by chance: 15 % absent, 5 % late, 5 % leaving, whom the door has seen or not.

python -m tests.evenings 1000
"""

import sys
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from random import Random
from time import perf_counter

from msgspec import Struct

from events_app.features.networking.presence import State, mask_of
from events_app.matching.speed_dating.structures import (
    StructuresProblem,
    plan_structures,
    replan_structures,
)
from events_app.matching.tables.live import rearrange
from events_app.matching.tables.seating_plan import TablesProblem
from events_app.matching.tables.tables import plan_tables

ABSENT, LATE, LEAVING = 0.15, 0.05, 0.05
Pair = tuple[int, int]


class Figures(Struct, frozen=True):
    """`possible`: planned meetings of two who were both there at that time; `held`: those that took place,
    then or later; `slowest`: of one new plan, in seconds."""

    possible: int
    held: int
    twice_in_a_round: int
    announced_changed: int
    new_repeats: int
    slowest: float


class Person:
    """Whom the door has not seen is only expected."""

    def __init__(self, rounds: int, rng: Random) -> None:
        fate, when = rng.random(), rng.randint(1, rounds)
        self.first, self.last = 0, rounds
        if fate < ABSENT:
            self.first = rounds
        elif fate < ABSENT + LATE:
            self.first = when
        elif fate < ABSENT + LATE + LEAVING:
            self.last = when

    def there(self, turn: int) -> bool:
        return self.first <= turn < self.last

    def state(self, turn: int) -> State:
        if turn < self.first:
            return "expected"
        return "here" if turn < self.last else "left"


def tables(seed: int, most: int = 200) -> Figures:
    rng = Random(seed)  # noqa: S311
    people, rounds = rng.randint(20, most), rng.randint(3, 5)
    number = max(2, round(people / 6))
    problem = TablesProblem(people=people, tables=number, rounds=rounds)
    planned = plan_tables(problem, effort=0.1, seed=seed).rounds
    guests = [Person(rounds, rng) for _ in range(people)]
    plan, slowest, changed, announced = planned, 0.0, 0, []
    for turn in range(rounds):
        masks = [mask_of(guest.state(turn), turn, rounds) for guest in guests]
        started = perf_counter()
        plan = rearrange(plan, turn, masks).rounds
        slowest = max(slowest, perf_counter() - started)
        changed += plan[:turn] != announced
        announced = [[list(table) for table in each] for each in plan[: turn + 1]]
    before = Counter(pair for each in planned for table in each for pair in combinations(sorted(table), 2))
    after = Counter(pair for each in announced for table in each for pair in combinations(sorted(table), 2))
    possible = {
        pair
        for turn, each in enumerate(planned)
        for table in each
        for pair in combinations(sorted(table), 2)
        if all(guests[person].there(turn) for person in pair)
    }
    return Figures(
        possible=len(possible),
        held=len(possible & set(after)),
        twice_in_a_round=sum(_twice(p for table in each for p in table) for each in announced),
        announced_changed=changed,
        new_repeats=sum(times > max(1, before[pair]) for pair, times in after.items()),
        slowest=slowest,
    )


def meetings(seed: int, most: int = 200) -> Figures:
    rng = Random(seed)  # noqa: S311
    people, rounds = rng.randint(20, most), rng.randint(6, 12)
    posts = max(2, people // 4)
    structure_of = [*range(posts - posts // 6), *range(posts // 6)]
    candidates, structures = people - posts, posts - posts // 6
    always = (1 << rounds) - 1
    problem = StructuresProblem(
        rounds=rounds,
        structure_of=structure_of,
        eligible=[[int(rng.random() < 0.95) for _ in range(structures)] for _ in range(candidates)],
        score=[[rng.choice((0, 0, 0, 3, 8)) for _ in range(structures)] for _ in range(candidates)],
        there_a=[always] * candidates,
        there_b=[always] * posts,
    )
    planned = plan_structures(problem, seed=seed).rounds
    comes = [Person(rounds, rng) for _ in range(candidates)]
    receives = [Person(rounds, rng) for _ in range(posts)]
    plan, slowest, changed, announced = planned, 0.0, 0, []
    for turn in range(rounds):
        now = StructuresProblem(
            rounds=rounds,
            structure_of=structure_of,
            eligible=problem.eligible,
            score=problem.score,
            there_a=[mask_of(person.state(turn), turn, rounds) for person in comes],
            there_b=[mask_of(person.state(turn), turn, rounds) for person in receives],
        )
        started = perf_counter()
        plan = replan_structures(now, plan, turn)
        slowest = max(slowest, perf_counter() - started)
        changed += plan[:turn] != announced
        announced = [list(met) for met in plan[: turn + 1]]
    after = Counter((a, structure_of[b]) for met in announced for a, b in met)
    possible = {
        (a, structure_of[b])
        for turn, met in enumerate(planned)
        for a, b in met
        if comes[a].there(turn) and receives[b].there(turn)
    }
    return Figures(
        possible=len(possible),
        held=len(possible & set(after)),
        twice_in_a_round=sum(_twice(a for a, _ in met) + _twice(b for _, b in met) for met in announced),
        announced_changed=changed,
        new_repeats=sum(times > 1 for times in after.values()),
        slowest=slowest,
    )


def _twice(people: Iterable[int]) -> int:
    return sum(times > 1 for times in Counter(people).values())


def main(evenings: int) -> int:
    wrong = 0
    for name, play in (("tables", tables), ("speed-dating", meetings)):
        found = [play(seed) for seed in range(evenings)]
        held, possible = sum(each.held for each in found), sum(each.possible for each in found)
        faults = sum(f.twice_in_a_round + f.announced_changed + f.new_repeats for f in found)
        slowest = sorted(each.slowest for each in found)
        print(
            f"{name}: {evenings} evenings, {held} of {possible} meetings that were still possible took place"
            f" ({100 * held / possible:.1f} %; the worst evening"
            f" {min(100 * f.held / f.possible for f in found):.1f} %), in two places"
            f" {sum(f.twice_in_a_round for f in found)}, announced rounds changed"
            f" {sum(f.announced_changed for f in found)}, pairs twice that were planned once"
            f" {sum(f.new_repeats for f in found)}, slowest new plan {1000 * slowest[-1]:.0f} ms"
            f" (median {1000 * slowest[len(slowest) // 2]:.1f} ms)"
        )
        wrong += faults > 0 or held < 0.95 * possible
    return wrong


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
