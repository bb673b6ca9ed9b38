"""What people rely on, on problems too large to try everything; and what the checker must refuse."""

import random
import subprocess
import sys
import time

import pytest
from msgspec.structs import replace

from events_app.matching.workshops.assignment import solve
from events_app.matching.workshops.certificate import Refused, check
from events_app.matching.workshops.problem import UNPLACED, InvalidProblem, Lock, Objective, PlacementProblem
from events_app.matching.workshops.proof import Prices
from events_app.matching.workshops.serial import by_turns

OBJECTIVES = [Objective.GUARANTEE, Objective.GENEROUS, Objective.GREEDY, Objective.SQUARES]


def town(seed: int, *, people: int = 60, slots: int = 1, minimum: int = 3) -> PlacementProblem:
    chance = random.Random(seed)
    weights = [1 / (w + 1) for w in range(8)]

    def wishes() -> tuple[int, ...]:
        ranked: dict[int, None] = {}
        while len(ranked) < 4:
            ranked[chance.choices(range(8), weights)[0]] = None
        return tuple(ranked)

    return PlacementProblem(
        wishes=tuple(wishes() for _ in range(people)),
        capacity=((people // 6,) * slots,) * 8,
        minimum=((minimum,) * slots,) * 8,
    )


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_permuting_people_keeps_the_value(objective: Objective) -> None:
    for seed in range(5):
        problem = town(seed, slots=1 + seed % 2)
        order = list(range(problem.people))
        random.Random(seed).shuffle(order)
        permuted = replace(problem, wishes=tuple(problem.wishes[p] for p in order))
        assert solve(problem, objective, seed=1).value == solve(permuted, objective, seed=2).value


def test_one_more_seat_never_makes_it_worse() -> None:
    for seed in range(6):
        problem = town(seed)
        more = replace(problem, capacity=((problem.capacity[0][0] + 1,), *problem.capacity[1:]))
        assert solve(more, seed=1).value <= solve(problem, seed=1).value


def test_the_same_seed_gives_the_same_places_and_another_seed_others() -> None:
    problem = town(1)
    assert solve(problem, seed=5).places == solve(problem, seed=5).places
    assert len({solve(problem, seed=seed).places for seed in range(4)}) > 1


def test_locks_never_move() -> None:
    for seed in range(5):
        problem = town(seed, slots=2)
        locks = tuple(Lock(p, (p + seed) % 8, p % 2) for p in range(0, 40, 7))
        placement = solve(replace(problem, locks=locks), seed=seed)
        assert all(placement.places[lock.person][lock.slot] == lock.workshop for lock in locks)
        check(replace(problem, locks=locks), placement)


def test_corrupted_answers_are_refused() -> None:
    problem = town(2, slots=2)
    placement = solve(problem, seed=1)
    check(problem, placement)
    chance = random.Random(1)
    for _ in range(60):
        rows = [list(row) for row in placement.places]
        person, slot = chance.randrange(problem.people), chance.randrange(2)
        rows[person][slot] = chance.choice([w for w in (UNPLACED, *range(8)) if w != rows[person][slot]])
        with pytest.raises(Refused):
            check(problem, replace(placement, places=tuple(map(tuple, rows))))
    for change in (
        {"rank_counts": (60, 0, 0, 0)},
        {"value": (0, 0, 0)},
        {"bound": (0, 0, 0)},
        {"certificate": None},
        {"certificate": Prices(((0, 0),) * 8)},
    ):
        with pytest.raises(Refused):
            check(problem, replace(placement, **change))


def test_corrupted_prices_prove_too_little() -> None:
    problem = town(3, minimum=0)
    placement = solve(problem, seed=1)
    prices = placement.certificate
    assert isinstance(prices, Prices)
    for workshop in range(8):
        rows = [list(row) for row in prices.seat]
        rows[workshop][0] += 10**12
        with pytest.raises(Refused):
            check(problem, replace(placement, certificate=Prices(tuple(map(tuple, rows)))))


def test_the_draw_serves_in_order() -> None:
    problem = town(4, minimum=0)
    placement = solve(problem, Objective.DRAW, seed=9)
    check(problem, placement)
    with pytest.raises(Refused):
        check(problem, replace(placement, seed=10))
    assert by_turns(replace(problem, capacity=((1,), *((0,),) * 7)), (5, *range(5), *range(6, 60)))


def test_time_that_runs_out_leaves_an_allowed_placement_and_a_bound() -> None:
    problem = town(5, people=400, slots=2, minimum=40)
    ticks = iter(range(10**9))
    placement = solve(problem, seed=1, time_limit=5, clock=lambda: next(ticks))
    check(problem, placement)
    assert placement.bound <= placement.value


def test_a_cancelled_solve_ends() -> None:
    class NotWanted(Exception):
        pass

    def stop(_share: float, _value: object, _bound: object) -> None:
        raise NotWanted

    with pytest.raises(NotWanted):
        solve(town(1, people=600), progress=stop)


@pytest.mark.parametrize(
    "problem",
    [
        PlacementProblem(wishes=(), capacity=()),
        PlacementProblem(wishes=((), ()), capacity=((3,),)),
        PlacementProblem(wishes=((0,),) * 9, capacity=((3,),), minimum=((2,),)),
        PlacementProblem(wishes=((0,),), capacity=((9,),), minimum=((5,),)),
        PlacementProblem(wishes=((0,),), capacity=((0,),)),
    ],
)
def test_odd_problems_have_answers(problem: PlacementProblem) -> None:
    for objective in Objective:
        check(problem, solve(problem, objective))


def test_impossible_sizes_are_refused_at_once() -> None:
    for problem in (
        PlacementProblem(wishes=((0,),) * 30_000, capacity=((1,),)),
        PlacementProblem(wishes=((0,),), capacity=((1,),) * 2_000),
        PlacementProblem(wishes=((0,),), capacity=((1,) * 40,)),
    ):
        with pytest.raises(InvalidProblem):
            solve(problem)


@pytest.mark.slow
def test_ten_thousand_people_and_two_hundred_workshops_end_in_bounded_time() -> None:
    chance = random.Random(1)
    problem = PlacementProblem(
        wishes=tuple(tuple(chance.sample(range(200), 6)) for _ in range(10_000)),
        capacity=((55,),) * 200,
        minimum=((10,),) * 200,
    )
    started = time.monotonic()
    check(problem, solve(problem, time_limit=30))
    assert time.monotonic() - started < 60


def test_the_application_loads_no_solver() -> None:
    code = (
        "import sys, events_app.app\n"
        "import events_app.matching.workshops.placing, events_app.matching.workshops.large\n"
        "print(sorted({'numpy', 'highspy', 'ortools', 'scipy'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, cwd="."
    )
    assert run.stdout.strip() == "[]", run.stderr


def test_the_organisers_example_is_true() -> None:
    # docs/placement-organisateur.md; 0 Réseauter, 1 Réorienter, 2 Confiance, 3 Communiquer
    problem = PlacementProblem(
        wishes=((1, 3, 2, 0), (2, 0, 3, 1), (1, 3, 2, 0), (1, 2, 0, 3), (2, 1, 3, 0), (3, 1, 2, 0)),
        capacity=((2,), (1,), (2,), (1,)),
    )
    expected = {
        Objective.GUARANTEE: (3, 2, 0, 1),
        Objective.GENEROUS: (3, 1, 2, 0),
        Objective.GREEDY: (4, 0, 1, 1),
        Objective.SQUARES: (3, 1, 2, 0),
    }
    assert {objective: solve(problem, objective, seed=1).rank_counts for objective in expected} == expected
