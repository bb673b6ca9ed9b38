"""An answer that comes before the body was read is heard; the connection goes on where the rest is short."""

import asyncio
from typing import Any

import pytest

from events_app.web import unread
from events_app.web.unread import LONG_BODY, has_long_body, heard_to_the_end


@pytest.mark.parametrize(
    ("headers", "long"),
    [
        ({}, False),
        ({b"content-length": "0"}, False),
        ({b"content-length": str(LONG_BODY)}, False),
        ({b"content-length": str(LONG_BODY + 1)}, True),
        ({b"content-length": "9" * 400}, True),
        ({b"content-length": "-1"}, True),
        ({b"content-length": ""}, True),
        ({b"transfer-encoding": "chunked"}, True),
    ],
)
def test_a_body_that_may_be_long(headers: dict[bytes, str], long: bool) -> None:
    assert has_long_body(headers) is long


def answered(parts: list[Any], reads: int = 0) -> list[Any]:
    """What is sent where `reads` of the parts were read before the answer; after the last, silence."""
    sent: list[Any] = []

    async def run() -> None:
        async def receive() -> Any:
            if parts:
                return parts.pop(0)
            return await asyncio.Event().wait()

        async def send(message: Any) -> None:
            sent.append(message)

        hear, say = heard_to_the_end(receive, send)
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
