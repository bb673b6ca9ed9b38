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


class DatabaseAway(DatabaseBusy):
    """No answer in time, no connection, or no room on the disk: what was to be written is not known to be.

    Trying at once again is no use. `full`: it can be read, but not written.
    """

    def __init__(self, words: str, *, full: bool = False) -> None:
        super().__init__(words)
        self.full = full


class TooSlow(DatabaseAway):
    """It answers, but one request's calls took too long together."""

    def __init__(self) -> None:
        super().__init__("the database is too slow")


_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_UNWRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)
_UNIQUE = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
    asyncpg.exceptions.PostgresSystemError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InterfaceError,
    OSError,  # TimeoutError and refused connections too
)
_FULL = (asyncpg.DiskFullError, asyncpg.ReadOnlySQLTransactionError)


def is_busy(error: sqlite3.Error) -> bool:
    # The low byte is the primary code; SQLITE_BUSY_SNAPSHOT and the like sit above it.
    return _primary_code(error) in _BUSY


def _primary_code(error: sqlite3.Error) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def reraise(error: Exception) -> NoReturn:
    """For `except` clauses around a driver: its error as ours where we have one, else unchanged."""
    ours = translated(error)
    if ours is error:
        raise error
    raise ours from error


def translated(error: Exception) -> Exception:
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if isinstance(error, asyncpg.DataError | OverflowError | UnicodeEncodeError) and _is_value(error):
        return Unstorable("a value that no database can hold")  # the value itself must not reach a log
    if isinstance(error, asyncpg.UniqueViolationError):
        return UniqueViolation(error.constraint_name or str(error))
    if isinstance(error, asyncpg.SerializationError | asyncpg.DeadlockDetectedError):
        return LostRace(str(error))
    if isinstance(error, asyncpg.LockNotAvailableError):
        return DatabaseBusy(str(error))
    if isinstance(error, _FULL):
        return DatabaseAway(f"the database cannot be written: {describe(error)}", full=True)
    if isinstance(error, _AWAY) and not isinstance(error, ValueError):  # a mistake of ours in a type
        return DatabaseAway(f"the database does not answer: {describe(error)}")
    return error


def _of_sqlite(error: sqlite3.Error) -> Exception:
    code = _primary_code(error)
    if getattr(error, "sqlite_errorcode", None) in _UNIQUE:
        return UniqueViolation(str(error).partition("failed: ")[2] or str(error))
    if code in _BUSY:
        return DatabaseBusy(str(error))
    if code in _UNWRITABLE:
        return DatabaseAway(f"the database cannot be written: {describe(error)}", full=True)
    if code == sqlite3.SQLITE_CANTOPEN:
        return DatabaseAway(f"the database does not answer: {describe(error)}")
    return error


def describe(error: BaseException) -> str:
    """One line, without what was in the statement."""
    words = (str(error).splitlines() or [""])[0][:200]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


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
