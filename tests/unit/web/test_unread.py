"""A connection ends with an answer that came before the body was read, and says so."""

import asyncio
from typing import Any

import pytest

from events_app.web.unread import LONG_BODY, announcing_the_end, has_long_body


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


@pytest.mark.parametrize(("reads", "closes"), [(0, True), (1, True), (2, False)])
def test_an_answer_before_the_end_of_the_body_closes(reads: int, closes: bool) -> None:
    parts: list[Any] = [{"type": "http.request", "body": b"a", "more_body": more} for more in (True, False)]
    sent: list[Any] = []

    async def run() -> None:
        async def receive() -> Any:
            return parts.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        hear, say = announcing_the_end(receive, send)
        for _ in range(reads):
            await hear()
        await say({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})  # type: ignore[arg-type]
        await say({"type": "http.response.body", "body": b"", "more_body": False})

    asyncio.run(run())
    assert ((b"connection", b"close") in sent[0]["headers"]) is closes
    assert sent[0]["headers"][0] == (b"a", b"b")
    assert sent[1] == {"type": "http.response.body", "body": b"", "more_body": False}
