"""Plans that bend: nobody worse by default, few moves on request."""

import random

from events_app.matching.workshops.bending import Move, fewest_moves, improve, moves_between, without
from events_app.matching.workshops.certificate import check_places
from events_app.matching.workshops.counting import total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.place import place
from events_app.matching.workshops.problem import UNPLACED, Objective, PlacementProblem
from tests.unit.matching.workshops.brute_force import all_placements, random_problem

Places = tuple[tuple[int, ...], ...]


def rank(problem: PlacementProblem, person: int, workshop: int) -> int:
    wishes = problem.wishes[person]
    if workshop == UNPLACED:
        return len(wishes) + 2
    return wishes.index(workshop) if workshop in wishes else len(wishes) + 1


def test_improving_makes_nobody_worse_in_any_slot() -> None:
    better = 0
    for case in range(150):
        chance = random.Random(case)
        problem = random_problem(chance, "minimums", "clashes", "anywhere", slots=chance.choice((1, 2, 3)))
        before = place(problem, seed=case).places
        absent = {p for p in range(problem.people) if chance.random() < 0.3}
        after = improve(problem, before, absent, seed=case).places
        for person, (old, new) in enumerate(zip(before, after, strict=True)):
            if person in absent:
                assert set(new) == {UNPLACED}
                continue
            for was, now in zip(old, new, strict=True):
                assert rank(problem, person, now) <= rank(problem, person, was)
                better += now != was
    assert better > 5


def test_late_arrivals_take_what_is_left() -> None:
    problem = PlacementProblem(wishes=((0, 1), (0, 1), (0, 1)), capacity=((2,), (1,)))
    after = improve(problem, ((0,), (0,), (UNPLACED,))).places
    assert after == ((0,), (0,), (1,))


def test_sessions_go_on_below_their_minimum_after_drop_outs() -> None:
    problem = PlacementProblem(wishes=((0, 1), (0, 1), (1, 0)), capacity=((3,), (3,)), minimum=((2,), (1,)))
    assert improve(problem, ((0,), (0,), (1,)), {0}).places == ((UNPLACED,), (0,), (1,))


def test_fewest_moves_is_the_best_placement_with_the_fewest_new_places() -> None:
    for case in range(100):
        chance = random.Random(case)
        problem = random_problem(chance, "minimums", slots=chance.choice((1, 2)), same=True)
        before = place(problem, Objective.GENEROUS, seed=case).places
        absent = {p for p in range(problem.people) if chance.random() < 0.3}
        placement = fewest_moves(problem, before, absent, Objective.GENEROUS, seed=case)
        left = without(problem, absent)
        check_places(left, placement.places)

        def quality(places: Places, before: Places, left: PlacementProblem, case: int) -> tuple[object, int]:
            model = cost_model(left, Objective.GENEROUS, drawn_order(left.people, case))
            pairs = zip(before, places, strict=True)
            new = sum(len(set(now) - set(old) - {UNPLACED}) for old, now in pairs)
            return model.criteria(total_cost(left, model, places)), new

        best = min(quality(places, before, left, case) for places in all_placements(left))
        assert quality(placement.places, before, left, case) == best


def test_moves_name_who_has_to_be_told() -> None:
    before = ((0, 1), (1, 0), (2, UNPLACED))
    after = ((0, 1), (UNPLACED, UNPLACED), (2, 1))
    assert moves_between(before, after, {1}) == (Move(2, 1, UNPLACED, 1),)
    assert len(moves_between(before, after)) == 3
