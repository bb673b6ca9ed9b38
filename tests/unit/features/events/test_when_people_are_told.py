"""Changes are gathered, told at civil hours, and at once near the start."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from events_app.features.events.telling import telling_time

EVENT: Any = SimpleNamespace(starts_at=datetime(2018, 4, 10, 12, 0, tzinfo=UTC), timezone="Europe/Paris")


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2018-03-01T10:00", "2018-03-01T10:10"),
        ("2018-03-01T20:30", "2018-03-02T07:00"),  # 21:30 in Paris: at eight the next morning
        ("2018-03-01T03:00", "2018-03-01T07:00"),
        ("2018-03-01T18:55", "2018-03-02T07:00"),  # gathered beyond eight in the evening
        ("2018-04-08T11:55", "2018-04-08T12:00"),  # never later than two days before
        ("2018-04-08T12:00", "2018-04-08T12:00"),
        ("2018-04-09T23:00", "2018-04-09T23:00"),
    ],
)
def test_when_a_change_is_told(now: str, told: str) -> None:
    found = telling_time(datetime.fromisoformat(now + "+00:00"), EVENT, 10)
    assert found == datetime.fromisoformat(told + "+00:00")


def test_without_gathering_it_is_told_at_once_at_any_hour() -> None:
    night = datetime(2018, 3, 1, 2, 0, tzinfo=UTC)
    assert telling_time(night, EVENT, 0) == night
