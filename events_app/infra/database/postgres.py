"""The PostgreSQL engine: Piccolo's, with a pool, read-only snapshots, and nothing done at construction."""

import asyncio
import contextvars
from collections.abc import Sequence
from contextvars import Token
from types import TracebackType
from typing import Any, Literal

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

from events_app.infra.database.errors import reraise
from events_app.infra.database.ownership import joined, to_join

LOCK_TIMEOUT = "10s"  # as long as SQLite's busy wait
POOL_SIZE = 10


class Transaction(PostgresTransaction):
    """READ COMMITTED for writes (rows are locked by `lock()`), REPEATABLE READ READ ONLY for snapshots."""

    engine: "Postgres"
    context: Token[Any]
    _joined_to: "Transaction | None"

    def __init__(self, engine: "Postgres", *, allow_nested: bool, read_only: bool) -> None:
        self.engine = engine
        self.read_only = read_only
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
        self.transaction = (
            self.connection.transaction(isolation="repeatable_read", readonly=True)
            if self.read_only
            else self.connection.transaction()
        )
        try:
            await self.transaction.start()
        except BaseException:
            await self.engine.give_back(self.connection)
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
        try:
            if error is None and not (self._committed or self._rolled_back):
                await self.transaction.commit()
            elif not (self._committed or self._rolled_back):
                await self.transaction.rollback()
        except asyncpg.PostgresError as failure:
            reraise(failure)
        finally:
            self.active = False
            self.engine.current_transaction.reset(self.context)
            # The pool rolls back what is still open on a connection that comes back.
            await self.engine.give_back(self.connection)
        return False


class Postgres(PostgresEngine):
    def __init__(self, url: str) -> None:
        super().__init__(
            config={
                "dsn": url,
                "server_settings": {
                    "lock_timeout": LOCK_TIMEOUT,
                    "application_name": "convive",
                    "timezone": "UTC",
                },
            }
        )
        self.current_transaction: contextvars.ContextVar[Any] = contextvars.ContextVar(
            "open_transaction", default=None
        )
        self._pool_loop: asyncio.AbstractEventLoop | None = None

    async def check_version(self) -> None:
        """Not at construction: importing piccolo_conf must not need a server."""

    async def start_connection_pool(self, **kwargs: Any) -> None:
        if self._own_pool() is None:
            self.pool = await asyncpg.create_pool(**self.config, min_size=1, max_size=POOL_SIZE)
            self._pool_loop = asyncio.get_running_loop()

    async def close_connection_pool(self) -> None:
        pool = self._own_pool()
        self.pool = self._pool_loop = None
        if pool is not None:
            await pool.close()

    def _own_pool(self) -> Any:
        """asyncpg's connections live on one loop; another one (Piccolo's `run_sync`) connects by itself."""
        return self.pool if self._pool_loop is asyncio.get_running_loop() else None

    async def take_connection(self) -> Any:
        pool = self._own_pool()
        return await (pool.acquire() if pool is not None else self.get_new_connection())

    async def give_back(self, connection: Any) -> None:
        pool = self._own_pool()
        if pool is not None and isinstance(connection, asyncpg.pool.PoolConnectionProxy):
            await pool.release(connection)
        else:
            await connection.close()

    async def run_raw(self, sql: str, args: Sequence[Any] = ()) -> list[Any]:
        return await self._call("fetch", sql, args)  # type: ignore[no-any-return]

    async def run_status(self, sql: str, args: Sequence[Any] = ()) -> int:
        """Rows affected, from a command tag such as "UPDATE 3" or "INSERT 0 1"; 0 where it has no number."""
        tag: str = await self._call("execute", sql, args)
        number = tag.rpartition(" ")[2]
        return int(number) if number.isdigit() else 0

    async def _call(self, method: str, sql: str, args: Sequence[Any]) -> Any:
        transaction = joined(self.current_transaction)
        try:
            if transaction is not None:
                return await getattr(transaction.connection, method)(sql, *args)
            connection = await self.take_connection()
            try:
                return await getattr(connection, method)(sql, *args)
            finally:
                await self.give_back(connection)
        except asyncpg.PostgresError as failure:
            reraise(failure)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Any]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.run_raw(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Any]:
        return await self.run_raw(ddl)

    def transaction_exists(self) -> bool:
        return joined(self.current_transaction) is not None

    def transaction(self, allow_nested: bool = True, read_only: bool = False) -> Transaction:
        return Transaction(self, allow_nested=allow_nested, read_only=read_only)
