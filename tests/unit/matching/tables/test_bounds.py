"""No plan beats the bounds: all plans of few people, random plans, and the plans that the search finds."""

import random
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events_app.matching.tables.bounds import bounds, table_sizes
from events_app.matching.tables.profiles import highest, least_losses
from events_app.matching.tables.seating_plan import TablesProblem
from events_app.matching.tables.tables import plan_tables
from tests.unit.matching.checker import repeats_and_distinct
from tests.unit.matching.tables.every_plan import most_distinct_of_all


@pytest.mark.parametrize("people", range(2, 9))
def test_no_plan_of_few_people_is_better_than_the_bound(people: int) -> None:
    compared = 0
    for tables in range(1, people + 1):
        for rounds in range(1, 5):
            most = most_distinct_of_all(people, tables, rounds)
            for repeats, distinct in most.items():
                assert repeats >= bounds(people, tables, rounds).repeats
                assert distinct <= bounds(people, tables, rounds, repeats=repeats).distinct
            compared += bool(most)
    assert compared >= 2 * people


def test_the_bound_is_reached_by_nearly_all_plans_of_few_people() -> None:
    short = []
    for people in range(2, 8):
        for tables in range(1, people + 1):
            for rounds in range(1, 4):
                most = most_distinct_of_all(people, tables, rounds)
                limit = bounds(people, tables, rounds)
                if most and (min(most), most[min(most)]) != (limit.repeats, limit.distinct):
                    short.append((people, tables, rounds))
    assert short == []


@given(st.integers(3, 40), st.integers(1, 8), st.integers(2, 6), st.integers(0, 10**6))
def test_no_random_plan_is_better(people: int, tables: int, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    tables = min(tables, people)
    plan = [
        [order[t::tables] for t in range(tables)]
        for order in (chance.sample(range(people), people) for _ in range(rounds))
    ]
    repeats, distinct = repeats_and_distinct(plan)
    assert repeats >= bounds(people, tables, rounds).repeats
    assert distinct <= bounds(people, tables, rounds, repeats=repeats).distinct


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 45), st.integers(2, 6), st.integers(2, 6), st.integers(0, 1000))
def test_no_plan_that_is_found_is_better(people: int, tables: int, rounds: int, seed: int) -> None:
    problem = TablesProblem(people=people, tables=min(tables, people), rounds=rounds)
    plan = plan_tables(problem, effort=0.02, seed=seed)
    assert plan.measure.repeats >= plan.bounds.repeats
    assert plan.distinct <= plan.bounds.distinct


@pytest.mark.parametrize(
    ("people", "tables", "rounds", "coarse", "sharp"),
    [
        (28, 4, 5, 372, 369),
        (40, 4, 5, 772, 762),
        (24, 3, 4, 273, 270),
        (10, 2, 3, 44, 43),
        (20, 4, 5, 184, 180),
    ],
)
def test_what_one_person_can_meet_sharpens_the_bound(
    people: int, tables: int, rounds: int, coarse: int, sharp: int
) -> None:
    least = bounds(people, tables, rounds)
    assert least.distinct == sharp
    company = rounds * sum(size * (size - 1) // 2 for size in table_sizes(people, tables))
    assert min(company - -(-2 * least.repeats // rounds), people * (people - 1) // 2) == coarse
    # A plan of more repeats may have met more people.
    assert sharp <= bounds(people, tables, rounds, repeats=least.repeats + 1).distinct <= coarse


def test_least_losses_are_those_of_all_choices() -> None:
    for rounds in range(2, 6):
        losses = least_losses(rounds, 24)
        for t, loss in enumerate(losses):
            assert loss == _least(rounds, t)


def _least(often: int, t: int) -> int:
    """Over all numbers of people met at most so often who take up t repeats."""
    if often < 2:
        return 0 if t == 0 else 10**6
    each = often * (often - 1) // 2
    return min((often - 1) * a + _least(often - 1, t - a * each) for a in range(t // each + 1))


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=7), st.fractions(0, 1))
def test_the_upper_hull_is_the_best_mixture_of_two(values: list[int], part: Fraction) -> None:
    points = list(enumerate(values))
    x = part * (len(values) - 1)
    mixtures = [Fraction(v) for t, v in points if t == x]
    for (t, v), (u, w) in combinations(points, 2):
        if t <= x <= u:
            mixtures.append(v + (w - v) * (x - t) / (u - t))
    assert highest(points, x, x) == max(mixtures)


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=7), st.fractions(0, 1), st.fractions(0, 1))
def test_the_hull_is_highest_where_no_place_between_is_higher(
    values: list[int], one: Fraction, other: Fraction
) -> None:
    points = list(enumerate(values))
    least, most = sorted(part * (len(values) - 1) for part in (one, other))
    places = {least, most, *(Fraction(t) for t, _ in points if least <= t <= most)}
    assert highest(points, least, most) == max(highest(points, x, x) for x in places)
