"""The workshops' figures: Zipf-like wishes, one core; `python -m benchmarks placement` or this file alone.

`plain` needs nothing but Python; `solvers` is run where they are installed and
counts the start of the worker process; `in the worker` is what it calculated after that.
"""

import random
import time
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from events_app.matching.workshops import large as large_flows
from events_app.matching.workshops import relaxation
from events_app.matching.workshops.assignment import solve
from events_app.matching.workshops.certificate import check
from events_app.matching.workshops.improving import improvement
from events_app.matching.workshops.placing import place
from events_app.matching.workshops.problem import UNPLACED, Balance, Objective, Placement, PlacementProblem
from events_app.matching.workshops.replanning import fewest_moves, moves_between, without

Report = Callable[[str, float, str, str], None]


def zipf(
    people: int,
    workshops: int,
    slots: int,
    *,
    room: float = 1.2,
    least: float = 0.0,
    wished: int = 5,
    seed: int = 1,
) -> PlacementProblem:
    """`wished` wishes each, workshop n wished for in proportion to 1/n; `room` seats per person and slot."""
    chance = random.Random(seed)
    weights = [1 / (workshop + 1) for workshop in range(workshops)]
    wishes = []
    for _ in range(people):
        ranked: dict[int, None] = {}
        while len(ranked) < wished:
            ranked[chance.choices(range(workshops), weights)[0]] = None
        wishes.append(tuple(ranked))
    seats = int(people / workshops * room)
    return PlacementProblem(
        wishes=tuple(wishes),
        capacity=((seats,) * slots,) * workshops,
        minimum=((int(seats * least),) * slots,) * workshops,
        profile_of=tuple(chance.choices(range(4), (6, 2, 1, 1))[0] for _ in range(people)),
    )


def timed(work: Callable[[], Any], times: int = 1) -> tuple[Any, float]:
    """The answer, and the least of several times in seconds: the machine is shared."""
    best = float("inf")
    answer = None
    for _ in range(times):
        started = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - started)
    return answer, best


def said(placement: Placement, target: str) -> str:
    proof = "certificate" if placement.certificate else placement.trusted or "not proven"
    return f"{target} [{proof}: {placement.value}, bound {placement.bound}]"


def main(report: Report) -> None:
    small(report)
    large(report)
    mixed(report)
    bending(report)


def small(report: Report) -> None:
    for name, problem, target in (
        ("40 x 5, minimums", zipf(40, 5, 1, least=0.4), "< 20 ms"),
        ("400 x 20 x 2, no minimums", zipf(400, 20, 2), "< 150 ms"),
        ("400 x 20 x 2, minimums", zipf(400, 20, 2, least=0.4), "< 500 ms"),
    ):
        placement, seconds = timed(lambda problem=problem: solve(problem, seed=1), 5)
        check(problem, placement)
        report(f"plain: {name}", seconds * 1000, "ms", said(placement, target))


def large(report: Report) -> None:
    problem = zipf(5000, 60, 3, room=1.3)
    placement, seconds = timed(lambda: solve(problem, seed=1), 2)
    _, checked = timed(lambda: check(problem, placement))
    report(
        "plain: guarantee, 5,000 x 60 x 3",
        seconds,
        "s",
        said(placement, "< 60 s"),
    )
    if large_flows.available():
        fast, seconds = timed(lambda: place(problem, seed=1), 5)
        check(problem, fast)
        name = "guarantee, 5,000 x 60 x 3"
        served = f"{fast.value[1]} without a top wish, plain {placement.value[1]}"
        report(f"solvers: {name}", seconds, "s", said(fast, f"< 0.5 s; {served}"))
        inside = large_flows.place(problem, Objective.GUARANTEE, seed=1, seconds=60)
        assert inside is not None
        report(f"solvers: {name}: in the worker", inside.seconds, "s", "slots and prices included")
        enough = zipf(5000, 60, 3, room=1.3, wished=8)
        fast, seconds = timed(lambda: place(enough, seed=1), 5)
        check(enough, fast)
        served = f"{fast.value[1]} without a top wish where seats suffice"
        report(f"solvers: {name}, 8 wishes", seconds, "s", said(fast, f"< 0.5 s; {served}"))
        fast, seconds = timed(lambda: place(problem, Objective.GENEROUS, seed=1), 5)
        check(problem, fast)
        report("solvers: generous, 5,000 x 60 x 3", seconds, "s", said(fast, "< 0.5 s"))
        many = zipf(5000, 60, 3, room=1.3, wished=10)
        fast, seconds = timed(lambda: place(many, Objective.GENEROUS, seed=1), 3)
        check(many, fast)
        report("solvers: generous, 5,000 x 60 x 3, 10 wishes", seconds, "s", said(fast, "< 0.6 s"))
    report("checking its certificate", checked, "s", "about 1 s")
    problem = zipf(5000, 60, 1, room=1.3, least=0.4)
    first: list[float] = []
    started = time.perf_counter()

    def progress(_share: float, value: object, _bound: object) -> None:
        if value is not None and not first:
            first.append(time.perf_counter() - started)

    placement, seconds = timed(
        lambda: place(problem, Objective.GENEROUS, seed=1, time_limit=60, progress=progress)
    )
    check(problem, placement)
    report("5,000 x 60 x 1, minimums, generous: first answer", first[0], "s", "< 2 s")
    report("5,000 x 60 x 1, minimums, generous", seconds, "s", said(placement, "proven < 15 s"))


def mixed(report: Report) -> None:
    """At most 60 % of one profile, of which there are 60 %."""
    problem = replace(zipf(400, 20, 2, room=1.3), balance=Balance(most_share=(3, 5)))
    first: list[float] = []
    started = time.perf_counter()

    def progress(_share: float, value: object, _bound: object) -> None:
        if value is not None and not first:
            first.append(time.perf_counter() - started)

    placement, seconds = timed(lambda: place(problem, seed=1, time_limit=60, progress=progress))
    check(problem, placement)
    report("400 x 20 x 2, share 60 %: first answer", first[0], "s", "< 1 s")
    name = "solvers" if relaxation.available() else "plain"
    report(f"{name}: 400 x 20 x 2, share 60 %", seconds, "s", said(placement, "proven < 10 s"))


def bending(report: Report) -> None:
    problem = zipf(5000, 60, 3, room=1.3)
    before = solve(problem, seed=1)
    absent = set(random.Random(2).sample(range(5000), 250))
    name = "5 % drop-outs, 5,000 x 60 x 3"
    ways = [("plain", 1, solve, improvement)]
    if large_flows.available():
        ways.append(("solvers", 5, place, large_flows.improvement))
    for way, times, solver, improving in ways:
        placement, seconds = timed(
            lambda solver=solver: fewest_moves(problem, before.places, absent, seed=1, solver=solver), times
        )
        check(replace(without(problem, absent), current=before.places), placement)
        moves = moves_between(before.places, placement.places, absent)
        report(f"{way}: {name}: fewest moves", seconds, "s", said(placement, f"< 0.5 s; {len(moves)} moves"))
        found, seconds = timed(
            lambda improving=improving: improving(problem, before.places, absent, seed=1), times
        )
        worse = sum(
            rank(problem, p, new) > rank(problem, p, old)
            for p, (was, now) in enumerate(zip(before.places, found.places, strict=True))
            if p not in absent
            for old, new in zip(was, now, strict=True)
        )
        moves = moves_between(before.places, found.places, absent)
        report(f"{way}: {name}: improve only", seconds, "s", f"< 0.5 s; {len(moves)} moves, {worse} worse")
    if large_flows.available() and relaxation.available():
        found, seconds = timed(
            lambda: large_flows.improvement(problem, before.places, absent, seed=1, thorough=True)
        )
        moves = moves_between(before.places, found.places, absent)
        said_of = f"{len(moves)} moves{', proven' if found.proven else ''}"
        report(f"solvers: {name}: improve only, over all slots", seconds, "s", said_of)


def rank(problem: PlacementProblem, person: int, workshop: int) -> int:
    return 99 if workshop == UNPLACED else problem.wishes[person].index(workshop)


if __name__ == "__main__":
    main(lambda name, value, unit, target: print(f"{name:<62} {value:>10.4g} {unit:<6} {target}", flush=True))
