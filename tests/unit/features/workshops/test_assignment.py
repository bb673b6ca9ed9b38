"""The exact placement against brute force, and the properties that people rely on."""

import random

import pytest

from events_app.features.workshops.assignment import solve
from events_app.features.workshops.certificate import check
from events_app.features.workshops.counting import total_cost
from events_app.features.workshops.draw import drawn_order
from events_app.features.workshops.objectives import cost_model
from events_app.features.workshops.problem import Infeasible, Objective, PlacementProblem
from tests.unit.features.workshops.brute_force import all_placements, random_problem

EXACT = [Objective.GUARANTEE, Objective.GENEROUS, Objective.GREEDY, Objective.SQUARES]


@pytest.mark.parametrize("anywhere", [False, True])
@pytest.mark.parametrize("objective", EXACT)
def test_no_placement_is_better_than_the_one_found(objective: Objective, anywhere: bool) -> None:
    for case in range(300):
        problem = random_problem(random.Random(case), locks=True, anywhere=anywhere)
        model = cost_model(problem, objective, drawn_order(problem.people, case))
        allowed = [total_cost(problem, model, places) for places in all_placements(problem)]
        if not allowed:
            with pytest.raises(Infeasible):
                solve(problem, objective, seed=case)
            continue
        placement = solve(problem, objective, seed=case)
        assert total_cost(problem, model, placement.places) == min(allowed), case
        assert placement.proven
        check(problem, placement)


@pytest.mark.parametrize("objective", EXACT)
def test_the_last_wish_is_better_than_what_was_not_wished_for(objective: Objective) -> None:
    # Workshop 0 has one seat; person 1 could have the second wish or, without having ranked it, workshop 2.
    problem = PlacementProblem(wishes=((0,), (0, 1)), capacity=((1,), (1,), (1,)), anywhere=frozenset({0, 1}))
    placement = solve(problem, objective, seed=1)
    assert placement.places == ((0,), (1,))
    check(problem, placement)


def test_who_wished_for_a_seat_has_it_before_who_did_not() -> None:
    problem = PlacementProblem(wishes=((), (1, 0), ()), capacity=((1,), (0,)), anywhere=frozenset({0, 2}))
    for objective in EXACT:
        for seed in range(5):
            assert solve(problem, objective, seed=seed).places == ((-1,), (0,), (-1,))
