"""No plan beats the bounds: all plans of few people, random plans, and the plans that the search finds."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events_app.matching.tables.bounds import bounds
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
                assert distinct <= bounds(people, tables, rounds).distinct
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
    assert short == [(6, 2, 3)]  # 13 pairs in three rounds of two threes; the bound is 14


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
    assert distinct <= bounds(people, tables, rounds).distinct


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 45), st.integers(2, 6), st.integers(2, 6), st.integers(0, 1000))
def test_no_plan_that_is_found_is_better(people: int, tables: int, rounds: int, seed: int) -> None:
    problem = TablesProblem(people=people, tables=min(tables, people), rounds=rounds)
    plan = plan_tables(problem, effort=0.02, seed=seed)
    assert plan.measure.repeats >= plan.bounds.repeats
    assert plan.distinct <= plan.bounds.distinct
