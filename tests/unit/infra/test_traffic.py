"""A rush is many requests in a short time, and it ends by itself."""

import time

from events_app.infra import traffic


def test_a_few_requests_are_no_rush() -> None:
    traffic._recent.clear()
    for _ in range(traffic.BUSY_REQUESTS - 1):
        traffic.note_request()
    assert not traffic.is_busy()


def test_many_at_once_are_one_until_they_are_over() -> None:
    traffic._recent.clear()
    for _ in range(traffic.BUSY_REQUESTS):
        traffic.note_request()
    assert traffic.is_busy()
    time.sleep(traffic.BUSY_SECONDS + 0.02)
    assert not traffic.is_busy()
