"""Group commit: what arrives while a transaction is written shares the next one.

A transaction costs the same for one row as for twenty, above all its flush to the disk. Nobody waits for
company: the first caller starts at once, those who come meanwhile make up the next batch.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

from events_app.infra.database import DatabaseBusy

WAIT_SECONDS = 9.0

T = TypeVar("T")
R = TypeVar("R")


class Coalescer(Generic[T, R]):
    """`work` gets the items of one batch in order of arrival and returns one result for each, in that order.

    For one event loop. When `work` raises for several items, each is tried again alone, so that one caller's
    trouble stays that caller's; hence `work` must leave nothing behind when it raises. A database that is
    busy or away is everybody's trouble.
    """

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]], most: int = 128) -> None:
        self._work = work
        self._most = most
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._running: asyncio.Task[None] | None = None
        self._open: tuple[list[T], list[tuple[T, asyncio.Future[R]]]] | None = None

    def take_along(self, items: Sequence[T], fits: Callable[[T], bool]) -> None:
        """For `work` that had to wait for its turn: whoever came meanwhile and fits joins `items` at the end.

        Nothing happens to items that are no batch of ours, or that are tried again alone.
        """
        if self._open is None or self._open[0] is not items:
            return
        batch_items, batch = self._open
        others: deque[tuple[T, asyncio.Future[R]]] = deque()
        while self._waiting:
            entry = self._waiting.popleft()
            if len(batch) < self._most and fits(entry[0]):
                batch_items.append(entry[0])
                batch.append(entry)
            else:
                others.append(entry)
        self._waiting = others

    async def submit(self, item: T) -> R:
        """The result, once the batch is done. Cancelling the caller does not take the item back.

        Raises `DatabaseBusy` after `WAIT_SECONDS`: what its batch then does still happens or not as a whole.
        """
        turn: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, turn))
        if self._running is None:
            # An empty context: the batch belongs to no caller, neither its language nor its transaction.
            self._running = asyncio.create_task(self._run(), context=Context())
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await turn
        except TimeoutError:
            if (item, turn) in self._waiting:
                self._waiting.remove((item, turn))
            raise DatabaseBusy("what came before takes too long") from None

    async def _run(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(0)  # requests that are already being read join
                count = min(len(self._waiting), self._most)
                await self._settle([self._waiting.popleft() for _ in range(count)])
        finally:
            self._running = None

    async def _settle(self, batch: list[tuple[T, asyncio.Future[R]]], *, alone: bool = False) -> None:
        items = [item for item, _ in batch]
        self._open = None if alone else (items, batch)
        try:
            results = await self._work(items)
        except Exception as error:
            self._open = None
            if len(batch) > 1 and not isinstance(error, DatabaseBusy):
                for single in batch:
                    await self._settle([single], alone=True)
            else:
                for _, turn in batch:
                    if not turn.done():
                        turn.set_exception(error)
            return
        except BaseException:
            for _, turn in batch:
                turn.cancel()
            raise
        self._open = None
        for (_, turn), result in zip(batch, results, strict=True):
            if not turn.done():
                turn.set_result(result)
