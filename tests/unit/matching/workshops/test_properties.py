"""What people rely on, on problems too large to try everything; and what the checker must refuse."""

import random
import subprocess
import sys
import time
from threading import Event

import pytest
from msgspec.structs import replace

from events_app.matching.workshops.certificate import Refused, check
from events_app.matching.workshops.place import place
from events_app.matching.workshops.problem import (
    UNPLACED,
    Balance,
    Cancelled,
    InvalidProblem,
    Lock,
    Objective,
    PlacementProblem,
)
from events_app.matching.workshops.proof import Prices, Word
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
        assert place(problem, objective, seed=1).value == place(permuted, objective, seed=2).value


def test_one_more_seat_never_makes_it_worse() -> None:
    for seed in range(6):
        problem = town(seed)
        more = replace(problem, capacity=((problem.capacity[0][0] + 1,), *problem.capacity[1:]))
        assert place(more, seed=1).value <= place(problem, seed=1).value


def test_the_same_seed_gives_the_same_places_and_another_seed_others() -> None:
    problem = town(1)
    assert place(problem, seed=5).places == place(problem, seed=5).places
    assert len({place(problem, seed=seed).places for seed in range(4)}) > 1


def test_locks_never_move() -> None:
    for seed in range(5):
        problem = town(seed, slots=2)
        locks = tuple(Lock(p, (p + seed) % 8, p % 2) for p in range(0, 40, 7))
        placement = place(replace(problem, locks=locks), seed=seed)
        assert all(placement.places[lock.person][lock.slot] == lock.workshop for lock in locks)
        check(replace(problem, locks=locks), placement)


def test_corrupted_answers_are_refused() -> None:
    problem = town(2, slots=2)
    placement = place(problem, seed=1)
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
        {"certificate": Word("HiGHS", placement.value)},
        {"closed_by": "HiGHS"},
    ):
        with pytest.raises(Refused):
            check(problem, replace(placement, **change))


def test_corrupted_prices_prove_too_little() -> None:
    problem = town(3, minimum=0)
    placement = place(problem, seed=1)
    prices = placement.certificate
    assert isinstance(prices, Prices)
    for workshop in range(8):
        rows = [list(row) for row in prices.seat]
        rows[workshop][0] += 10**12
        with pytest.raises(Refused):
            check(problem, replace(placement, certificate=Prices(tuple(map(tuple, rows)))))


def test_the_draw_serves_in_order() -> None:
    problem = town(4, minimum=0)
    placement = place(problem, Objective.DRAW, seed=9)
    check(problem, placement)
    with pytest.raises(Refused):
        check(problem, replace(placement, seed=10))
    assert by_turns(replace(problem, capacity=((1,), *((0,),) * 7)), (5, *range(5), *range(6, 60)))


def test_time_that_runs_out_leaves_an_allowed_placement_and_a_bound() -> None:
    problem = town(5, people=400, slots=2, minimum=40)
    placement = place(problem, seed=1, time_limit=0.0)
    check(problem, placement)
    assert placement.bound <= placement.value


def hard() -> PlacementProblem:
    """What no flow sees, of a size that takes HiGHS some seconds."""
    chance = random.Random(7)
    return replace(
        town(7, people=300, slots=2, minimum=5),
        profile_of=tuple(chance.choices(range(3), (6, 2, 2))[0] for _ in range(300)),
        balance=Balance(most_share=(3, 5), present=((1, 2),)),
        together=tuple((n, n + 1) for n in range(0, 60, 2)),
    )


@pytest.mark.parametrize("problem", [town(1, people=600), hard()])
def test_a_cancelled_placement_ends(problem: PlacementProblem) -> None:
    cancel = Event()
    heard = []

    def stop(share: float, _value: object, _bound: object) -> None:
        heard.append(share)
        cancel.set()

    with pytest.raises(Cancelled):
        place(problem, progress=stop, cancel=cancel)
    assert len(heard) < 20


def test_progress_tells_of_better_places_and_of_what_none_can_be_below() -> None:
    heard: list[tuple[float, tuple[int, ...] | None, tuple[int, ...] | None]] = []
    placement = place(hard(), seed=1, time_limit=5, progress=lambda *news: heard.append(news))
    check(hard(), placement)
    values = [value for _, value, _ in heard if value is not None]
    bounds = [bound for _, _, bound in heard if bound is not None]
    assert values == sorted(values, reverse=True)
    assert values[-1] == placement.value
    assert all(bound <= placement.value for bound in bounds)


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
        check(problem, place(problem, objective))


def test_numbers_beyond_all_people_are_as_good_as_all_people() -> None:
    much = 10**30
    problem = PlacementProblem(
        wishes=((0, 1),) * 4,
        capacity=((much, much), (much, much)),
        minimum=((2, 0), (much, 2)),
        together=((0, 1),),
        profile_of=(0, 1, 0, 1),
        balance=Balance(most_share=(1, 2)),
    )
    placement = place(problem)
    check(problem, placement)
    assert placement.unplaced == 0


@pytest.mark.parametrize("wrong", [{"together": ((),)}, {"parts": (0,)}])
def test_what_names_nobody_or_not_everything_is_refused(wrong: dict[str, object]) -> None:
    problem = PlacementProblem(wishes=((0, 1),), capacity=((1,), (1,)))
    with pytest.raises(InvalidProblem):
        place(replace(problem, **wrong))


def test_impossible_sizes_are_refused_at_once() -> None:
    for problem in (
        PlacementProblem(wishes=((0,),) * 30_000, capacity=((1,),)),
        PlacementProblem(wishes=((0,),), capacity=((1,),) * 2_000),
        PlacementProblem(wishes=((0,),), capacity=((1,) * 40,)),
    ):
        with pytest.raises(InvalidProblem):
            place(problem)


@pytest.mark.slow
def test_ten_thousand_people_and_two_hundred_workshops_end_in_bounded_time() -> None:
    chance = random.Random(1)
    problem = PlacementProblem(
        wishes=tuple(tuple(chance.sample(range(200), 6)) for _ in range(10_000)),
        capacity=((55,),) * 200,
        minimum=((10,),) * 200,
    )
    started = time.monotonic()
    check(problem, place(problem, time_limit=30))
    assert time.monotonic() - started < 60


def test_the_application_loads_no_solver_before_it_places() -> None:
    code = (
        "import sys, events_app.app\n"
        "import events_app.matching.workshops.place, events_app.matching.workshops.bending\n"
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
    assert {objective: place(problem, objective, seed=1).rank_counts for objective in expected} == expected
