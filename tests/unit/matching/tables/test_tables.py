import random
from itertools import combinations

import pytest

from events_app.matching.tables.bounds import bounds
from events_app.matching.tables.seating_plan import TablesPlan, TablesProblem
from events_app.matching.tables.tables import plan_tables
from tests.unit.matching.checker import faults_of_seats, repeats_and_distinct


def planned(people: int, tables: int, rounds: int, effort: float = 0.3, **rules: object) -> TablesPlan:
    problem = TablesProblem(people=people, tables=tables, rounds=rounds, **rules)
    plan = plan_tables(problem, effort=effort)
    there = set(range(people))
    assert not faults_of_seats(plan.rounds, [there] * rounds, tables)
    assert repeats_and_distinct(plan.rounds) == (plan.measure.repeats, plan.distinct)
    assert plan.distinct <= plan.bounds.distinct
    assert plan.measure.repeats >= plan.bounds.repeats
    return plan


@pytest.mark.parametrize(
    ("people", "tables", "rounds"),
    [(600, 75, 5), (28, 7, 7), (100, 10, 4), (15, 5, 7), (32, 8, 9), (16, 4, 5), (64, 16, 21), (37, 10, 5)],
)
def test_nobody_meets_twice_where_that_is_possible(people: int, tables: int, rounds: int) -> None:
    plan = planned(people, tables, rounds, effort=1)
    assert plan.measure.repeats == 0
    assert plan.ratio == 1


def test_forty_people_at_five_tables_of_eight_repeat_as_little_as_can_be() -> None:
    plan = planned(40, 5, 4)
    assert (plan.measure.repeats, plan.distinct, plan.bounds.distinct) == (90, 515, 515)


@pytest.mark.slow
@pytest.mark.parametrize(("people", "tables", "rounds"), [(99, 10, 4), (95, 10, 5), (33, 6, 5), (45, 8, 4)])
def test_awkward_numbers_come_near_the_bound(people: int, tables: int, rounds: int) -> None:
    assert planned(people, tables, rounds, effort=1).ratio >= 0.97


def test_organisations_are_columns_where_they_fit() -> None:
    members = [i // 7 for i in range(28)]
    random.Random(1).shuffle(members)
    plan = planned(28, 7, 7, organisation=tuple(members))
    assert plan.measure.same_organisation == plan.measure.repeats == 0


def test_an_organisation_larger_than_the_number_of_tables_is_spread_evenly() -> None:
    organisation = (0,) * 9 + tuple(range(1, 12))
    plan = planned(20, 4, 3, organisation=organisation)
    # Nine people over four tables: 3, 2, 2, 2.
    assert plan.measure.same_organisation == plan.bounds.same_organisation == 3 * (3 + 1 + 1 + 1)


def test_people_without_organisation_are_no_organisation() -> None:
    plan = planned(12, 3, 2, organisation=(-1,) * 12)
    assert plan.measure.same_organisation == plan.bounds.same_organisation == 0


def test_hosts_stay_at_their_table() -> None:
    hosts = ((3, 0), (9, 1), (11, 2), (0, 4))
    for rules in ({}, {"organisation": tuple(i % 7 for i in range(23))}):
        plan = planned(23, 5, 4, hosts=hosts, **rules)
        for seats in plan.rounds:
            assert all(person in seats[table] for person, table in hosts)


@pytest.mark.parametrize(("people", "tables"), [(36, 6), (23, 6), (90, 10)])
def test_hosts_stay_where_the_plan_is_searched(people: int, tables: int) -> None:
    hosts = tuple((person, table) for table, person in enumerate(range(1, 2 * tables, 2)))
    plan = planned(people, tables, 4, hosts=hosts)
    for seats in plan.rounds:
        assert all(person in seats[table] for person, table in hosts)


def test_some_people_never_sit_together_and_others_do() -> None:
    apart = ((0, 1), (0, 2), (5, 17))
    wishes = ((3, 4), (20, 6), (7, 8))
    plan = planned(24, 6, 3, apart=apart, wishes=wishes)
    assert plan.measure.apart_broken == plan.measure.wishes_missed == 0
    assert plan.measure.repeats == 0


def test_late_joiners_and_leavers_change_only_the_rounds_to_come() -> None:
    first = planned(30, 6, 5)
    announced = tuple(
        tuple(tuple(p for p in table if p < 27) for table in seats) for seats in first.rounds[:2]
    )
    problem = TablesProblem(people=30, tables=6, rounds=4, announced=announced, away=(4, 8))
    plan = plan_tables(problem, effort=0.5)
    assert plan.rounds[:2] == [[list(table) for table in seats] for seats in announced]
    there = set(range(30)) - {4, 8}
    assert not faults_of_seats(plan.rounds[2:], [there] * 2, 6)
    assert plan.measure.repeats == 0


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = TablesProblem(people=26, tables=6, rounds=5, organisation=tuple(i % 9 for i in range(26)))
    one, again = (plan_tables(problem, effort=0.2, seed=7) for _ in range(2))
    assert one == again


def all_seatings(people: tuple[int, ...], sizes: tuple[int, ...]) -> list[list[tuple[int, ...]]]:
    """Every way to seat people at tables of these sizes; equal tables are not told apart."""
    if not sizes:
        return [[]]
    first, rest = people[0], people[1:]
    found = []
    for size in sorted(set(sizes)):
        others = list(sizes)
        others.remove(size)
        for company in combinations(rest, size - 1):
            left = tuple(p for p in rest if p not in company)
            found += [[(first, *company), *seats] for seats in all_seatings(left, tuple(others))]
    return found


@pytest.mark.parametrize(
    ("people", "tables", "rounds"),
    [(4, 2, 3), (5, 2, 3), (6, 2, 3), (6, 3, 3), (7, 2, 3), (7, 3, 3), (8, 4, 3)],
)
def test_no_plan_is_better_than_ours_on_small_cases(people: int, tables: int, rounds: int) -> None:
    sizes = tuple(len(range(t, people, tables)) for t in range(tables))
    rounds_possible = all_seatings(tuple(range(people)), sizes)
    first = rounds_possible[0]
    best = min(
        (repeats, -distinct)
        for others in combinations(rounds_possible, rounds - 1)
        for repeats, distinct in [repeats_and_distinct([first, *others])]
    )
    plan = planned(people, tables, rounds)
    assert (plan.measure.repeats, -plan.distinct) <= best


def test_no_plan_beats_the_bounds() -> None:
    for seed in range(60):
        rng = random.Random(seed)
        people, rounds = rng.randint(4, 12), rng.randint(1, 6)
        tables = rng.randint(1, people)
        organisation = tuple(rng.randrange(4) for _ in range(people))
        seats = []
        for _ in range(rounds):
            order = sorted(rng.sample(range(people), people), key=organisation.__getitem__)
            seats.append([order[t::tables] for t in range(tables)])
        repeats, distinct = repeats_and_distinct(seats)
        limit = bounds(people, tables, rounds, organisation)
        assert repeats >= limit.repeats
        assert distinct <= limit.distinct


def test_the_checker_sees_what_is_wrong() -> None:
    right = [[[0, 1], [2, 3]]]
    assert faults_of_seats(right, [{0, 1, 2, 3}], 2) == []
    for wrong in ([[0, 1], [2, 2]], [[0, 1], [2]], [[0, 1, 2], [3]], [[0, 1], [2, 3], []], [[0, 1], [2, 4]]):
        assert faults_of_seats([wrong], [{0, 1, 2, 3}], 2)


@pytest.mark.slow
def test_hard_figures_hold() -> None:
    assert planned(100, 10, 6, effort=2).distinct >= 2640
    assert planned(32, 8, 10, effort=12).distinct > 464
