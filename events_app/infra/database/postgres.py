"""The PostgreSQL engine: Piccolo's, with a pool, read-only snapshots, and nothing done at construction."""

import asyncio
import contextvars
import time
from collections.abc import Sequence
from contextvars import Token
from types import TracebackType
from typing import Any, Literal

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

from events_app.infra.database.errors import DatabaseAway, DatabaseBusy, TooSlow
from events_app.infra.database.health import (
    CONNECTION_SECONDS,
    LOCK_SECONDS,
    STATEMENT_SECONDS,
    Health,
    seconds_for,
    spend,
)
from events_app.infra.database.ownership import joined, to_join
from events_app.infra.database.placeholders import reads_only

LOCK_TIMEOUT = f"{round(LOCK_SECONDS * 1000)}ms"
IDLE_TIMEOUT = "60s"  # in an open transaction of a process that stands still, while others wait for its locks
POOL_SIZE = 10
STATEMENTS_PREPARED = 500  # of each connection; asyncpg keeps 100 by default


async def _nothing_to_reset(connection: Any) -> None:
    """asyncpg would ask the server each time; ours leaves no settings, locks or cursors."""


class Transaction(PostgresTransaction):
    """READ COMMITTED for writes (rows are locked by `lock()`), REPEATABLE READ READ ONLY for snapshots."""

    engine: "Postgres"
    context: Token[Any]
    _joined_to: "Transaction | None"

    def __init__(self, engine: "Postgres", *, allow_nested: bool, read_only: bool) -> None:
        self.engine = engine
        self.read_only = read_only
        self.wrote = False
        self.active = False
        self.owner: asyncio.Task[object] | None = None
        self._savepoint_id = 0
        self._committed = False
        self._rolled_back = False
        self._joined_to = to_join(engine.current_transaction, allow_nested=allow_nested, read_only=read_only)

    async def __aenter__(self) -> "Transaction":
        if self._joined_to is not None:
            return self._joined_to
        self.connection = await self.engine.take_connection()
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if self.read_only else "BEGIN"
        try:
            await self.engine.say(self.connection, "execute", begin)
        except BaseException:
            self.engine.abandon(self.connection)
            raise
        self.owner = asyncio.current_task()
        self.active = True
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Literal[False]:
        if self._joined_to is not None:
            return False
        self.active = False
        self.engine.current_transaction.reset(self.context)
        if self._committed or self._rolled_back:
            await self.engine.give_back(self.connection)
        elif error is None:
            await self._end("COMMIT")
        elif isinstance(error, DatabaseAway | asyncio.CancelledError):
            # A statement may still be under way there. The server rolls back when it sees us gone.
            self.engine.abandon(self.connection)
        else:
            await self._roll_back()
        return False

    async def commit(self) -> None:
        await self.engine.say(self.connection, "execute", "COMMIT")
        self._committed = True

    async def rollback(self) -> None:
        await self.engine.say(self.connection, "execute", "ROLLBACK")
        self._rolled_back = True

    async def _end(self, word: str) -> None:
        try:
            await self.engine.say(self.connection, "execute", word)
        except BaseException:
            self.engine.abandon(self.connection)
            raise
        if self.wrote and word == "COMMIT":
            self.engine.health.written()
        await self.engine.give_back(self.connection)

    async def _roll_back(self) -> None:
        """The block's own error is what the caller must hear, also when the server is gone by now."""
        try:
            await self._end("ROLLBACK")
        except DatabaseBusy:
            return


class Postgres(PostgresEngine):
    def __init__(self, url: str) -> None:
        super().__init__(
            config={
                "dsn": url,
                "timeout": CONNECTION_SECONDS,
                # A rush writes one to some dozen rows a statement, and each number is a statement to prepare.
                "statement_cache_size": STATEMENTS_PREPARED,
                "server_settings": {
                    "lock_timeout": LOCK_TIMEOUT,
                    "idle_in_transaction_session_timeout": IDLE_TIMEOUT,
                    "application_name": "convive",
                    "timezone": "UTC",
                },
            }
        )
        self.current_transaction: contextvars.ContextVar[Any] = contextvars.ContextVar(
            "open_transaction", default=None
        )
        self._pool_loop: asyncio.AbstractEventLoop | None = None
        self.health = Health()

    async def check_version(self) -> None:
        """Not at construction: importing piccolo_conf must not need a server."""

    async def start_connection_pool(self, **kwargs: Any) -> None:
        """Connects to nothing yet: an outage at the start is met like any later one."""
        if self._own_pool() is None:
            self.pool = await asyncpg.create_pool(
                **self.config, min_size=0, max_size=POOL_SIZE, reset=_nothing_to_reset
            )
            self._pool_loop = asyncio.get_running_loop()

    async def close_connection_pool(self) -> None:
        pool = self._own_pool()
        self.pool = self._pool_loop = None
        if pool is None:
            return
        try:
            async with asyncio.timeout(CONNECTION_SECONDS):
                await pool.close()
        except TimeoutError:
            pool.terminate()

    def _own_pool(self) -> Any:
        """asyncpg's connections live on one loop; another one (Piccolo's `run_sync`) connects by itself."""
        return self.pool if self._pool_loop is asyncio.get_running_loop() else None

    async def take_connection(self) -> Any:
        """Raises `DatabaseAway`."""
        self.health.refuse_while_away()
        pool, began = self._own_pool(), time.monotonic()
        seconds = seconds_for(CONNECTION_SECONDS)
        try:
            if pool is not None:
                return await pool.acquire(timeout=seconds)
            async with asyncio.timeout(seconds):
                return await self.get_new_connection()
        except Exception as error:
            if isinstance(error, TimeoutError) and seconds < CONNECTION_SECONDS:
                raise TooSlow from error
            self.health.fail(error, began)
        finally:
            spend(time.monotonic() - began)

    async def give_back(self, connection: Any) -> None:
        """Without a word to the server: nothing stays on a connection that its next user would notice."""
        pool = self._own_pool()
        if pool is None or not isinstance(connection, asyncpg.pool.PoolConnectionProxy):
            connection.terminate()
            return
        try:
            await pool.release(connection, timeout=CONNECTION_SECONDS)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            connection.terminate()  # what was asked of it is done: the caller need not hear of this

    def abandon(self, connection: Any) -> None:
        """Close it without waiting for a server that may never answer."""
        connection.terminate()

    async def say(self, connection: Any, method: str, sql: str, args: Sequence[Any] = ()) -> Any:
        """One statement, within its time. Raises ours for the driver's errors."""
        began = time.monotonic()
        seconds = seconds_for(STATEMENT_SECONDS)
        try:
            found = await getattr(connection, method)(sql, *args, timeout=seconds)
        except Exception as error:
            if isinstance(error, TimeoutError) and seconds < STATEMENT_SECONDS:
                raise TooSlow from error  # the rest of what its request had left
            self.health.fail(error, began)
        finally:
            spend(time.monotonic() - began)
        self.health.answered()
        return found

    async def empty_log(self) -> None:
        """The server's own business."""

    async def run_raw(self, sql: str, args: Sequence[Any] = ()) -> list[Any]:
        return await self._call("fetch", sql, args)  # type: ignore[no-any-return]

    async def run_status(self, sql: str, args: Sequence[Any] = ()) -> int:
        """Rows affected, from a command tag such as "UPDATE 3" or "INSERT 0 1"; 0 where it has no number."""
        tag: str = await self._call("execute", sql, args)
        number = tag.rpartition(" ")[2]
        return int(number) if number.isdigit() else 0

    async def _call(self, method: str, sql: str, args: Sequence[Any]) -> Any:
        transaction = joined(self.current_transaction)
        if transaction is not None:
            transaction.wrote = transaction.wrote or not reads_only(sql)
            return await self.say(transaction.connection, method, sql, args)
        connection = await self.take_connection()
        try:
            found = await self.say(connection, method, sql, args)
        except (DatabaseAway, asyncio.CancelledError):
            self.abandon(connection)
            raise
        except BaseException:
            await self.give_back(connection)
            raise
        await self.give_back(connection)
        return found

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Any]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.run_raw(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Any]:
        return await self.run_raw(ddl)

    def transaction_exists(self) -> bool:
        return joined(self.current_transaction) is not None

    def transaction(self, allow_nested: bool = True, read_only: bool = False) -> Transaction:
        return Transaction(self, allow_nested=allow_nested, read_only=read_only)
