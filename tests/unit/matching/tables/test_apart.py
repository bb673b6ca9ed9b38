"""People who must not meet: kept apart wherever that is possible, and what contradicts it where it is not."""

import random
from collections.abc import Sequence
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.matching.files.networking import solve
from events_app.matching.files.planning import PlanOptions
from events_app.matching.tables.keeping_apart import conflict, seated
from events_app.matching.tables.problem import Infeasible
from events_app.matching.tables.seating_plan import TablesProblem
from events_app.matching.tables.tables import plan_tables
from tests.unit.matching.checker import faults_of_seats

PLENTY = 60.0


def seats_of(
    people: int, tables: int, hosts: Sequence[tuple[int, int]], apart: Sequence[tuple[int, int]]
) -> list[list[int]] | None:
    found, certain = seated(range(people), tables, hosts, apart, seconds=PLENTY, chance=random.Random(1))
    assert certain
    return found


@st.composite
def rules(draw: st.DrawFn) -> tuple[int, int, list[tuple[int, int]], list[tuple[int, int]]]:
    people = draw(st.integers(2, 6))
    tables = draw(st.integers(1, min(people, 3)))
    pairs = list(combinations(range(people), 2))
    apart = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8))
    staying = draw(st.lists(st.sampled_from(range(people)), unique=True, max_size=3))
    hosts = [(person, draw(st.integers(0, tables - 1))) for person in staying]
    return people, tables, hosts, apart


def obeyed(
    people: int, tables: int, hosts: list[tuple[int, int]], apart: list[tuple[int, int]]
) -> set[frozenset[int]]:
    """For each way to seat people at even tables the rules that it obeys: pairs first, then hosts."""
    found = set()
    for table_of in product(range(tables), repeat=people):
        sizes = [table_of.count(t) for t in range(tables)]
        if max(sizes) - min(sizes) <= 1:
            kept = [table_of[p] != table_of[q] for p, q in apart] + [table_of[p] == t for p, t in hosts]
            found.add(frozenset(i for i, yes in enumerate(kept) if yes))
    return found


@given(rules())
def test_seatings_and_conflicts_are_those_of_an_enumeration(
    drawn: tuple[int, int, list[tuple[int, int]], list[tuple[int, int]]],
) -> None:
    people, tables, hosts, apart = drawn
    ways = obeyed(people, tables, hosts, apart)
    every = range(len(apart) + len(hosts))
    seats = seats_of(people, tables, hosts, apart)
    assert (seats is not None) == (frozenset(every) in ways)
    if seats is not None:
        assert not faults_of_seats([seats], [set(range(people))], tables)
        assert not any(p in table and q in table for table in seats for p, q in apart)
        assert all(person in seats[table] for person, table in hosts)
        return
    named = conflict(range(people), tables, hosts, apart, PLENTY)
    assert named.irreducible
    assert seats_of(people, tables, named.hosts, named.apart) is None
    for left in range(len(named.apart) + len(named.hosts)):
        rules = [*named.apart, *named.hosts]
        del rules[left]
        number = len(named.apart) - (left < len(named.apart))
        assert seats_of(people, tables, rules[number:], rules[:number]) is not None


def refused(**rules: object) -> Infeasible:
    with pytest.raises(Infeasible) as raised:
        plan_tables(TablesProblem(**rules), effort=0.1)
    return raised.value


def test_more_people_who_avoid_each_other_than_tables_are_named() -> None:
    clique = tuple(combinations((2, 5, 7, 11, 13), 2))
    others = ((0, 1), (2, 3), (5, 6), (8, 9), (9, 10))
    found = refused(people=20, tables=4, rounds=3, apart=others + clique)
    assert (found.apart, found.hosts, found.tables, found.irreducible) == (clique, (), 4, True)


def test_who_avoids_all_hosts_is_named_with_the_hosts() -> None:
    hosts = ((0, 0), (1, 1), (2, 2))
    found = refused(people=12, tables=3, rounds=2, hosts=hosts, apart=((0, 9), (9, 1), (2, 9), (4, 5)))
    assert found.apart == ((0, 9), (1, 9), (2, 9))
    assert found.hosts == hosts


def test_even_tables_are_a_rule() -> None:
    # Alone at a table, person 0 would avoid all others; but every table seats two.
    found = refused(people=8, tables=4, rounds=1, apart=tuple((0, q) for q in range(1, 8)))
    assert len(found.apart) == 7
    assert found.irreducible


def test_where_the_search_ends_undecided_the_plan_counts_what_it_breaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("events_app.matching.tables.planner.APART_SECONDS", 0)
    plan = plan_tables(
        TablesProblem(people=8, tables=2, rounds=2, apart=((0, 1), (1, 2), (0, 2))), effort=0.05
    )
    assert plan.measure.apart_broken > 0
    assert not plan.proven


@pytest.mark.parametrize("seed", range(3))
def test_nobody_meets_whom_they_must_not_wherever_a_seating_exists(seed: int) -> None:
    chance = random.Random(seed)
    people, tables = 40, 5
    place = [p % tables for p in chance.sample(range(people), people)]
    apart = tuple(
        (p, q) for p, q in combinations(range(people), 2) if place[p] != place[q] and chance.random() < 0.85
    )
    hosts = tuple((place.index(table), table) for table in range(tables))
    plan = plan_tables(
        TablesProblem(people=people, tables=tables, rounds=3, hosts=hosts, apart=apart), effort=0.05
    )
    assert plan.measure.apart_broken == 0
    assert not faults_of_seats(plan.rounds, [set(range(people))] * 3, tables)


def test_announced_rounds_stay_though_they_break_a_rule() -> None:
    announced = (((0, 1), (2, 3)),)
    problem = TablesProblem(people=4, tables=2, rounds=2, announced=announced, apart=((0, 1),))
    assert plan_tables(problem, effort=0.05).measure.apart_broken == 1


def test_the_command_names_the_rules() -> None:
    data = {"problem": "tables", "people": 6, "tables": 2, "size": 3, "rounds": 2}
    with pytest.raises(Infeasible, match=r"^apart: .* 2 even tables .* pairs 0-1, 0-2, 1-2 "):
        solve({**data, "apart": [[0, 1], [1, 2], [2, 0], [3, 4]]}, PlanOptions(seconds=1))
