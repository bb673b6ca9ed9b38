"""What services and queries call: one current engine, transactions, raw statements."""

import asyncio
import importlib.util
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from piccolo.table import Table

from events_app.infra.database.errors import LostRace
from events_app.infra.database.placeholders import checked, for_postgres, for_sqlite
from events_app.infra.database.postgres import Postgres
from events_app.infra.database.sqlite import SQLite
from events_app.infra.private_files import has_room

Engine = SQLite | Postgres

P = ParamSpec("P")
R = TypeVar("R")

RETRY_PAUSES = (0.01, 0.05, 0.2)  # seconds before each further try

_current: Engine | None = None


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://...`; opens nothing.

    Raises ValueError on any other address.
    """
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return SQLite(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        return Postgres(url)
    scheme = url.partition(":")[0]
    raise ValueError(f"database address: sqlite:///path or postgresql://... expected, not {scheme!r}")


def engine() -> Engine:
    """The current engine: the one in use, or that of `piccolo_conf` (or of the module PICCOLO_CONF names)."""
    global _current  # noqa: PLW0603  # looked up once: Piccolo's finder costs more than a point read
    if _current is None:
        from piccolo.conf.apps import Finder  # brings a code formatter along: 8 MB that a server can spare

        name = os.environ.get("PICCOLO_CONF", "piccolo_conf")
        if name not in sys.modules and importlib.util.find_spec(name.partition(".")[0]) is None:
            sys.path.append(str(Path(__file__).parents[3]))  # a checkout started from another folder
        found = Finder().get_engine()
        if not isinstance(found, SQLite | Postgres):
            raise RuntimeError(f"{name}.DB was not made by make_engine()")
        _current = found
    return _current


def engine_for(url: str) -> Engine:
    """What `piccolo_conf.DB` is: the engine in use, or a new one for this address."""
    return _current if _current is not None else make_engine(url)


def use_engine(other: Engine) -> None:
    """Make it the current one for all of Piccolo's tables: a server's or a test's own database."""
    global _current  # noqa: PLW0603
    _current = other
    conf = sys.modules.get(os.environ.get("PICCOLO_CONF", "piccolo_conf"))
    if conf is not None:
        conf.DB = other  # type: ignore[attr-defined]
    for table in _descendants(Table):
        table._meta.db = other


def _descendants(table: type[Table]) -> Iterable[type[Table]]:
    for child in table.__subclasses__():
        if hasattr(child, "_meta"):
            yield child
        yield from _descendants(child)


def is_postgres() -> bool:
    return isinstance(engine(), Postgres)


async def open_database() -> None:
    await engine().start_connection_pool()


async def close_database() -> None:
    """Waits for the open write transaction. A later statement opens what it needs again."""
    await engine().close_connection_pool()


def write_transaction() -> AbstractAsyncContextManager[object]:
    """Commits at the end of the block, rolls back on any exception and on cancellation.

    SQLite: the one writer, IMMEDIATE, first come first served. Keep it short; await nothing from outside in
    it. Raises RuntimeError inside an open transaction, DatabaseBusy when the lock does not come.
    """
    return engine().transaction(allow_nested=False)


@asynccontextmanager
async def unit_of_work() -> AsyncIterator[None]:
    """The open write transaction when this task has one, otherwise one of its own.

    For use cases that also run as a part of a larger one. No savepoint: an exception must reach the outermost
    block, which rolls all of it back.
    """
    if engine().transaction_exists():
        yield
    else:
        async with write_transaction():
            yield


def read_snapshot() -> AbstractAsyncContextManager[object]:
    """All reads in the block see one state. Inside a write transaction it is that transaction."""
    return engine().transaction(read_only=True)


async def lock(table: type[Table], row_id: object) -> None:
    """Hold this row until the transaction ends; on SQLite the writer's lock is held already.

    In which order, and why nothing that was read before it may decide: docs/decisions/0075-order-of-locks.md.
    NO KEY, so that whoever inserts a row that refers to this one does not wait.
    """
    current = engine()
    if not current.transaction_exists():
        raise RuntimeError("lock() outside of write_transaction()")
    if isinstance(current, Postgres):
        key = table._meta.primary_key._meta.db_column_name
        await current.run_raw(
            f'SELECT 1 FROM {table._meta.get_formatted_tablename()} WHERE "{key}" = $1 FOR NO KEY UPDATE',
            [row_id],
        )


def retried(deed: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """A use case that owns its transaction, tried whole once more when another got in its way (a
    deadlock, a serialization failure): nothing was written. Inside a larger transaction its owner repeats it.
    """

    @wraps(deed)
    async def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        if engine().transaction_exists():
            return await deed(*args, **kwargs)
        for pause in RETRY_PAUSES:
            try:
                return await deed(*args, **kwargs)
            except LostRace:
                await asyncio.sleep(pause)
        return await deed(*args, **kwargs)

    return tried


async def rows(sql: str, *args: Any) -> list[dict[str, Any]]:
    """Raw SQL with `{}` placeholders, in the open transaction or snapshot if there is one.

    Columns declared as boolean, timestamptz, uuid... come back as such; an expression comes back as the
    driver has it: on SQLite cast it in its name, `max(at) AS "last [timestamptz]"`.
    """
    current = engine()
    if isinstance(current, SQLite):
        return (await current.run_raw(for_sqlite(sql), checked(args))).rows
    return [dict(record) for record in await current.run_raw(for_postgres(sql), checked(args))]


async def row(sql: str, *args: Any) -> dict[str, Any] | None:
    found = await rows(sql, *args)
    return found[0] if found else None


async def execute(sql: str, *args: Any) -> int:
    """Rows affected (0 or -1 where a statement has no such number)."""
    current = engine()
    if isinstance(current, SQLite):
        return (await current.run_raw(for_sqlite(sql), checked(args))).affected
    return await current.run_status(for_postgres(sql), checked(args))


async def point(sql: str, *args: Any) -> list[dict[str, Any]]:
    """`rows` for an indexed read of a few rows that must never wait for a thread."""
    current = engine()
    if isinstance(current, SQLite):
        return current.point(for_sqlite(sql), checked(args))
    return await rows(sql, *args)


def is_writable() -> bool:
    """False while there is no room to write: by the last writes, and on SQLite by a try beside the file."""
    current = engine()
    return current.health.writable and (isinstance(current, Postgres) or has_room(Path(current.path).parent))


def change_stamp() -> tuple[int, int] | None:
    """SQLite: the same value means that nothing at all was committed meanwhile. PostgreSQL: None, unknown."""
    current = engine()
    return current.change_stamp() if isinstance(current, SQLite) else None
