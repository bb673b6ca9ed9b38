"""Looking through all plans finds what brute force finds, and no other."""

from math import inf

import pytest

from events_app.matching.checker import faults_of_seats, repeats_and_distinct
from events_app.matching.tables.all_plans import AllPlans, Target, few_enough
from events_app.matching.tables.bounds import table_sizes
from events_app.matching.tables.budget import Budget
from events_app.matching.undecided import Undecided
from tests.unit.matching.tables.every_plan import most_distinct_of_all, seatings


def found(people: int, tables: int, rounds: int, target: Target, steps: float = inf) -> bool:
    plan = AllPlans(people, tables, rounds, Budget(steps)).within(target)
    if plan is None:
        return False
    assert not faults_of_seats(plan, [set(range(people))] * rounds, tables)
    repeats, distinct = repeats_and_distinct(plan)
    assert repeats <= target.repeats
    assert distinct >= target.distinct
    return True


@pytest.mark.parametrize("people", range(3, 8))
def test_there_is_a_plan_where_brute_force_finds_one(people: int) -> None:
    compared = 0
    for tables in range(1, people + 1):
        for rounds in range(2, 5):
            most = most_distinct_of_all(people, tables, rounds)
            for repeats in (min(most) - 1, *sorted(most)[:4]) if most else ():
                distinct = max((met for again, met in most.items() if again <= repeats), default=-1)
                for wanted in (0, distinct, distinct + 1):
                    is_there = 0 <= wanted <= distinct
                    assert found(people, tables, rounds, Target(repeats, wanted)) is is_there
                    compared += 1
    assert compared >= 50


def test_nine_people_meet_all_others_once_in_four_rounds_and_twelve_do_not_in_five() -> None:
    assert found(9, 3, 4, Target(0, 36))
    assert found(12, 4, 4, Target(0))
    assert not found(12, 4, 5, Target(1))
    assert not found(13, 4, 5, Target(0))


@pytest.mark.parametrize(("people", "tables"), [(6, 2), (7, 3), (8, 3), (9, 4)])
def test_the_rounds_are_counted_before_they_are_looked_at(
    people: int, tables: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = len(list(seatings(tuple(range(people)), tuple(table_sizes(people, tables)))))
    monkeypatch.setattr("events_app.matching.tables.all_plans.MOST_ROUNDS", number)
    assert few_enough(people, tables)
    monkeypatch.setattr("events_app.matching.tables.all_plans.MOST_ROUNDS", number - 1)
    assert not few_enough(people, tables)


def test_nothing_is_said_where_the_budget_ends() -> None:
    with pytest.raises(Undecided):
        found(12, 4, 5, Target(2), steps=10_000)
