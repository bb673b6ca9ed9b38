"""HiGHS and the flow's search agree; a worker can be watched, stopped and outlived."""

import random
import time
from typing import Any

import pytest

from events_app.matching.workshops import mip, placing, relaxation
from events_app.matching.workshops.assignment import solve
from events_app.matching.workshops.certificate import check, check_places
from events_app.matching.workshops.cutting_planes import refute_below
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.problem import Balance, Infeasible, Objective, PlacementProblem
from events_app.matching.workshops.program import Program
from events_app.matching.workshops.proof import Refutations
from events_app.matching.workshops.worker import Cancelled, WorkerFailed, in_worker
from tests.unit.matching.workshops.brute_force import RULES, random_problem
from tests.unit.matching.workshops.test_properties import town

needs_highs = pytest.mark.skipif(not relaxation.available(), reason="HiGHS is missing: make setup-dev")


@needs_highs
@pytest.mark.parametrize("objective", [Objective.GUARANTEE, Objective.GENEROUS, Objective.GREEDY])
def test_highs_finds_what_the_flow_finds(objective: Objective) -> None:
    for case in range(40):
        chance = random.Random(case)
        rules = [rule for rule in RULES if chance.random() < 0.5]
        problem = random_problem(chance, *rules, slots=chance.choice((1, 2)))
        model = cost_model(problem, objective, drawn_order(problem.people, case))
        try:
            value = solve(problem, objective, seed=case).value
        except Infeasible:
            continue
        program = Program(problem, model)
        solved = mip.solve(program, None, seed=case, time_left=lambda: 20.0)
        assert solved.places is not None
        check_places(problem, solved.places)
        assert program.value_of(solved.places) == solved.bound == value
        if solved.proof is not None:
            refute_below(program, value, solved.proof)


@needs_highs
@pytest.mark.parametrize("objective", [Objective.GENEROUS, Objective.GREEDY])
def test_highs_takes_one_criterion_after_the_other(objective: Objective) -> None:
    for case in range(4):
        problem = town(case, people=60, minimum=6)
        model = cost_model(problem, objective, drawn_order(problem.people, case))
        placement = solve(problem, objective, seed=case)
        assert placement.proven
        program = Program(problem, model)
        solved = mip.solve(program, None, seed=case, time_left=lambda: 20.0)
        assert solved.places is not None
        assert program.value_of(solved.places) == solved.bound == placement.value


def large_and_mixed() -> PlacementProblem:
    chance = random.Random(3)
    return PlacementProblem(
        wishes=tuple(tuple(chance.sample(range(8), 4)) for _ in range(60)),
        capacity=((9, 9),) * 8,
        profile_of=tuple(chance.choices((0, 1), (3, 2))[0] for _ in range(60)),
        balance=Balance(most_share=(3, 5)),
    )


@needs_highs
def test_what_the_search_cannot_prove_goes_to_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "FLOW_SECONDS", 0.05)
    problem = large_and_mixed()
    placement = placing.place(problem, time_limit=60)
    check(problem, placement)
    assert placement.proven
    assert isinstance(placement.certificate, Refutations)


def test_without_highs_the_best_found_comes_with_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaxation, "available", lambda: False)
    problem = large_and_mixed()
    placement = placing.place(problem, time_limit=0.3)
    check(problem, placement)
    assert placement.bound <= placement.value
    assert placement.proven == (placement.bound == placement.value)


def _answer(number: int, report: Any) -> int:
    report("half")
    return 2 * number


def _sleep(_report: Any) -> None:
    time.sleep(60)


def _fail(_report: Any) -> None:
    raise KeyError("x")


def test_a_worker_answers_and_tells_how_far_it_is() -> None:
    news: list[str] = []
    assert in_worker(_answer, (21,), seconds=30, progress=news.append) == 42
    assert news == ["half"]


def test_a_worker_is_stopped_when_nobody_wants_the_answer() -> None:
    started = time.monotonic()
    with pytest.raises(Cancelled):
        in_worker(_sleep, (), seconds=60, cancelled=lambda: time.monotonic() - started > 0.2)
    assert time.monotonic() - started < 10


def test_a_worker_that_fails_says_so() -> None:
    with pytest.raises(WorkerFailed, match="KeyError"):
        in_worker(_fail, (), seconds=30)
