"""Passwords: argon2id, off the event loop, a few at a time and not many waiting."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING

from events_app.infra.threads import WIDTH, in_thread
from events_app.kernel.errors import Unavailable

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12  # characters; no rule of composition (NIST SP 800-63B section 3.1.1.2)
LONGEST = 200
MOST_AT_ONCE = WIDTH + 8
"""At work and waiting: each takes some 50 ms of a processor and 64 MiB. Whoever comes beyond is asked to come
again rather than kept, so that a rush never makes anybody else wait for long."""


class _Desk:
    def __init__(self) -> None:
        self._inside = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Raises `Unavailable` when the queue is full."""
        if self._inside >= MOST_AT_ONCE:
            raise Unavailable(retry_after_seconds=2)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1


_desk = _Desk()


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # loads a C library: not at the server's start

    return PasswordHasher()  # argon2id with the parameters of RFC 9106, second recommended option


@cache
def _nobodys() -> str:
    """A hash that no password has, to check against where there is none: the same work."""
    hasher = _hasher()
    salt, digest = (
        b64encode(bytes(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


async def hash_password(password: str) -> str:
    """Raises `Unavailable`."""
    async with _desk.place():
        return await in_thread(lambda: _hasher().hash(password))


async def verify_password(stored: str | None, password: str) -> bool:
    """Takes the same time for an account without a password, or for none. Raises `Unavailable`."""
    async with _desk.place():
        return await in_thread(lambda: _verify(stored or _nobodys(), password))


def _verify(stored: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
