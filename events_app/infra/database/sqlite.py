"""The SQLite engine: one writer, several readers, all kept open.

Statements run *on the calling thread*. sqlite3 gives up the GIL at every step and must win it back from a
busy event loop: measured on two shared cores, a one-row select of 10 µs took 0.1 ms through a thread beside
an idle loop and up to 250 ms beside a saturated one; 5,000 rows took 2 ms inline. A shorter
`sys.setswitchinterval()` did not make that reliable. So only what was seen to be slow goes to a thread (an
aggregate over everything, the commit on a slow disk; here one takes 0.2 ms with its fsync). Waiting for
another process's lock is polling with `asyncio.sleep`: cancellation and exit are free.
"""

import asyncio
import contextvars
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Any, TypeVar

from piccolo.engine.sqlite import SQLiteEngine
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from events_app.infra.database.errors import DatabaseBusy, is_busy
from events_app.infra.database.health import Health, seconds_for
from events_app.infra.database.ownership import QUEUE_SECONDS, FairLock, joined
from events_app.infra.database.placeholders import reads_only, without_nul
from events_app.infra.database.sqlite_opening import opened
from events_app.infra.database.sqlite_statements import Result, run_here
from events_app.infra.database.sqlite_transaction import Batch, Transaction

BUSY_SECONDS = 4.0  # for a lock that another process holds
LOG_EMPTIED_IN_TRIES = 10
READER_BUSY_SECONDS = 0.25  # a read waits on the event loop itself; in WAL mode it hardly ever must
SLOW_SECONDS = 0.010
PAUSE_EVERY_SECONDS = 0.005
IDLE_READERS = 8
STATEMENTS_REMEMBERED_AS_SLOW = 500

R = TypeVar("R")

_watches = count(1)


class SQLite(SQLiteEngine):
    """Piccolo's engine with its connections kept open. Construction touches nothing; the first use opens."""

    def __init__(self, path: str) -> None:
        super().__init__(path=path)
        self.current_transaction: contextvars.ContextVar[Any] = contextvars.ContextVar(
            "open_transaction", default=None
        )
        self.write_lock = FairLock()
        self._writer: sqlite3.Connection | None = None
        self._idle_readers: deque[sqlite3.Connection] = deque()
        self._watcher: sqlite3.Connection | None = None
        self._watch = 0
        self._threads: ThreadPoolExecutor | None = None
        self._turns_in_thread: dict[str, int] = {}
        self._slow_last_time: set[str] = set()
        self._paused_at = 0.0
        self._opened = False
        self.health = Health()

    # Connections

    def _connect(self) -> sqlite3.Connection:
        began = time.monotonic()
        try:
            connection = opened(self.path, READER_BUSY_SECONDS if self._opened else BUSY_SECONDS)
            connection.execute(f"PRAGMA busy_timeout={round(READER_BUSY_SECONDS * 1000)}")
        except (sqlite3.Error, OSError) as error:
            self.health.fail(error, began)
        self._opened = True
        self.health.answered()
        return connection

    def writer(self) -> sqlite3.Connection:
        """Only for who holds `write_lock`."""
        if self._writer is None:
            self._writer = self._connect()
            # begin_immediate() waits without blocking the loop
            self._writer.execute("PRAGMA busy_timeout=0")
            # What is deleted is overwritten, so that no name lives on in the file's free pages.
            self._writer.execute("PRAGMA secure_delete=ON")
        return self._writer

    def take_reader(self) -> sqlite3.Connection:
        try:
            return self._idle_readers.pop()
        except IndexError:
            connection = self._connect()
            connection.execute("PRAGMA query_only=ON")
            return connection

    def give_back_reader(self, connection: sqlite3.Connection) -> None:
        if len(self._idle_readers) < IDLE_READERS:
            self._idle_readers.append(connection)
        else:
            connection.close()

    async def start_connection_pool(self) -> None:
        """Opens nothing yet: a file that cannot be opened is met at the first statement, like any outage."""

    async def close_connection_pool(self) -> None:
        """Waits for the open write transaction; a later use opens again."""
        await self.write_lock.acquire(QUEUE_SECONDS)
        try:
            while self._idle_readers:
                self._idle_readers.pop().close()
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            if self._watcher is not None:
                self._watcher.close()
                self._watcher = None
            if self._threads is not None:
                self._threads.shutdown(wait=True)
                self._threads = None
        finally:
            self.write_lock.release()

    # Statements

    async def in_thread(self, call: Callable[..., R], *args: Any) -> R:
        """Run it off the loop; when cancelled, wait for its end first: the connection is in use."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sqlite")
        future = asyncio.get_running_loop().run_in_executor(self._threads, call, *args)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            while not future.done():
                try:
                    await asyncio.wait([future])
                except asyncio.CancelledError:
                    continue
            raise

    async def run_on(self, connection: sqlite3.Connection, sql: str, args: Sequence[Any] = ()) -> Result:
        if time.perf_counter() - self._paused_at > PAUSE_EVERY_SECONDS:
            # Nothing here suspends by itself: a task with a thousand statements would hold up all others.
            self._paused_at = time.perf_counter()
            await asyncio.sleep(0)
        turns = self._turns_in_thread.get(sql, 0)
        if turns:
            self._turns_in_thread[sql] = turns - 1
            return await self.in_thread(run_here, connection, sql, args)
        started = time.perf_counter()
        result = run_here(connection, sql, args)
        seconds = time.perf_counter() - started
        if seconds > SLOW_SECONDS:
            self._note_slow(sql, seconds)
        elif self._slow_last_time:
            self._slow_last_time.discard(sql)
        return result

    def _note_slow(self, sql: str, seconds: float) -> None:
        """Twice in a row: ten turns in a thread per 10 ms, then another try.

        Once may be a checkpoint, or another process had the core: with the first as proof, a loaded machine
        fell from 3,400 transactions a second to 800.
        """
        if len(self._turns_in_thread) + len(self._slow_last_time) >= STATEMENTS_REMEMBERED_AS_SLOW:
            self._turns_in_thread.clear()
            self._slow_last_time.clear()
        if sql in self._slow_last_time:
            self._turns_in_thread[sql] = 10 * int(seconds / SLOW_SECONDS)
        self._slow_last_time.add(sql)

    async def begin_immediate(self, connection: sqlite3.Connection) -> None:
        """Raises DatabaseBusy after `BUSY_SECONDS` of another process's write lock."""
        deadline = time.monotonic() + seconds_for(BUSY_SECONDS)
        pause = 0.001
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error):
                    self.health.fail(error, time.monotonic())
                if time.monotonic() > deadline:
                    raise DatabaseBusy("another process is writing") from error
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.05)

    async def empty_log(self) -> None:
        """All of the write-ahead log into the file. Beside a long read it is left to the next time."""
        if self.transaction_exists():  # of a larger deed, whose commit is still to come
            return
        for _ in range(LOG_EMPTIED_IN_TRIES):
            await self.write_lock.acquire(seconds_for(QUEUE_SECONDS))
            try:
                done = await self.in_thread(run_here, self.writer(), "PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                self.write_lock.release()
            if not done.rows[0]["busy"]:
                return
            await asyncio.sleep(0.05)

    async def run_raw(self, sql: str, args: Sequence[Any] = ()) -> Result:
        """In the open transaction; else a read on a reader, a write in a transaction of its own."""
        transaction = joined(self.current_transaction)
        if transaction is not None:
            return await self.run_on(transaction.raw, sql, args)
        if reads_only(sql):
            with self._reader() as reader:
                return await self.run_on(reader, sql, args)
        async with self.transaction() as own:
            return await self.run_on(own.raw, sql, args)

    def point(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
        transaction = joined(self.current_transaction)
        if transaction is not None:
            return run_here(transaction.raw, sql, args).rows
        with self._reader() as reader:
            return run_here(reader, sql, args).rows

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """For one statement. Whoever finds all of the file locked waits, and those behind are refused."""
        self.health.refuse_while_away()
        began, reader = time.monotonic(), self.take_reader()
        try:
            yield reader
        except DatabaseBusy as busy:
            self.health.failed(busy, began)
            raise
        finally:
            self.give_back_reader(reader)
        self.health.answered()

    def change_stamp(self) -> tuple[int, int]:
        """Another one than before as soon as anything was committed since, by whichever process (6 µs).

        `PRAGMA data_version` on a connection that does nothing else: it does not count its own commits, and
        its numbers mean nothing to another connection, hence the number of the watch beside it.
        """
        if self._watcher is None:
            self._watcher = self._connect()
            self._watch = next(_watches)
        (version,) = self._watcher.execute("PRAGMA data_version").fetchone()
        return self._watch, version

    # Piccolo's interface

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> list[dict[str, Any]]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return (await self.run_raw(sql, without_nul(args))).rows

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> list[dict[str, Any]]:
        return (await self.run_raw(ddl)).rows

    async def batch(  # type: ignore[override]
        self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None
    ) -> Batch:
        return Batch(self, query, batch_size)

    def transaction_exists(self) -> bool:
        return joined(self.current_transaction) is not None

    def transaction(
        self, transaction_type: object = None, allow_nested: bool = True, read_only: bool = False
    ) -> Transaction:
        """Always IMMEDIATE unless read-only: a deferred one fails at its first write after another's."""
        return Transaction(self, allow_nested=allow_nested, read_only=read_only)
