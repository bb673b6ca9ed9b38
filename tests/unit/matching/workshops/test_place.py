"""The exact placement against brute force, and the properties that people rely on."""

import random

import pytest
from msgspec.structs import replace

from events_app.matching.workshops.certificate import check
from events_app.matching.workshops.counting import total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.model import alike
from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.place import place
from events_app.matching.workshops.problem import Infeasible, Objective, PlacementProblem
from tests.unit.matching.workshops.brute_force import RULES as ALL_RULES
from tests.unit.matching.workshops.brute_force import all_placements, random_problem

EXACT = [Objective.GUARANTEE, Objective.GENEROUS, Objective.GREEDY, Objective.SQUARES]


RULES = [
    (),
    ("minimums",),
    ("minimums", "locks"),
    ("balance",),
    ("together", "minimums"),
    ("barred", "clashes"),
]
RULES += [("anywhere", "minimums"), tuple(ALL_RULES)]


def agree(problem: PlacementProblem, objective: Objective, seed: int) -> None:
    """The engine finds what trying everything finds, and the checker agrees; a flow obeys the draw, too."""
    model = cost_model(problem, objective, drawn_order(problem.people, seed))
    allowed = [total_cost(problem, model, places) for places in all_placements(problem)]
    if not allowed:
        with pytest.raises(Infeasible):
            place(problem, objective, seed=seed)
        return
    placement = place(problem, objective, seed=seed)
    assert placement.value == model.criteria(min(allowed))
    assert placement.closed_by or total_cost(problem, model, placement.places) == min(allowed)
    assert placement.proven
    check(problem, placement)


@pytest.mark.parametrize("objective", EXACT)
@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("slots", [1, 2])
def test_no_placement_is_better_than_the_one_found(
    objective: Objective, rules: tuple[str, ...], slots: int
) -> None:
    for case in range(25):
        agree(random_problem(random.Random(case), *rules, slots=slots), objective, case)


@pytest.mark.parametrize("objective", EXACT)
@pytest.mark.parametrize(
    "rules", [("balance",), ("balance", "minimums", "together"), ("balance", "anywhere")]
)
def test_workshops_that_are_alike_in_every_slot(objective: Objective, rules: tuple[str, ...]) -> None:
    """HiGHS chooses workshops first and slots after."""
    summed = 0
    for case in range(25):
        problem = random_problem(random.Random(case), *rules, slots=2, same=True)
        if problem.balance is not None:
            problem = replace(problem, balance=replace(problem.balance, quotas=()))
        agree(problem, objective, case)
        summed += alike(problem) and bool(place(problem, objective, seed=case).closed_by)
    assert summed > 0


@pytest.mark.parametrize("objective", EXACT)
@pytest.mark.parametrize(
    "rules", [("minimums",), ("clashes",), ("balance", "clashes", "together", "anywhere")]
)
def test_parts_of_the_programme_are_ranked_apart(objective: Objective, rules: tuple[str, ...]) -> None:
    for case in range(25):
        chance = random.Random(case)
        problem = random_problem(chance, *rules, slots=2)
        parts = tuple(chance.randrange(2) for _ in range(problem.workshops))
        agree(replace(problem, parts=parts), objective, case)


@pytest.mark.parametrize("objective", EXACT)
def test_the_last_wish_is_better_than_what_was_not_wished_for(objective: Objective) -> None:
    # Workshop 0 has one seat; person 1 could have the second wish or, without having ranked it, workshop 2.
    problem = PlacementProblem(wishes=((0,), (0, 1)), capacity=((1,), (1,), (1,)), anywhere=frozenset({0, 1}))
    placement = place(problem, objective, seed=1)
    assert placement.places == ((0,), (1,))
    check(problem, placement)


def test_who_wished_for_a_seat_has_it_before_who_did_not() -> None:
    problem = PlacementProblem(wishes=((), (1, 0), ()), capacity=((1,), (0,)), anywhere=frozenset({0, 2}))
    for objective in EXACT:
        for seed in range(5):
            assert place(problem, objective, seed=seed).places == ((-1,), (0,), (-1,))
