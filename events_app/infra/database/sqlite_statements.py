"""One statement on SQLite, and how its values come back."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

# First, for its converters: ours below stand in place of them.
import piccolo.engine.sqlite  # noqa: F401

from events_app.infra.database.errors import reraise


def _timestamptz(value: bytes) -> datetime:
    at = datetime.fromisoformat(value.decode())
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _integer(value: bytes) -> int:
    try:
        return int(value)
    except ValueError:  # "1.0" in an INTEGER column: SQLite permits it
        return int(Decimal(value.decode()))


# In place of Piccolo's: 0.15 µs instead of 1.06 a timestamp, 0.1 instead of 0.4 an integer, times thousands.
sqlite3.register_converter("TIMESTAMPTZ", _timestamptz)
sqlite3.register_converter("INTEGER", _integer)


class Result(NamedTuple):
    rows: list[dict[str, Any]]
    affected: int


def run_here(connection: sqlite3.Connection, sql: str, args: Sequence[Any] = ()) -> Result:
    """One statement on the calling thread; duplicate column names keep the last value, as Piccolo does."""
    try:
        cursor = connection.execute(sql, args)
        if cursor.description is None:
            return Result([], cursor.rowcount)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return Result(rows, cursor.rowcount)
    except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
        reraise(error)
