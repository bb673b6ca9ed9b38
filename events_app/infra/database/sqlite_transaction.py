"""Transactions and batches of the SQLite engine."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextvars import Token
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from piccolo.engine.base import BaseBatch
from piccolo.engine.sqlite import SQLiteTransaction
from piccolo.query.base import Query

from events_app.infra.database.errors import DatabaseAway
from events_app.infra.database.health import seconds_for
from events_app.infra.database.ownership import QUEUE_SECONDS, to_join

if TYPE_CHECKING:
    from events_app.infra.database.sqlite import SQLite


class _Statements:
    """What Piccolo's savepoints expect of a connection."""

    def __init__(self, transaction: "Transaction") -> None:
        self._transaction = transaction

    async def execute(self, sql: str, args: Sequence[Any] = ()) -> list[dict[str, Any]]:
        return (await self._transaction.engine.run_on(self._transaction.raw, sql, args)).rows


class Transaction(SQLiteTransaction):
    """On the writer with IMMEDIATE, or read-only on a reader. Inside an open one it joins, if allowed."""

    engine: "SQLite"
    context: Token[Any]
    _joined_to: "Transaction | None"

    def __init__(self, engine: "SQLite", *, allow_nested: bool, read_only: bool) -> None:
        self.engine = engine
        self.read_only = read_only
        self.active = False
        self.owner: asyncio.Task[object] | None = None
        self._savepoint_id = 0
        self._joined_to = to_join(engine.current_transaction, allow_nested=allow_nested, read_only=read_only)

    async def __aenter__(self) -> "Transaction":
        if self._joined_to is not None:
            return self._joined_to
        self.raw = await self._begin_read() if self.read_only else await self._begin_write()
        self._changes_before = self.raw.total_changes
        self.connection = _Statements(self)
        self.owner = asyncio.current_task()
        self.active = True
        self.context = self.engine.current_transaction.set(self)
        return self

    async def _begin_read(self) -> sqlite3.Connection:
        reader = self.engine.take_reader()
        reader.execute("BEGIN")
        return reader

    async def _begin_write(self) -> sqlite3.Connection:
        await self.engine.write_lock.acquire(seconds_for(QUEUE_SECONDS))
        try:
            writer = self.engine.writer()
            await self.engine.begin_immediate(writer)
        except BaseException:
            self.engine.write_lock.release()
            raise
        return writer

    async def commit(self) -> None:
        await self.engine.run_on(self.raw, "COMMIT")
        if self.raw.total_changes > self._changes_before:
            self.engine.health.written()

    async def rollback(self) -> None:
        await self.engine.run_on(self.raw, "ROLLBACK")

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Literal[False]:
        if self._joined_to is not None:
            return False
        try:
            # The block, or SQLite itself (disk full), may have ended it already.
            if error is None and self.raw.in_transaction:
                await self.commit()
        except DatabaseAway as away:
            error = away
            raise
        finally:
            if isinstance(error, DatabaseAway) and error.full:
                self.engine.health.write_failed(error.__cause__ or error)
            self._end()
        return False

    def _end(self) -> None:
        self.active = False
        try:
            if self.raw.in_transaction:
                self.raw.execute("ROLLBACK")
        finally:
            if self.read_only:
                self.engine.give_back_reader(self.raw)
            else:
                self.engine.write_lock.release()
            self.engine.current_transaction.reset(self.context)


class Batch(BaseBatch):
    """Rows by the handful, all of one snapshot."""

    def __init__(self, engine: "SQLite", query: Query[Any, Any], batch_size: int) -> None:
        self._engine = engine
        self._query = query
        self._size = batch_size

    async def __aenter__(self) -> Self:
        self._snapshot = Transaction(self._engine, allow_nested=True, read_only=True)
        transaction = await self._snapshot.__aenter__()
        sql, args = self._query.querystrings[0].compile_string(engine_type="sqlite")
        self._cursor = transaction.raw.execute(sql, args)
        return self

    async def next(self) -> list[dict[str, Any]]:
        names = [column[0] for column in self._cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in self._cursor.fetchmany(self._size)]
        return await self._query._process_results(found)  # type: ignore[no-any-return]

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> list[dict[str, Any]]:
        found = await self.next()
        if not found:
            raise StopAsyncIteration
        return found

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cursor.close()
        await self._snapshot.__aexit__(kind, error, trace)
