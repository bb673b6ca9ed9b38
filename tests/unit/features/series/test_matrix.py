"""Who was represented at which meeting."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.series.matrix import (
    Meeting,
    Member,
    Person,
    State,
    cell_of,
    last_representatives,
    matrix_of,
)

START = datetime(2018, 1, 10, 8, tzinfo=UTC)
BEUGIN, LENS = Member("Beugin", "62120"), Member("Lens", "62498")


def meeting(number: int, *, held: bool = True, seen: bool = True) -> Meeting:
    starts_at = START + timedelta(days=30 * number)
    title = f"Rencontre {number}"
    return Meeting(UUID(int=number), f"r{number}", title, starts_at, "Europe/Paris", held, seen, True)


def person(number: int, member: Member = BEUGIN, **state: bool) -> Person:
    known = {"confirmed": True, "excused": False, "came": False} | state
    return Person(UUID(int=number), member.key, "Ana", f"ana{number}@example.org", **known)


@pytest.mark.parametrize(
    ("at", "people", "state"),
    [
        (meeting(1), [person(1, came=True)], State.PRESENT),
        (meeting(1), [person(1), person(1, came=True)], State.PRESENT),
        (meeting(1), [person(1)], State.ABSENT),
        (meeting(1), [person(1, confirmed=False, excused=True)], State.EXCUSED),
        (meeting(1), [], State.ABSENT),
        (meeting(1, seen=False), [person(1)], State.REGISTERED),  # nobody stood at the door: not known
        (meeting(1, held=False, seen=False), [person(1)], State.REGISTERED),
        (meeting(1, held=False, seen=False), [], State.SILENT),
        (meeting(1, held=False, seen=True), [person(1)], State.REGISTERED),  # others are there already
        (meeting(1, held=False, seen=False), [person(1, confirmed=False, excused=True)], State.EXCUSED),
        (meeting(1, held=False, seen=False), [person(1, confirmed=False)], State.SILENT),
    ],
)
def test_what_stands_in_a_cell(at: Meeting, people: list[Person], state: State) -> None:
    assert cell_of(at, people).state is state


def test_absent_twice_in_a_row_is_said_and_meetings_without_a_door_do_not_count() -> None:
    meetings = [meeting(1), meeting(2), meeting(3, seen=False), meeting(4), meeting(5, held=False)]
    people = [person(1, came=True), person(1, LENS, came=True), person(4, LENS, came=True)]

    beugin, lens = matrix_of([BEUGIN, LENS], meetings, people).rows

    assert (beugin.present, beugin.held, beugin.missed_in_a_row, beugin.is_alert) == (1, 3, 2, True)
    assert (lens.present, lens.held, lens.missed_in_a_row, lens.is_alert) == (2, 3, 0, False)


def test_a_commune_counts_once_whoever_and_however_many_come() -> None:
    matrix = matrix_of([BEUGIN, LENS], [meeting(1)], [person(1, came=True) for _ in range(3)])
    assert matrix.represented == [1]


def test_the_last_representatives_are_those_of_the_latest_meeting_that_had_any() -> None:
    meetings = [meeting(2), meeting(1), meeting(3)]
    people = [person(1), person(2), person(1, LENS)]
    assert last_representatives([BEUGIN, LENS, Member("Arras")], meetings, people) == {
        BEUGIN.key: ["ana2@example.org"],
        LENS.key: ["ana1@example.org"],
    }


@given(
    st.lists(
        st.builds(
            lambda n, lens, confirmed, excused, came: person(
                n, LENS if lens else BEUGIN, confirmed=confirmed, excused=excused, came=came
            ),
            st.integers(1, 4),
            st.booleans(),
            st.booleans(),
            st.booleans(),
            st.booleans(),
        ),
        max_size=20,
    )
)
def test_rows_add_up(people: list[Person]) -> None:
    meetings = [meeting(number, held=number < 4, seen=number < 4) for number in range(1, 5)]
    matrix = matrix_of([BEUGIN, LENS], meetings, people)
    for row in matrix.rows:
        assert len(row.cells) == len(meetings)
        assert row.present == sum(cell.state is State.PRESENT for cell in row.cells[:3])
        assert 0 <= row.missed_in_a_row <= row.held == 3
    assert all(0 <= count <= 2 for count in matrix.represented)
