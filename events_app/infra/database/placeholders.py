"""Raw SQL as written in `queries.py`: `{}` placeholders and plain Python values."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from events_app.infra.database.errors import Unstorable

_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


@lru_cache(maxsize=2000)
def for_sqlite(sql: str) -> str:
    return sql.replace("{}", "?")


@lru_cache(maxsize=2000)
def for_postgres(sql: str) -> str:
    first, *rest = sql.split("{}")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, start=1))


@lru_cache(maxsize=2000)
def reads_only(sql: str) -> bool:
    """May it run on a reader? A doubtful statement goes to the writer, where everything works."""
    word = sql.lstrip(" \t\r\n(")[:6].upper()
    return word == "SELECT" or (word.startswith("WITH") and _WRITES.search(sql) is None)


def without_nul(args: Sequence[Any]) -> Sequence[Any]:
    """PostgreSQL cannot hold NUL in text: refused for both."""
    for value in args:
        if isinstance(value, str) and "\0" in value:
            raise Unstorable("NUL in a text")
    return args


def checked(args: Sequence[Any]) -> Sequence[Any]:
    """Refuse a naive datetime too: it would be stored without a zone and compare wrongly from then on.

    The drivers convert the rest: sqlite3 through the adapters that Piccolo registers for its own queries (an
    aware datetime as text in UTC, a UUID as text), asyncpg natively; so raw and ORM queries store the same.
    """
    for value in args:
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
    return without_nul(args)
