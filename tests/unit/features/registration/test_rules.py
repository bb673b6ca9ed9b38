"""May somebody register now, and as what."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.events.model import EventStatus
from events_app.features.events.places import EventCounts
from events_app.features.registration.model import RegistrationStatus
from events_app.features.registration.rules import EventFull, closed_because, decide_registration
from tests.unit.features.records import START, event

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "now", "by_hand", "reason"),
    [
        ({}, START - HOUR, False, None),
        ({}, START, False, "over"),
        ({}, START, True, None),
        ({}, START + 2 * HOUR, True, "over"),
        ({"registration_opens_at": START - HOUR}, START - 2 * HOUR, False, "not_open_yet"),
        ({"registration_opens_at": START - HOUR}, START - HOUR, False, None),
        ({"registration_opens_at": START - HOUR}, START - 2 * HOUR, True, None),
        ({"registration_closes_at": START - HOUR}, START - HOUR, False, "over"),
        ({"registration_required": False}, START - HOUR, True, "not_needed"),
        ({"status": EventStatus.DRAFT}, START - HOUR, True, "draft"),
        ({"status": EventStatus.CANCELLED}, START - HOUR, False, "cancelled"),
        ({"status": EventStatus.POSTPONED}, START - HOUR, False, "postponed"),
    ],
)
def test_when_registration_is_open(
    fields: dict[str, Any], now: datetime, by_hand: bool, reason: str | None
) -> None:
    assert closed_because(event(**fields), now, by_hand) == reason


@pytest.mark.parametrize(
    ("fields", "confirmed", "waiting", "size", "status"),
    [
        ({"capacity": None}, 10_000, 0, 50, "confirmed"),
        ({"capacity": 40}, 39, 0, 1, "confirmed"),
        ({"capacity": 40}, 39, 0, 2, "waiting"),
        ({"capacity": 40}, 40, 0, 1, "waiting"),
        ({"capacity": 40}, 38, 1, 1, "waiting"),  # the free places are kept for who waits
        ({"capacity": 40, "approval": True}, 40, 3, 1, "pending"),
        ({"capacity": 40, "waiting_list": False}, 40, 0, 1, None),
        ({"capacity": 3}, 0, 0, 4, None),  # could only block the line
    ],
)
def test_as_what_somebody_comes_in(
    fields: dict[str, Any], confirmed: int, waiting: int, size: int, status: str | None
) -> None:
    def decided() -> RegistrationStatus:
        return decide_registration(event(**fields), EventCounts(confirmed, waiting), size)

    if status is None:
        with pytest.raises(EventFull):
            decided()
    else:
        assert decided() == status


@given(st.integers(0, 20), st.lists(st.integers(1, 3), max_size=30))
def test_never_one_place_too_many(capacity: int, sizes: list[int]) -> None:
    taken, waiting = 0, 0
    for size in sizes:
        try:
            status = decide_registration(event(capacity=capacity), EventCounts(taken, waiting), size)
        except EventFull:
            continue
        if status is RegistrationStatus.CONFIRMED:
            taken += size
        else:
            waiting += 1
    assert taken <= capacity
