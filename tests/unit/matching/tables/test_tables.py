import random
from itertools import combinations

import pytest
from msgspec.structs import replace

from events_app.matching.checker import faults_of_seats, repeats_and_distinct
from events_app.matching.tables.bounds import Bounds, bounds
from events_app.matching.tables.seating_plan import Measure, TablesPlan, TablesProblem, preferred
from events_app.matching.tables.tables import plan_tables


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
@pytest.mark.parametrize(
    ("people", "tables", "rounds"), [(99, 10, 4), (95, 10, 5), (33, 6, 5), (41, 4, 5), (28, 3, 5)]
)
def test_awkward_numbers_come_near_the_bound(people: int, tables: int, rounds: int) -> None:
    assert planned(people, tables, rounds, effort=1).ratio >= 0.97


@pytest.mark.parametrize(("people", "tables", "rounds"), [(46, 4, 5), (34, 3, 5)])
def test_a_few_repeats_more_are_taken_for_many_more_pairs(people: int, tables: int, rounds: int) -> None:
    plan = planned(people, tables, rounds)
    assert plan.good
    assert plan.bounds.repeats < plan.measure.repeats <= plan.bounds.repeats / 0.97
    assert not plan.proven


@pytest.mark.slow
@pytest.mark.parametrize("people", [38, 61, 72])
def test_six_tables_are_good_over_five_rounds_where_no_orthogonal_squares_are(people: int) -> None:
    plan = planned(people, 6, 5, effort=2)
    company = plan.distinct + plan.measure.lost_pairs
    assert plan.good
    assert plan.measure.repeats <= plan.bounds.repeats + 0.03 * company


@pytest.mark.slow
def test_rules_about_a_few_people_cost_hardly_any_meetings() -> None:
    plan = planned(72, 6, 5, effort=2, apart=((0, 1), (2, 3)), wishes=((4, 5), (6, 7)))
    assert plan.measure.apart_broken == plan.measure.wishes_missed == 0
    assert plan.ratio > 0.96


def test_no_repeat_more_is_taken_where_the_fewest_leave_enough_pairs() -> None:
    # Of about 1,000 meetings 30 more may be repeats.
    fewest = TablesPlan([], Measure(0, 0, 0, 100, 30), 970, Bounds(0, 100, 1000))
    varied = TablesPlan([], Measure(0, 0, 0, 130, 1), 999, Bounds(0, 100, 1000))
    assert preferred([varied, fewest]) is fewest
    fewer_pairs = replace(fewest, measure=Measure(0, 0, 0, 100, 40), distinct=960)
    assert preferred([varied, fewer_pairs]) is varied
    no_more_than_needed = replace(varied, measure=Measure(0, 0, 0, 110, 30), distinct=970)
    assert preferred([varied, no_more_than_needed, fewer_pairs]) is no_more_than_needed
    many_repeats = replace(varied, measure=Measure(0, 0, 0, 180, 0))
    assert preferred([many_repeats, fewer_pairs]) is fewer_pairs
    hardly = replace(varied, measure=Measure(0, 0, 0, 105, 40), distinct=965)
    assert preferred([hardly, fewer_pairs]) is fewer_pairs
    pays = replace(varied, measure=Measure(0, 0, 0, 105, 40), distinct=966)
    assert preferred([pays, fewer_pairs]) is pays
    broken = replace(varied, measure=Measure(0, 1, 0, 101, 2))
    assert preferred([broken, fewer_pairs]) is fewer_pairs


@pytest.mark.parametrize(
    ("people", "tables", "rounds", "repeats", "distinct"),
    [(7, 3, 4, 1, 19), (12, 3, 4, 18, 59), (12, 2, 4, 72, 63)],
)
def test_plans_of_few_people_are_proven_by_looking_at_all(
    people: int, tables: int, rounds: int, repeats: int, distinct: int
) -> None:
    plan = planned(people, tables, rounds, effort=1)
    assert plan.proven
    assert (plan.measure.repeats, plan.distinct) == (repeats, distinct)
    known = bounds(people, tables, rounds, repeats=repeats)
    assert (plan.bounds.repeats, plan.bounds.distinct) != (known.repeats, known.distinct)


@pytest.mark.parametrize(("people", "tables", "rounds"), [(12, 4, 5), (13, 4, 5)])
def test_the_bound_is_lowered_by_what_is_looked_at(people: int, tables: int, rounds: int) -> None:
    plan = planned(people, tables, rounds, effort=2)
    assert plan.good
    assert plan.bounds.distinct < bounds(people, tables, rounds).distinct


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
