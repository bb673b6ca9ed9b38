"""Which reminder's time has come."""

from datetime import UTC, datetime, timedelta

import pytest

from events_app.features.mailing.reminders import due_now

START = datetime(2018, 4, 10, 12, 0, tzinfo=UTC)
WEEK, DAY, TWO_HOURS = 10080, 1440, 120


@pytest.mark.parametrize(
    ("before", "due"),
    [
        (timedelta(days=8), None),
        (timedelta(days=7), WEEK),
        (timedelta(days=6), WEEK),
        (timedelta(days=5), None),  # the worker was away: too late to say "in seven days"
        (timedelta(days=1), DAY),
        (timedelta(hours=19), DAY),
        (timedelta(hours=12), None),
        (timedelta(hours=2), TWO_HOURS),
        (timedelta(minutes=80), None),
        (timedelta(0), None),
        (timedelta(hours=-1), None),
    ],
)
def test_a_reminder_comes_at_its_time_and_not_much_later(before: timedelta, due: int | None) -> None:
    assert due_now([WEEK, DAY, TWO_HOURS], START, START - before) == due


def test_without_reminders_nothing_is_due() -> None:
    assert due_now([], START, START - timedelta(days=1)) is None
