"""What a caller may want to catch, whichever driver said it."""

import sqlite3
from typing import NoReturn

import asyncpg


class UniqueViolation(Exception):
    """A unique index refused a row.

    `constraint` is what the driver knows: "table.column, table.other" on SQLite, the index's name on
    PostgreSQL. There the open transaction is lost with it: catch it *around* `write_transaction()`, or avoid
    it with `ON CONFLICT`.
    """

    def __init__(self, constraint: str) -> None:
        super().__init__(f"already taken: {constraint}")
        self.constraint = constraint


class DatabaseBusy(Exception):
    """Another transaction was in the way for too long, or won: nothing was written, trying again is safe."""


class LostRace(DatabaseBusy):
    """PostgreSQL ended this transaction because another one could not go on beside it."""


class Unstorable(Exception):
    """A value that one of the databases cannot hold, so none does: NUL in text, a lone surrogate, a number
    beyond 64 bits. Somebody typed or built it; nothing was written."""


_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_UNIQUE = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)


def is_busy(error: sqlite3.Error) -> bool:
    # The low byte is the primary code; SQLITE_BUSY_SNAPSHOT and the like sit above it.
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF in _BUSY


def reraise(error: Exception) -> NoReturn:
    """For `except` clauses around a driver: its error as ours where we have one, else unchanged."""
    ours = _translate(error)
    if ours is error:
        raise error
    raise ours from error


def _translate(error: Exception) -> Exception:
    if isinstance(error, sqlite3.Error):
        if getattr(error, "sqlite_errorcode", None) in _UNIQUE:
            return UniqueViolation(str(error).partition("failed: ")[2] or str(error))
        return DatabaseBusy(str(error)) if is_busy(error) else error
    if isinstance(error, asyncpg.UniqueViolationError):
        return UniqueViolation(error.constraint_name or str(error))
    if isinstance(error, asyncpg.SerializationError | asyncpg.DeadlockDetectedError):
        return LostRace(str(error))
    if isinstance(error, asyncpg.LockNotAvailableError):
        return DatabaseBusy(str(error))
    if isinstance(error, asyncpg.DataError | OverflowError | UnicodeEncodeError) and _is_value(error):
        return Unstorable("a value that no database can hold")  # the value itself must not reach a log
    return error


_VALUES = (
    OverflowError,
    UnicodeEncodeError,
    asyncpg.CharacterNotInRepertoireError,
    asyncpg.UntranslatableCharacterError,
    asyncpg.NumericValueOutOfRangeError,
    asyncpg.DatetimeFieldOverflowError,
)


def _is_value(error: Exception) -> bool:
    """Not a mistake of ours in a type: asyncpg says DataError for both, and why in its cause."""
    return isinstance(error, _VALUES) or isinstance(error.__cause__, _VALUES)
