"""Which transaction a statement belongs to, and who waits for the one writer."""

import asyncio
import threading
from collections import deque
from contextvars import ContextVar
from typing import Protocol, TypeVar

from events_app.infra.database.errors import DatabaseBusy

QUEUE_SECONDS = 4.0  # for our own turn at the writer


class Owned(Protocol):
    active: bool
    read_only: bool
    owner: "asyncio.Task[object] | None"


T = TypeVar("T", bound=Owned)


def joined(current: "ContextVar[T | None]") -> T | None:
    """The open transaction of this task, if any.

    A child task inherits the context, hence the variable: a transaction that ended meanwhile is none of its
    business, one that is still open must not be used by two tasks at a time. Raises RuntimeError then (also
    under `asyncio.wait_for`, which makes a task of its own before Python 3.12: use `asyncio.timeout`).
    """
    transaction = current.get()
    if transaction is None or not transaction.active:
        return None
    if transaction.owner is not asyncio.current_task():
        raise RuntimeError("a child task may not use its parent's open transaction; start it after the block")
    return transaction


def to_join(current: "ContextVar[T | None]", *, allow_nested: bool, read_only: bool) -> T | None:
    """As `joined`, for one about to begin. Raises RuntimeError where it may not join the open one."""
    transaction = joined(current)
    if transaction is None:
        return None
    if not allow_nested:
        raise RuntimeError("a transaction is open already; services open it, what they call joins nothing")
    if transaction.read_only and not read_only:
        raise RuntimeError("a write inside read_snapshot()")
    return transaction


class _Waiter:
    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.turn: asyncio.Future[None] = self.loop.create_future()
        self.granted = False

    def wake(self) -> None:
        if not self.turn.done():
            self.turn.set_result(None)


class FairLock:
    """First come, first served, between tasks of any event loop in any thread.

    asyncio.Lock belongs to one loop; here Piccolo's `run_sync` and each test bring their own.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiters: deque[_Waiter] = deque()
        self._held = False

    async def acquire(self, timeout_seconds: float) -> None:
        """Raises DatabaseBusy when the turn does not come in time."""
        with self._guard:
            if not self._held:
                self._held = True
                return
            waiter = _Waiter()
            self._waiters.append(waiter)
        try:
            async with asyncio.timeout(timeout_seconds):
                await waiter.turn
        except BaseException as error:
            with self._guard:
                granted = waiter.granted
                if waiter in self._waiters:
                    self._waiters.remove(waiter)
            if granted:  # the turn came together with the cancellation: pass it on
                self.release()
            if isinstance(error, TimeoutError):
                raise DatabaseBusy("the queue for the database's writer is too long") from None
            raise

    def release(self) -> None:
        with self._guard:
            while self._waiters:
                waiter = self._waiters.popleft()
                try:
                    waiter.loop.call_soon_threadsafe(waiter.wake)
                except RuntimeError:  # that event loop is gone, nobody waits any more
                    continue
                waiter.granted = True
                return
            self._held = False
