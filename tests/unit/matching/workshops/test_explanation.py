"""What is explained is what solving by trying everything says."""

import random

import pytest
from msgspec.structs import replace

from events_app.matching.workshops.counting import total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.explanation import (
    Found,
    explain_person,
    force,
)
from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.place import place
from events_app.matching.workshops.problem import (
    Lock,
    Objective,
    Placement,
    PlacementProblem,
    RuleKind,
)
from tests.unit.matching.workshops.brute_force import all_placements, random_problem


def best_value(
    problem: PlacementProblem,
    placement: Placement,
    *,
    of: PlacementProblem | None = None,
    person: int = -1,
    workshop: int = -1,
) -> tuple[int, ...] | None:
    """By trying everything: the best value of `of`, where the person has the workshop."""
    model = cost_model(problem, placement.objective, drawn_order(problem.people, placement.seed))
    values = [
        model.criteria(total_cost(problem, model, places))
        for places in all_placements(of or problem)
        if person < 0 or workshop in places[person]
    ]
    return min(values, default=None)


@pytest.mark.parametrize("objective", [Objective.GUARANTEE, Objective.GENEROUS, Objective.SQUARES])
def test_forcing_a_wish_costs_what_is_said(objective: Objective) -> None:
    for case in range(40):
        chance = random.Random(case)
        problem = random_problem(chance, "minimums", "clashes", slots=chance.choice((1, 2)))
        placement = place(problem, objective, seed=case)
        person = chance.randrange(problem.people)
        for wish in explain_person(problem, placement, person):
            if wish.forced is None:
                continue
            best = best_value(problem, placement, person=person, workshop=wish.workshop)
            if best is None:
                assert wish.forced.conflict
                continue
            change = tuple(new - old for new, old in zip(best, placement.value, strict=True))
            assert wish.forced.change == change
            assert wish.forced.exact
            assert not wish.forced.costs_nothing or not any(change)


def test_the_draw_decides_between_equals_and_is_said_to() -> None:
    problem = PlacementProblem(wishes=((0, 1),) * 3, capacity=((2,), (2,)))
    placement = place(problem, seed=4)
    last = drawn_order(3, 4)[-1]
    assert placement.places[last] == (1,)
    first, second = explain_person(problem, placement, last)
    assert (first.found, first.ranks, first.drawn_before) == (Found.FULL, (2, 0), 2)
    assert first.forced is not None
    assert first.forced.costs_nothing
    assert len(first.forced.moves) == 2
    assert first.forced.better == (last,)
    assert len(first.forced.worse) == 1
    assert second.found == Found.HELD


def test_a_wish_that_locks_rule_out_names_them() -> None:
    problem = PlacementProblem(wishes=((0, 1), (0, 1)), capacity=((1,), (1,)))
    locked = place(problem, seed=1)
    winner = next(p for p, row in enumerate(locked.places) if row == (0,))
    with_lock = replace(problem, locks=(Lock(winner, 0, 0),))
    effect = force(with_lock, place(with_lock, seed=1), 1 - winner, 0)
    assert {rule.kind for rule in effect.conflict} == {RuleKind.LOCK, RuleKind.CAPACITY}
    assert len(effect.conflict) == 3
