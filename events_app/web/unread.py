"""Bodies come within their time, and whoever is answered before theirs was read hears the answer, and not a
connection that broke.

Granian hangs up on what it was not asked to read: a caller who still sends gets a reset in place of the
answer, and a proxy makes a 502 of it. So the rest is read and dropped first. What is too long or too slow for
that is told that the connection ends with the answer (RFC 9112, section 9.6).
"""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from litestar.types import Message, Receive, Send

from events_app.infra.connections import Peer, owed
from events_app.kernel.errors import TooSlow

DROPPED_BYTES = 16_000_000  # more than any form takes and any proxy of ours lets through
DROPPED_SECONDS = 2.0
BODY_SECONDS = 30.0
SLOWEST = 20_000  # bytes a second, of a long body: a telephone where the network is bad


def has_body(headers: Mapping[bytes, str]) -> bool:
    return b"transfer-encoding" in headers or headers.get(b"content-length", "0") != "0"


def seconds_for(headers: Mapping[bytes, str]) -> float:
    length = headers.get(b"content-length", "")
    promised = int(length[:12]) if length.isascii() and length.isdigit() else DROPPED_BYTES
    return BODY_SECONDS + min(promised, DROPPED_BYTES) / SLOWEST


def heard_to_the_end(receive: Receive, send: Send, seconds: float, peer: Peer) -> tuple[Receive, Send]:
    """Of one request with a body, which may take so many `seconds`. Reading raises `TooSlow`, also when the
    caller went away."""
    finished = False
    deadline = asyncio.get_running_loop().time() + seconds

    async def noting() -> Any:
        nonlocal finished
        if finished:
            return await receive()
        owed.discard(peer)  # it is they who have to go on
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        finally:
            owed.add(peer)
        finished = not message.get("more_body", False)
        if message["type"] == "http.disconnect":  # nobody hears it; to Litestar this is a fault of ours
            raise TooSlow
        return message

    async def dropping() -> None:
        dropped = 0
        while not finished and dropped < DROPPED_BYTES:
            dropped += len((await noting()).get("body", b""))

    async def answering(message: Message) -> None:
        if message["type"] == "http.response.start" and not finished:
            with contextlib.suppress(TimeoutError, TooSlow):
                await asyncio.wait_for(dropping(), DROPPED_SECONDS)
            if not finished:
                message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
        await send(message)

    return noting, answering
