"""An answer that comes before the body was read is heard; the connection goes on where the rest is short."""

import asyncio
from typing import Any, cast

import pytest
from litestar.types import Send

from events_app.infra.connections import owed
from events_app.kernel.errors import TooSlow
from events_app.web import unread
from events_app.web.unread import (
    BODY_SECONDS,
    DROPPED_BYTES,
    SLOWEST,
    has_body,
    heard_to_the_end,
    seconds_for,
)

PEER = ("192.0.2.1", 4711)


@pytest.mark.parametrize(
    ("headers", "has"),
    [
        ({}, False),
        ({b"content-length": "0"}, False),
        ({b"content-length": "1"}, True),
        ({b"content-length": "9" * 400}, True),
        ({b"content-length": "-1"}, True),
        ({b"content-length": ""}, True),
        ({b"transfer-encoding": "chunked"}, True),
    ],
)
def test_what_has_a_body_and_how_long_it_may_take(headers: dict[bytes, str], has: bool) -> None:
    assert has_body(headers) is has
    assert BODY_SECONDS <= seconds_for(headers) <= BODY_SECONDS + DROPPED_BYTES / SLOWEST


def answered(parts: list[Any], reads: int = 0, seconds: float = 9) -> list[Any]:
    """What is sent where `reads` of the parts were read before the answer; after the last, silence."""
    sent: list[Any] = []

    async def run() -> None:
        async def receive() -> Any:
            if parts:
                return parts.pop(0)
            return await asyncio.Event().wait()

        async def send(message: Any) -> None:
            sent.append(message)

        hear, say = heard_to_the_end(receive, send, seconds, PEER)
        for _ in range(reads):
            await hear()
        await say({"type": "http.response.start", "status": 413, "headers": [(b"a", b"b")]})  # type: ignore[arg-type]
        await say({"type": "http.response.body", "body": b"", "more_body": False})

    asyncio.run(run())
    assert sent[0]["headers"][0] == (b"a", b"b")
    assert sent[1] == {"type": "http.response.body", "body": b"", "more_body": False}
    return sent


def part(body: bytes, more: bool) -> Any:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.parametrize("reads", [0, 1, 2])
def test_the_rest_is_read_before_the_answer_and_the_connection_goes_on(reads: int) -> None:
    parts = [part(b"a", True), part(b"b", False)]
    assert (b"connection", b"close") not in answered(parts, reads)[0]["headers"]
    assert not parts


@pytest.mark.parametrize("parts", [[], [part(b"a", True)]])
def test_whoever_sends_too_slowly_is_answered_and_hung_up_on(
    parts: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "DROPPED_SECONDS", 0.01)
    assert (b"connection", b"close") in answered(parts)[0]["headers"]


def test_of_a_body_without_end_no_more_than_the_limit_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread, "DROPPED_BYTES", 30)
    parts = [part(b"x" * 10, True) for _ in range(5)]
    assert (b"connection", b"close") in answered(parts)[0]["headers"]
    assert len(parts) == 2


def test_a_caller_who_went_away_is_not_waited_for() -> None:
    parts = [part(b"a", True), {"type": "http.disconnect"}]
    assert (b"connection", b"close") not in answered(parts)[0]["headers"]


def test_a_body_that_does_not_come_within_its_time_is_given_up() -> None:
    with pytest.raises(TooSlow):
        answered([part(b"a", True)], reads=2, seconds=0.01)


def test_whose_body_is_awaited_waits_for_nothing_of_ours() -> None:
    seen = []

    async def run() -> None:
        parts = [part(b"a", True), part(b"b", False), {"type": "http.disconnect"}]

        async def receive() -> Any:
            seen.append(PEER in owed)
            return parts.pop(0)

        owed.add(PEER)
        hear, _ = heard_to_the_end(receive, cast(Send, receive), 9, PEER)
        for _ in range(3):
            await hear()
            assert PEER in owed
        owed.discard(PEER)

    asyncio.run(run())
    assert seen == [False, False, True]


def test_a_caller_who_goes_away_within_their_body_is_no_fault_of_ours() -> None:
    with pytest.raises(TooSlow):
        answered([part(b"a", True), {"type": "http.disconnect"}], reads=2)
