"""Room for callers who have something to say: the server's files are few, and each connection is one.

A caller who connects and says nothing is hung up on after ten seconds (`commands/serve.py`). Where the system
allows few files (1,024 is usual), such callers could hold all of them for so long, and nobody else would be
served. The same is done by bytes that come one by one. So before the last file is taken, connections that are
silent, that never finish what they ask, or that are idle for long are closed, the oldest first.
"""

import asyncio
import os
import resource
import socket
import struct
import sys
from collections.abc import Iterable
from enum import IntEnum

import msgspec

LOOK_SECONDS = 0.25
CROWDED, CALM = 0.75, 0.5  # of the files that may be open: when to close, and until how many are
SILENT_MS = 500  # a browser says what it wants with its first packet or the next
UNFINISHED_MS = 1_000  # its head and, where nothing long is sent, its body too
IDLE_MS = 20_000  # longer than the signs of life of a live page (15 s)
_MOST_TO_TRY = 4096  # file numbers, where the folder of them cannot be opened for want of files
# Linux' struct tcp_info: milliseconds since we sent (or since the beginning) and since they did, bytes of
# ours that they have (one for the connection itself) and bytes that they ever sent.
_SENT_AT, _RECEIVED_AT, _BYTES_ACKED_AT, _LENGTH = 44, 52, 120, 136


Peer = tuple[str, int]
owed: set[Peer] = set()
"""Callers whose request is here: they wait for us, and not we for them."""


class Kind(IntEnum):
    """In the order in which they are closed."""

    SILENT = 0
    """Nothing has ever come from it."""
    UNFINISHED = 1
    """A request has begun to come, and is not whole."""
    IDLE = 2


RIPE_MS = {Kind.SILENT: SILENT_MS, Kind.UNFINISHED: UNFINISHED_MS, Kind.IDLE: IDLE_MS}


class Connection(msgspec.Struct, frozen=True):
    file: int
    kind: Kind
    for_ms: int
    """How long it has been so; of an unfinished request since our last answer, or since it was opened."""


async def keep_room(port: int, stop: asyncio.Event) -> None:
    """Until `stop` is set. Nothing to do where the system does not tell about connections."""
    if sys.platform != "linux":
        return
    while not stop.is_set():
        make_room(port)
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue


def make_room(port: int) -> int:
    """How many connections were closed."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    files = _open_files(most)
    if len(files) < most * CROWDED:
        return 0
    found = [each for file in files if (each := _connection(file, port)) is not None]
    chosen = to_close(found, len(files) - int(most * CALM))
    for connection in chosen:
        _hang_up(connection.file)
    return len(chosen)


def to_close(found: Iterable[Connection], wanted: int) -> list[Connection]:
    """At most `wanted`, of each kind the oldest first."""
    ripe = [each for each in found if each.for_ms >= RIPE_MS[each.kind]]
    return sorted(ripe, key=lambda each: (each.kind, -each.for_ms))[: max(0, wanted)]


def _open_files(most: int) -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:  # the last file is taken
        return [file for file in range(min(most, _MOST_TO_TRY)) if _is_open(file)]


def _is_open(file: int) -> bool:
    try:
        os.fstat(file)
    except OSError:
        return False
    return True


def _connection(file: int, port: int) -> Connection | None:
    """None for what is no connection of a caller."""
    try:
        one = socket.socket(fileno=file)  # the same file, not another one
    except OSError:
        return None
    try:
        if one.getsockname()[1] != port or one.getpeername()[:2] in owed:
            return None
        told = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LENGTH)
        if len(told) < _LENGTH:
            return None
        sent, received = (struct.unpack_from("=I", told, at)[0] for at in (_SENT_AT, _RECEIVED_AT))
        acked, spoken = struct.unpack_from("=QQ", told, _BYTES_ACKED_AT)
        if spoken == 0:
            return Connection(file, Kind.SILENT, received)
        if received < sent or acked <= 1:  # whoever was answered and is idle spoke before we did
            return Connection(file, Kind.UNFINISHED, sent)
        return Connection(file, Kind.IDLE, sent)
    except (OSError, IndexError):
        return None
    finally:
        one.detach()


def _hang_up(file: int) -> None:
    """The server reads the end, and closes it itself."""
    try:
        one = socket.socket(fileno=file)
    except OSError:
        return
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # gone meanwhile
    finally:
        one.detach()
