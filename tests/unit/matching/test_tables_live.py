"""The evening itself: people missing, late and leaving; announced rounds stay, little is moved."""

from collections import Counter
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events_app.matching.tables.live import Seats, rearrange
from events_app.matching.tables.seating_plan import TablesProblem
from events_app.matching.tables.tables import plan_tables


def meetings(rounds: Seats) -> Counter[tuple[int, ...]]:
    return Counter(pair for tables in rounds for table in tables for pair in combinations(sorted(table), 2))


def dealt(people: int, tables: int, rounds: int, rng: Random) -> Seats:
    found = []
    for _ in range(rounds):
        order = rng.sample(range(people), people)
        found.append([order[table::tables] for table in range(tables)])
    return found


@settings(deadline=None)
@given(st.integers(2, 40), st.integers(1, 8), st.integers(1, 5), st.randoms(use_true_random=False))
def test_announced_rounds_stay_and_everybody_there_sits_once(
    people: int, tables: int, rounds: int, rng: Random
) -> None:
    seats = dealt(people, min(tables, people), rounds, rng)
    announced = rng.randint(0, rounds)
    there = [rng.randrange(1 << rounds) if rng.random() < 0.3 else (1 << rounds) - 1 for _ in range(people)]

    plan = rearrange(seats, announced, there)

    assert plan.rounds[:announced] == seats[:announced]
    for turn in range(announced, rounds):
        seated = sorted(p for table in plan.rounds[turn] for p in table)
        assert seated == [p for p in range(people) if there[p] >> turn & 1]
        assert seated == seated[:1] or all(len(table) != 1 for table in plan.rounds[turn])


def test_nothing_is_moved_when_everybody_is_there() -> None:
    seats = [list(map(list, tables)) for tables in ([[0, 1, 2], [3, 4, 5]], [[0, 3, 4], [1, 2, 5]])]
    plan = rearrange(seats, 1, [3] * 6)
    assert (plan.rounds, plan.moved) == (seats, ())


def test_who_came_unplanned_meets_new_people() -> None:
    plan = rearrange([[[0, 1], [2, 3]], [[0, 4], [1, 2, 3]]], 0, [3, 3, 3, 3, 3])
    assert plan.rounds[0] == [[0, 1], [2, 3, 4]]


@pytest.mark.parametrize(("people", "tables", "rounds"), [(45, 8, 4), (20, 4, 3), (120, 20, 4)])
def test_an_evening_with_people_missing_keeps_what_can_be_kept(people: int, tables: int, rounds: int) -> None:
    problem = TablesProblem(people=people, tables=tables, rounds=rounds)
    seats = plan_tables(problem, effort=0.2, seed=1).rounds
    rng = Random(people)
    for _ in range(10):
        there = absences(people, rounds, rng)
        plan = seats
        for announced in range(rounds):
            plan = rearrange(plan, announced, there).rounds
        possible = {
            pair
            for turn, round_tables in enumerate(seats)
            for table in round_tables
            for pair in combinations(sorted(table), 2)
            if there[pair[0]] & there[pair[1]] & 1 << turn
        }
        held = meetings(plan)
        assert len(possible & set(held)) >= 0.95 * len(possible)
        planned = meetings(seats)
        assert all(times == 1 or planned[pair] > 1 for pair, times in held.items())


def absences(people: int, rounds: int, rng: Random) -> list[int]:
    """15 % absent, 5 % late, 5 % leaving."""
    always = (1 << rounds) - 1
    there = []
    for _ in range(people):
        fate, when = rng.random(), rng.randint(1, rounds)
        there.append(
            0
            if fate < 0.15
            else always >> when << when
            if fate < 0.2
            else (1 << when) - 1
            if fate < 0.25
            else always
        )
    return there
