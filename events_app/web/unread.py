"""Whoever is answered before a long body was read is told that the connection ends with the answer.

The server hangs up rather than read the rest; unannounced, a next request on the same connection would be
lost (RFC 9112, section 9.6).
"""

from collections.abc import Mapping
from typing import Any

from litestar.types import Message, Receive, Send

LONG_BODY = 8_192  # bytes; a shorter one arrives with its head


def has_long_body(headers: Mapping[bytes, str]) -> bool:
    length = headers.get(b"content-length", "0")
    return b"transfer-encoding" in headers or not length.isdigit() or int(length[:12]) > LONG_BODY


def announcing_the_end(receive: Receive, send: Send) -> tuple[Receive, Send]:
    """Of one request with a long body."""
    finished = False

    async def noting() -> Any:
        nonlocal finished
        message = await receive()
        finished = finished or not message.get("more_body", False)
        return message

    async def announcing(message: Message) -> None:
        if message["type"] == "http.response.start" and not finished:
            message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
        await send(message)

    return noting, announcing
