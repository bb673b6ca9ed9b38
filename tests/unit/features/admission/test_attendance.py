"""How long somebody was there, from what the doors read."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from events_app.features.admission.attendance import Reading, attended
from events_app.features.events.model import SessionKind, SessionRecord
from tests.unit.features.records import event as event_record

PARIS = "Europe/Paris"


def session_record(**times: datetime) -> SessionRecord:
    blank = {
        name: {int: 0, bool: False, str: ""}.get(kind)  # type: ignore[call-overload]
        for name, kind in SessionRecord.__annotations__.items()
    }
    return SessionRecord(**blank | {"id": uuid4(), "kind": SessionKind.WORKSHOP} | times)


EVENT = event_record(
    timezone=PARIS,
    starts_at=datetime(2018, 4, 10, 7, tzinfo=UTC),  # 9:00 in Paris
    ends_at=datetime(2018, 4, 10, 15, tzinfo=UTC),
)
LATER = datetime(2018, 5, 1, tzinfo=UTC)


def at(hours: float, direction: str = "in", session: UUID | None = None) -> Reading:
    """`hours` of 10 April in Paris."""
    return Reading(datetime(2018, 4, 9, 22, tzinfo=UTC) + timedelta(hours=hours), direction, session)


def minutes(*readings: Reading, now: datetime = LATER) -> list[tuple[int, bool, int]]:
    found = attended(EVENT, [], readings, now)
    assert found.minutes == sum(each.minutes for each in found.half_days)
    return [(each.day.day, each.is_morning, each.minutes) for each in found.half_days]


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([], []),
        ([at(9)], [(10, True, 240), (10, False, 240)]),
        ([at(8.5)], [(10, True, 240), (10, False, 240)]),  # early: from the opening on
        ([at(14)], [(10, False, 180)]),
        ([at(9), at(12, "out")], [(10, True, 180)]),
        ([at(9), at(10, "out"), at(11), at(12, "out")], [(10, True, 120)]),
        ([at(9), at(10)], [(10, True, 240), (10, False, 240)]),  # read twice
        ([at(9, "out"), at(10)], [(10, True, 180), (10, False, 240)]),
        ([at(18)], []),  # after it closed
        ([at(-20)], []),  # the day before
    ],
)
def test_half_days_of_one_day(readings: list[Reading], expected: list[tuple[int, bool, int]]) -> None:
    assert minutes(*readings) == expected


def test_while_it_goes_on_it_counts_until_now() -> None:
    assert minutes(at(9), now=datetime(2018, 4, 10, 8, tzinfo=UTC)) == [(10, True, 60)]
    assert minutes(at(9), now=datetime(2018, 4, 10, 6, tzinfo=UTC)) == []


def test_whoever_comes_on_two_of_three_days_was_there_on_two() -> None:
    event = event_record(timezone=PARIS, starts_at=EVENT.starts_at, ends_at=EVENT.ends_at + timedelta(days=2))
    found = attended(event, [], [at(9), at(24 + 24 + 10)], LATER).half_days
    assert [(each.day.day, each.is_morning, each.minutes) for each in found] == [
        (10, True, 240),
        (10, False, 240),
        (12, True, 180),
        (12, False, 240),
    ]


def test_the_day_of_a_long_event_goes_from_its_first_session_to_its_last() -> None:
    event = event_record(timezone=PARIS, starts_at=EVENT.starts_at, ends_at=EVENT.ends_at + timedelta(days=1))
    session = session_record(
        starts_at=datetime(2018, 4, 10, 12, tzinfo=UTC), ends_at=datetime(2018, 4, 10, 13, tzinfo=UTC)
    )
    found = attended(event, [session], [at(9)], LATER).half_days
    assert [(each.day.day, each.minutes) for each in found] == [(10, 60)]


def test_a_sessions_own_door_says_that_it_was_attended_and_nothing_counts_twice() -> None:
    session = session_record(
        starts_at=datetime(2018, 4, 10, 12, tzinfo=UTC), ends_at=datetime(2018, 4, 10, 13, tzinfo=UTC)
    )
    there = [at(14.25, session=session.id), at(14.5, session=uuid4())]
    assert attended(EVENT, [session], there, LATER).minutes == 45
    assert attended(EVENT, [session], [at(9), *there], LATER).minutes == 480


def test_midnight_that_clocks_skip_is_a_time_too() -> None:
    event = event_record(
        timezone="Africa/Cairo",  # 26 April 2024: 00:00 does not exist
        starts_at=datetime(2024, 4, 25, 6, tzinfo=UTC),
        ends_at=datetime(2024, 4, 26, 12, tzinfo=UTC),
    )
    reading = Reading(datetime(2024, 4, 26, 7, tzinfo=UTC), "in", None)
    assert attended(event, [], [reading], datetime(2025, 1, 1, tzinfo=UTC)).minutes > 0
