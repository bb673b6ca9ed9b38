"""OR-tools' flow, the own flow and HiGHS agree; its certificates convince the checker."""

import random
from typing import Any

import pytest
from msgspec.structs import replace

from events_app.matching.workshops import large, mip, relaxation
from events_app.matching.workshops.assignment import solve
from events_app.matching.workshops.certificate import Refused, check
from events_app.matching.workshops.counting import rank_counts, total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.improving import by_search, improvement
from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.placing import place
from events_app.matching.workshops.problem import (
    UNPLACED,
    Infeasible,
    Objective,
    Placement,
    PlacementProblem,
)
from events_app.matching.workshops.program import Program
from events_app.matching.workshops.proof import Prices
from events_app.matching.workshops.replanning import fewest_moves, moves_between, without
from events_app.matching.workshops.stages import Stage, stages
from tests.unit.matching.workshops.brute_force import random_problem
from tests.unit.matching.workshops.test_properties import OBJECTIVES, town

pytestmark = pytest.mark.skipif(not large.available(), reason="OR-tools is missing: make setup-solvers")


def fast(problem: PlacementProblem, objective: Objective = Objective.GUARANTEE, seed: int = 1) -> Placement:
    from events_app.matching.workshops import fast_flow

    placement = fast_flow.solve(problem, objective, seed)
    assert placement is not None
    return placement


def cost(problem: PlacementProblem, placement: Placement) -> int:
    """The draw included."""
    order = drawn_order(problem.people, placement.seed)
    return total_cost(problem, cost_model(problem, placement.objective, order), placement.places)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_it_agrees_with_the_own_flow_and_with_highs(objective: Objective) -> None:
    from events_app.matching.workshops import fast_flow

    agreed = 0
    for case in range(150):
        chance = random.Random(case)
        rules = [r for r in ("minimums", "locks", "barred", "anywhere") if chance.random() < 0.4]
        problem = random_problem(chance, *rules, slots=chance.choice((1, 2, 3)), same=True)
        if not large.fits(problem, objective):
            continue
        found = fast_flow.solve(problem, objective, case)
        if found is None:
            assert problem.minimum
            continue
        check(problem, found)
        plain = solve(problem, objective, seed=case)
        assert (found.value, cost(problem, found)) == (plain.value, cost(problem, plain))
        if relaxation.available() and case % 5 == 0:
            program = Program(problem, cost_model(problem, objective, drawn_order(problem.people, case)))
            solved = mip.solve(program, None, seed=case, time_left=lambda: 20.0)
            assert solved.places is not None
            assert program.value_of(solved.places) == found.value
        agreed += 1
    assert agreed > 40


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("slots", [1, 3])
def test_it_agrees_in_a_town(objective: Objective, slots: int) -> None:
    problem = replace(town(slots, people=150, slots=slots), minimum=())
    found, plain = fast(problem, objective), solve(problem, objective, seed=1)
    check(problem, found)
    assert (found.value, cost(problem, found)) == (plain.value, cost(problem, plain))
    assert fast(problem, objective).places == found.places


def test_corrupted_answers_and_certificates_are_refused() -> None:
    problem = replace(town(1, people=150, slots=2), minimum=())
    placement = fast(problem)
    check(problem, placement)
    assert isinstance(placement.certificate, Prices)
    seat = placement.certificate.seat
    assert any(map(any, seat))
    emptied = ((UNPLACED,) * 2, *placement.places[1:])
    for wrong in (
        replace(placement, certificate=Prices(tuple((0, 0) for _ in seat))),
        replace(placement, certificate=Prices(tuple(tuple(2 * price for price in row) for row in seat))),
        replace(placement, certificate=None),
        replace(placement, places=emptied),
        replace(placement, value=(placement.value[0] + 1, *placement.value[1:])),
    ):
        with pytest.raises(Refused):
            check(problem, wrong)


def test_the_fewest_moves_are_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    for case in range(6):
        problem = replace(town(case, people=80, slots=1 + case % 3), minimum=())
        before = solve(problem, seed=case).places
        absent = set(random.Random(case).sample(range(80), 8))
        left = replace(without(problem, absent), current=before)
        found = fast(left, seed=case)
        check(left, found)
        plain = fewest_moves(problem, before, absent, seed=case)
        assert (found.value, cost(left, found)) == (plain.value, cost(left, plain))
        if problem.slots == 1:
            assert len(moves_between(before, found.places)) == len(moves_between(before, plain.places))


def test_improving_makes_nobody_worse_and_gains_as_much() -> None:
    gained = 0
    for case in range(60):
        chance = random.Random(case)
        problem = random_problem(chance, "minimums", "anywhere", slots=chance.choice((1, 2)))
        try:
            before = solve(problem, seed=case).places
        except Infeasible:
            continue
        absent = {p for p in range(problem.people) if chance.random() < 0.3}
        after = improvement(problem, before, absent, seed=case, best=large.best_places).places
        for person, (old, new) in enumerate(zip(before, after, strict=True)):
            wishes = [*problem.wishes[person]]
            wishes += [w for w in (*old, *new) if w not in wishes and w != UNPLACED] + [UNPLACED]
            for was, now in zip(old, new, strict=True):
                assert person in absent or wishes.index(now) <= wishes.index(was)
        if problem.slots == 1:
            plain = improvement(problem, before, absent, seed=case).places
            assert rank_counts(problem, after) == rank_counts(problem, plain)
            gained += plain != before
    assert gained > 5


def many_ranks(chance: random.Random, people: int) -> PlacementProblem:
    """Six to ten wishes, some workshops wished for more than others."""
    workshops, slots = chance.randint(6, 12), chance.choice((1, 2, 3))
    weights = [1 / (workshop + 1) for workshop in range(workshops)]

    def some_wishes() -> tuple[int, ...]:
        ranked: dict[int, None] = {}
        length = chance.randint(6, min(10, workshops))
        while len(ranked) < length:
            ranked[chance.choices(range(workshops), weights)[0]] = None
        return tuple(ranked)

    seats = max(1, int(people / workshops * chance.choice((0.6, 1, 1.3))))
    return PlacementProblem(
        wishes=tuple(some_wishes() for _ in range(people)),
        capacity=((seats,) * slots,) * workshops,
        anywhere=frozenset(person for person in range(people) if chance.random() < 0.1),
    )


def test_criteria_beyond_64_bits_take_several_flows(monkeypatch: pytest.MonkeyPatch) -> None:
    from events_app.matching.workshops import fast_flow

    flows: list[int] = []

    def counted(*arguments: Any) -> list[Stage]:
        parts = stages(*arguments)
        flows.append(len(parts))
        return parts

    monkeypatch.setattr(fast_flow, "stages", counted)
    for case in range(60):
        chance = random.Random(case)
        problem = many_ranks(chance, chance.randint(5, 40))
        if case % 3 == 0:
            before = solve(problem, seed=case + 1).places
            problem = replace(problem, current=before)
        monkeypatch.setattr(fast_flow, "MOST_SCALED_COST", 2 ** chance.choice((31, 34, 38, 61)))
        for objective in OBJECTIVES:
            found, plain = fast(problem, objective, case), solve(problem, objective, seed=case)
            assert (found.value, cost(problem, found)) == (plain.value, cost(problem, plain))
            check(problem, found)
    assert {1, 2, 3} <= set(flows)


def test_twenty_ranks_need_several_flows() -> None:
    chance = random.Random(1)
    wishes = tuple(tuple(chance.sample(range(20), 20)) for _ in range(50))
    problem = PlacementProblem(wishes=wishes, capacity=((2,) * 2,) * 20)
    for objective in (Objective.GENEROUS, Objective.GREEDY):
        found, plain = fast(problem, objective), solve(problem, objective, seed=1)
        assert (found.value, cost(problem, found)) == (plain.value, cost(problem, plain))
        check(problem, found)


def test_what_64_bits_cannot_hold_is_left_to_plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    from events_app.matching.workshops import fast_flow

    monkeypatch.setattr(fast_flow, "MOST_SCALED_COST", 2**12)
    assert fast_flow.solve(many_ranks(random.Random(1), 30), Objective.GENEROUS, 1) is None


def test_large_problems_go_to_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = replace(town(1, people=100, slots=2), minimum=())
    assert large.place(problem, Objective.GUARANTEE, seed=1, seconds=30) is None
    monkeypatch.setattr(large, "SEATS", 0)
    placement = place(problem, seed=1, time_limit=30)
    check(problem, placement)
    assert placement.places == fast(problem).places
    absent = {1, 2, 3}
    wider = large.by_highs if relaxation.available() else by_search
    expected = improvement(problem, placement.places, absent, best=large.best_places, wider=wider).places
    assert large.improvement(problem, placement.places, absent).places == expected


def test_without_or_tools_plain_python_places_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "SEATS", 0)
    monkeypatch.setattr(large, "available", lambda: False)
    problem = replace(town(1, people=100), minimum=())
    assert place(problem, seed=1).places == solve(problem, seed=1).places
