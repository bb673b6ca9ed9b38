"""Passwords: argon2id, off the event loop, a few at a time."""

from functools import cache
from typing import TYPE_CHECKING

from events_app.infra.threads import in_thread

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12  # characters; no rule of composition (NIST SP 800-63B section 3.1.1.2)
LONGEST = 200


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # loads a C library: not at the server's start

    return PasswordHasher()  # argon2id with the parameters of RFC 9106, second recommended option


async def hash_password(password: str) -> str:
    return await in_thread(lambda: _hasher().hash(password))


async def verify_password(stored: str | None, password: str) -> bool:
    """Takes the same time for an account without a password as for a wrong one."""
    return await in_thread(lambda: _verify(stored, password))


def _verify(stored: str | None, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    if stored is None:
        _hasher().hash(password)
        return False
    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
