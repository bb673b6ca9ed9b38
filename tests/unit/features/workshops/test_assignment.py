"""The exact placement against brute force, and the properties that people rely on."""

import random

import pytest

from events_app.features.workshops.assignment import solve
from events_app.features.workshops.certificate import check
from events_app.features.workshops.counting import total_cost
from events_app.features.workshops.draw import drawn_order
from events_app.features.workshops.objectives import cost_model
from events_app.features.workshops.problem import Infeasible, Objective
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
