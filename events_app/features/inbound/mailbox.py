"""The mailbox that is looked into every minute (IMAP, RFC 3501). What was understood is marked as read; the
rest stays unread, with a keyword by which it is not looked at again."""

import asyncio
import imaplib
import logging
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from events_app.features.inbound.reading import MOST_BYTES
from events_app.features.inbound.service import receive
from events_app.infra.world import World

log = logging.getLogger("convive.inbound")

LEFT = "ConviveLeft"
_AT_A_LOOK = 50
_ANSWER_SECONDS = 10.0
_WHOLE_SECONDS = 50.0


async def look_into_mailbox(world: World) -> None:
    """A mailbox that cannot be reached is logged, and looked into again a minute later."""
    if world.settings.imap_url is None:
        return
    try:
        async with asyncio.timeout(_WHOLE_SECONDS):
            await _look(world, world.settings.imap_url.reveal())
    except (imaplib.IMAP4.error, OSError, TimeoutError) as error:
        log.warning("the mailbox could not be read: %s: %s", type(error).__name__, error)


async def _look(world: World, url: str) -> None:
    connection = await asyncio.to_thread(_open, url)
    try:
        for name in await asyncio.to_thread(_unread, connection):
            raw = await asyncio.to_thread(_fetched, connection, name)
            left = raw is None or (await receive(world, raw)).startswith("left")
            flag = LEFT if left else r"\Seen"
            await asyncio.to_thread(_uid, connection, "STORE", name, "+FLAGS.SILENT", f"({flag})")
    finally:
        await asyncio.to_thread(_close, connection)


def _open(url: str) -> imaplib.IMAP4:
    """Raises OSError, IMAP4.error."""
    parts = urlsplit(url)
    where: dict[str, Any] = {"host": parts.hostname or "", "timeout": _ANSWER_SECONDS}
    make: Callable[..., imaplib.IMAP4] = imaplib.IMAP4
    if parts.scheme == "imaps":
        make, where["ssl_context"] = imaplib.IMAP4_SSL, ssl.create_default_context()
    connection = make(**where, port=parts.port or (993 if parts.scheme == "imaps" else 143))
    try:
        if parts.scheme == "imap+starttls":
            connection.starttls(ssl.create_default_context())
        name, secret = unquote(parts.username or ""), unquote(parts.password or "")
        connection.authenticate("PLAIN", lambda _: f"\0{name}\0{secret}".encode())
        folder = unquote(parts.path.strip("/")).replace("\\", "\\\\").replace('"', '\\"')
        answer, words = connection.select(f'"{folder}"')
        if answer != "OK":
            raise imaplib.IMAP4.error(f"no folder {folder}: {words!r}")
    except BaseException:
        connection.shutdown()
        raise
    return connection


def _unread(connection: imaplib.IMAP4) -> list[str]:
    found = _uid(connection, "SEARCH", "UNSEEN", "UNKEYWORD", LEFT)
    return [name.decode() for name in (found[0] or b"").split()[:_AT_A_LOOK]]


def _fetched(connection: imaplib.IMAP4, name: str) -> bytes | None:
    """One byte more than is read of a message tells that it is larger. None: it is gone."""
    found = _uid(connection, "FETCH", name, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
    return bytes(found[0][1]) if found and isinstance(found[0], tuple) else None


def _uid(connection: imaplib.IMAP4, command: str, *words: str) -> list[Any]:
    answer, found = connection.uid(command, *words)
    if answer != "OK":
        raise imaplib.IMAP4.error(f"{command}: {found!r}")
    return found


def _close(connection: imaplib.IMAP4) -> None:
    try:
        connection.logout()
    except (imaplib.IMAP4.error, OSError):
        connection.shutdown()
