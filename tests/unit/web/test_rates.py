"""How often somebody may do something: so many at once, then so many a minute, and no more, ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.kernel.errors import TooManyRequests
from events_app.web import rates
from events_app.web.rates import RateLimit


def let_in(limit: RateLimit, key: str, now: float) -> bool:
    try:
        limit.take(key, now)
    except TooManyRequests:
        return False
    return True


def test_so_many_at_once_and_then_one_by_one() -> None:
    limit = RateLimit(per_minute=6, burst=3)
    assert [let_in(limit, "a", 0.0) for _ in range(5)] == [True, True, True, False, False]
    assert [let_in(limit, "a", now) for now in (9.9, 10.0, 10.1, 20.0)] == [False, True, False, True]


def test_each_has_its_own() -> None:
    limit = RateLimit(per_minute=1)
    assert [let_in(limit, key, 0.0) for key in "abab"] == [True, True, False, False]


def test_a_quiet_day_saves_no_more_than_the_burst() -> None:
    limit = RateLimit(per_minute=60, burst=2)
    assert [let_in(limit, "a", 86_400.0) for _ in range(4)] == [True, True, False, False]


def test_what_was_done_well_is_given_back_and_never_more_than_the_burst() -> None:
    limit = RateLimit(per_minute=1, burst=2)
    for _ in range(10):
        assert let_in(limit, "a", 0.0)
        limit.give_back("a")
    limit.give_back("a")
    limit.give_back("nobody")
    assert [let_in(limit, "a", 0.0) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("processes", [1, 2, 3, 10, 64])
@pytest.mark.parametrize("promised", [15, 300])
def test_all_processes_together_give_what_was_promised_and_each_at_least_one(
    processes: int, promised: int
) -> None:
    limits = [RateLimit(promised, processes=processes) for _ in range(processes)]
    came = sum(let_in(limit, "a", 0.0) for limit in limits for _ in range(promised))
    assert processes <= came <= max(promised, processes)


def test_only_so_many_keys_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_KEPT", 3)
    limit = RateLimit(per_minute=1, burst=1)
    for key in "abcd":
        assert let_in(limit, key, 0.0)
    assert not let_in(limit, "d", 0.0)
    assert let_in(limit, "a", 0.0)  # forgotten: asked the longest ago


@given(st.integers(1, 600), st.integers(1, 50), st.lists(st.floats(0, 30), max_size=120))
def test_never_more_than_promised(per_minute: int, burst: int, waits: list[float]) -> None:
    limit, now, came = RateLimit(per_minute, burst), 0.0, 0
    for wait in waits:
        now += wait
        came += let_in(limit, "a", now)
        assert came <= burst + now * per_minute / 60 + 1e-6


@given(st.integers(1, 600), st.integers(1, 20), st.lists(st.floats(0, 5), max_size=60))
def test_who_waits_as_long_as_told_is_let_in(per_minute: int, burst: int, waits: list[float]) -> None:
    limit, now = RateLimit(per_minute, burst), 0.0
    for wait in waits:
        now += wait
        try:
            limit.take("a", now)
        except TooManyRequests as refused:
            now += refused.fields["retry_after_seconds"]
            assert let_in(limit, "a", now)
