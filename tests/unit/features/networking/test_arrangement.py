"""From settings to rounds and tables, and what a plan is worth."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.networking.arrangement import (
    problem_of,
    quality_of,
    round_times,
    settings_errors,
    suggested,
    table_errors,
    tables_for,
)
from events_app.features.networking.model import Guest, PairRule, RoomSettings, Rounds
from events_app.features.networking.pair_rules import rule_errors
from events_app.features.networking.seats import SeatMove, after_moves

START = datetime(2018, 10, 16, 15, 30, tzinfo=UTC)


def person(number: int) -> UUID:
    return uuid5(UUID(int=0), str(number))


def guests(organisations: list[str]) -> list[Guest]:
    return [Guest(person(n), f"Personne {n}", name, "manager") for n, name in enumerate(organisations)]


def test_forty_five_people_are_proposed_eight_tables_and_four_rounds() -> None:
    settings = suggested(45, timedelta(minutes=90))

    assert (settings.tables, settings.rounds, settings.minutes) == (8, 4, 20)


@given(st.integers(0, 3000), st.integers(1, 600))
def test_what_is_proposed_always_fits(people: int, minutes: int) -> None:
    settings = suggested(people, timedelta(minutes=minutes))

    assert settings_errors(settings, START, START + timedelta(minutes=minutes)) == []
    assert tables_for(settings, people) <= max(people, 1)


def test_rounds_follow_each_other_with_a_pause() -> None:
    times = round_times(RoomSettings(rounds=2, minutes=15, pause_minutes=5), START)

    assert [(time.number, time.starts_at - START, time.ends_at - START) for time in times] == [
        (1, timedelta(0), timedelta(minutes=15)),
        (2, timedelta(minutes=20), timedelta(minutes=35)),
    ]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"rounds": 0}, "/rounds"),
        ({"rounds": 31}, "/rounds"),
        ({"minutes": 0}, "/minutes"),
        ({"pause_minutes": -1}, "/pause_minutes"),
        ({"tables": 0}, "/tables"),
        ({"tables": 4, "table_size": 6}, "/table_size"),
        ({"rounds": 5, "minutes": 20}, "/rounds"),
        ({"starts_at": START - timedelta(minutes=1)}, "/starts_at"),
        ({"starts_at": START + timedelta(days=9)}, "/starts_at"),
    ],
)
def test_settings_that_cannot_be_held_are_named(changed: dict[str, object], pointer: str) -> None:
    settings = RoomSettings(**{"rounds": 2, "minutes": 15} | changed)  # type: ignore[arg-type]

    found = settings_errors(settings, START, START + timedelta(minutes=90))

    assert [error.pointer for error in found] == [pointer]


def test_more_tables_than_people_are_refused() -> None:
    settings = RoomSettings(rounds=1, minutes=10, tables=3)

    assert [error.pointer for error in table_errors(settings, 2)] == ["/tables"]
    assert table_errors(settings, 3) == []


@pytest.mark.parametrize(
    ("pairs", "codes"),
    [
        ([("apart", 0, 0)], ["invalid"]),
        ([("apart", 0, 9)], ["unknown"]),
        ([("apart", 0, 1), ("wish", 1, 0)], ["contradiction"]),
        ([("apart", 0, 1), ("apart", 1, 0)], []),
    ],
)
def test_rules_that_make_no_sense_are_named(pairs: list[tuple[str, int, int]], codes: list[str]) -> None:
    rules = [PairRule(kind, [person(a), person(b)]) for kind, a, b in pairs]  # type: ignore[arg-type]
    settings = RoomSettings(rounds=1, minutes=10, rules=rules)

    assert [error.code for error in rule_errors(settings, {person(n) for n in range(3)})] == codes


def test_organisations_are_told_apart_however_they_are_written() -> None:
    people = guests(["Ville de Lens", "ville de lens ", "Béthune", ""])
    settings = RoomSettings(rounds=1, minutes=10, tables=2)

    assert problem_of(people, settings).organisation == (0, 0, 1, -1)


def test_nothing_is_mixed_where_everybody_comes_from_elsewhere() -> None:
    settings = RoomSettings(rounds=1, minutes=10, tables=1)

    assert problem_of(guests(["a", "b", ""]), settings).organisation is None


@st.composite
def seated(draw: st.DrawFn) -> tuple[Rounds, list[Guest]]:
    people = guests(draw(st.lists(st.sampled_from(["a", "b", ""]), min_size=2, max_size=9)))
    tables = draw(st.integers(1, 3))
    rounds: Rounds = []
    for _ in range(draw(st.integers(1, 4))):
        seats: list[list[UUID]] = [[] for _ in range(tables)]
        for guest in people:
            seats[draw(st.integers(0, tables - 1))].append(guest.registration_id)
        rounds.append(seats)
    return rounds, people


@given(seated())
def test_quality_equals_a_count_pair_by_pair(case: tuple[Rounds, list[Guest]]) -> None:
    rounds, people = case
    known = {guest.registration_id: guest for guest in people}
    quality = quality_of(rounds, known, RoomSettings(rounds=len(rounds), minutes=10), 0)

    def together(a: Guest, b: Guest) -> int:
        return sum(
            a.registration_id in table and b.registration_id in table for tables in rounds for table in tables
        )

    pairs = list(combinations(people, 2))
    meetings = {(a.registration_id, b.registration_id): together(a, b) for a, b in pairs}
    others = [sum(together(a, b) > 0 for b in people if b is not a) for a in people]
    alike = sum(together(a, b) for a, b in pairs if a.organisation == b.organisation != "")

    assert quality.distinct == sum(times > 0 for times in meetings.values())
    assert quality.repeats == sum(max(0, times - 1) for times in meetings.values())
    assert quality.same == alike
    assert (quality.least, quality.most) == (min(others), max(others))


@given(seated(), st.data())
def test_moving_somebody_moves_nobody_else(case: tuple[Rounds, list[Guest]], data: st.DataObject) -> None:
    rounds, people = case
    who = data.draw(st.sampled_from(people)).registration_id
    number = data.draw(st.integers(1, len(rounds)))
    table = data.draw(st.integers(1, len(rounds[0])))

    after = after_moves(rounds, [SeatMove(who, number, table)])

    assert who in after[number - 1][table - 1]
    for index, (before, later) in enumerate(zip(rounds, after, strict=True), 1):
        for old, new in zip(before, later, strict=True):
            assert set(old) - {who} == set(new) - {who}
            assert index == number or old == new
