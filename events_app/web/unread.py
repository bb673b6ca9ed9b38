"""Whoever is answered before a long body was read hears the answer, and not a connection that broke.

Granian hangs up on what it was not asked to read: a caller who still sends gets a reset in place of the
answer, and a proxy makes a 502 of it. So the rest is read and dropped first. What is too long or too slow for
that is told that the connection ends with the answer (RFC 9112, section 9.6).
"""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from litestar.types import Message, Receive, Send

LONG_BODY = 8_192  # bytes; a shorter one arrives with its head
DROPPED_BYTES = 16_000_000  # more than any form takes and any proxy of ours lets through
DROPPED_SECONDS = 2.0


def has_long_body(headers: Mapping[bytes, str]) -> bool:
    length = headers.get(b"content-length", "0")
    return b"transfer-encoding" in headers or not length.isdigit() or int(length[:12]) > LONG_BODY


def heard_to_the_end(receive: Receive, send: Send) -> tuple[Receive, Send]:
    """Of one request with a long body."""
    finished = False

    async def noting() -> Any:
        nonlocal finished
        message = await receive()
        finished = finished or not message.get("more_body", False)
        return message

    async def dropping() -> None:
        dropped = 0
        while not finished and dropped < DROPPED_BYTES:
            dropped += len((await noting()).get("body", b""))

    async def answering(message: Message) -> None:
        if message["type"] == "http.response.start" and not finished:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(dropping(), DROPPED_SECONDS)
            if not finished:
                message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
        await send(message)

    return noting, answering
