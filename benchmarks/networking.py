"""Speed-dating and tables: the time to an optimal or best plan, and how good it is."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from events_app.matching.speed_dating.session import SpeedProblem, plan_session
from events_app.matching.speed_dating.structures import StructuresProblem, plan_structures, replan_structures
from events_app.matching.tables.seating_plan import TablesProblem
from events_app.matching.tables.tables import plan_tables

Report = Callable[[str, float, str, str], None]
Result = TypeVar("Result")


def main(report: Report) -> None:
    """`report(name, value, unit, target)` is called once for each figure."""
    speed_dating(report)
    live(report)
    tables(report)
    any_size(report)


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Processor time: these plans wait for nothing, and other programs may be busy meanwhile."""
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def session(side_a: int, side_b: int, rounds: int, best: int = 3) -> SpeedProblem:
    """Nine pairs of ten may meet; each pair wishes it by 0 to `best`."""
    rng = random.Random(side_a)
    eligible = [[int(rng.random() < 0.9) for _ in range(side_b)] for _ in range(side_a)]
    score = [[rng.randint(0, best) for _ in range(side_b)] for _ in range(side_a)]
    return SpeedProblem(rounds=rounds, eligible=eligible, score=score)


def favourites(side_a: int, side_b: int, rounds: int) -> SpeedProblem:
    """Everybody wishes the same few: the j-th on side b by up to 1000 / sqrt(j)."""
    rng = random.Random(side_a)
    popular = [1000 / (j + 1) ** 0.5 for j in range(side_b)]
    rng.shuffle(popular)
    score = [[int(most * rng.random()) for most in popular] for _ in range(side_a)]
    return SpeedProblem(rounds=rounds, eligible=[[1] * side_b for _ in range(side_a)], score=score)


HARD: dict[str, Callable[[int, int], int]] = {
    "minus distance": lambda x, y: -abs(x - y),
    "minus square": lambda x, y: -((x - y) ** 2),
    "products": lambda x, y: x * y,
    "minus products": lambda x, y: -x * y,
}
"""Scores that tell everybody apart by two numbers."""


def two_numbers(side_a: int, side_b: int, rounds: int, worth: Callable[[int, int], int]) -> SpeedProblem:
    rng = random.Random(side_a)
    x, y = ([rng.randint(0, 1000) for _ in range(count)] for count in (side_a, side_b))
    score = [[worth(p, q) for q in y] for p in x]
    return SpeedProblem(rounds=rounds, eligible=[[1] * side_b for _ in range(side_a)], score=score)


def speed_dating(report: Report) -> None:
    for side_a, side_b, rounds, target in ((24, 12, 12, 10), (200, 40, 20, 150), (1000, 200, 30, 2500)):
        problems = {f"scores 0-{best}": session(side_a, side_b, rounds, best) for best in (3, 100)}
        problems["favourites"] = favourites(side_a, side_b, rounds)
        problems |= {kind: two_numbers(side_a, side_b, rounds, worth) for kind, worth in HARD.items()}
        for kind, problem in problems.items():
            taken = []
            for _ in range(3):
                seconds, plan = timed(lambda problem=problem: plan_session(problem))
                assert plan.proven
                taken.append(seconds)
            name = f"speed-dating {side_a} x {side_b} x {rounds}, {kind}, proven"
            report(name, min(taken) * 1000, "ms", f"< {target} ms")


def live(report: Report) -> None:
    """200 x 40, three rounds announced; one person of ten does not come or leaves."""
    rounds, announced, slowest = 20, 3, 0.0
    always = (1 << rounds) - 1
    asked = session(200, 40, rounds)
    problem = StructuresProblem(
        rounds=rounds,
        structure_of=range(40),
        eligible=asked.eligible,
        score=asked.score,
        there_a=[always] * 200,
        there_b=[always] * 40,
    )
    before = plan_structures(problem).rounds
    for seed in range(10):
        rng = random.Random(seed)
        there = [always] * 240
        for person in rng.sample(range(240), 24):
            there[person] = 0 if rng.random() < 0.5 else always >> rng.randint(1, rounds)
        now = replace(problem, there_a=there[:200], there_b=there[200:])
        taken, plan = timed(lambda now=now: replan_structures(now, before, announced))
        assert plan[:announced] == before[:announced]
        slowest = max(slowest, taken)
    report("live re-plan 200 x 40 x 20, slowest of 10", slowest * 1000, "ms", "< 50 ms")


def tables(report: Report) -> None:
    four = tuple(person // 7 for person in range(28))
    for people, count, rounds, organisation, target in (
        (600, 75, 5, None, "< 50 ms"),
        (28, 7, 7, four, "< 5 s"),
        (100, 10, 4, None, "< 5 s"),
        (15, 5, 7, None, "< 5 s"),
        (32, 8, 9, None, "< 5 s"),
    ):
        problem = TablesProblem(people=people, tables=count, rounds=rounds, organisation=organisation)
        taken, plan = timed(lambda problem=problem: plan_tables(problem))
        assert plan.measure.repeats == plan.measure.same_organisation == 0
        report(f"tables {people} in {count} x {rounds}, no repeat", taken * 1000, "ms", target)
    taken, plan = timed(lambda: plan_tables(TablesProblem(people=40, tables=5, rounds=4)))
    report("tables 40 in 5 x 4", plan.measure.repeats, "repeats", "90")
    report("tables 40 in 5 x 4", taken * 1000, "ms", "< 2 s")
    for people, count, rounds, seconds, target in (
        (100, 10, 6, 2.0, "> 2,619 of 2,700"),
        (32, 8, 10, 12.0, "> 464 of 480"),
    ):
        problem = TablesProblem(people=people, tables=count, rounds=rounds)
        taken, plan = timed(lambda problem=problem, seconds=seconds: plan_tables(problem, effort=seconds))
        report(f"tables {people} in {count} x {rounds}", plan.distinct, "distinct", target)
        report(f"tables {people} in {count} x {rounds}", taken, "s", "< 20 s")


def any_size(report: Report) -> None:
    """Random numbers of people up to 200, tables of 2 to 14, 2 to 5 rounds."""
    rng = random.Random(200)
    ratios, slowest = [], 0.0
    for _ in range(60):
        size = rng.randint(2, 14)
        people = rng.randint(size + 1, rng.choice((30, 80, 200)))
        problem = TablesProblem(people=people, tables=-(-people // size), rounds=rng.randint(2, 5))
        taken, plan = timed(lambda problem=problem: plan_tables(problem))
        slowest = max(slowest, taken)
        ratios.append((plan.ratio, people, problem.tables, problem.rounds))
    worst = min(ratios)
    reached = sum(ratio >= 0.97 for ratio, *_ in ratios)
    report("tables, any size, plans at 97 % of the bound", reached, f"of {len(ratios)}", "all")
    report(f"tables, any size, worst ({worst[1]} in {worst[2]} x {worst[3]})", 100 * worst[0], "%", ">= 97 %")
    report("tables, any size, slowest", slowest, "s", "< 3 s")


if __name__ == "__main__":
    from benchmarks.__main__ import report as print_report

    main(print_report)
