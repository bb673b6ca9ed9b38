"""Group commit: what arrives while a transaction is written shares the next one.

A transaction costs the same for one row as for twenty, above all its flush to the disk. Nobody waits for
company: the first caller starts at once, those who come meanwhile make up the next batch.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Coalescer(Generic[T, R]):
    """`work` gets the items of one batch in order of arrival and returns one result for each, in that order.

    For one event loop. When `work` raises for several items, each is tried again alone, so that one caller's
    trouble stays that caller's; hence `work` must leave nothing behind when it raises.
    """

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]], most: int = 128) -> None:
        self._work = work
        self._most = most
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def submit(self, item: T) -> R:
        """The result, once the batch is done. Cancelling the caller does not take the item back."""
        turn: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, turn))
        if self._running is None:
            # An empty context: the batch belongs to no caller, neither its language nor its transaction.
            self._running = asyncio.create_task(self._run(), context=Context())
        return await turn

    async def _run(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(0)  # requests that are already being read join
                count = min(len(self._waiting), self._most)
                await self._settle([self._waiting.popleft() for _ in range(count)])
        finally:
            self._running = None

    async def _settle(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except Exception as error:
            if len(batch) > 1:
                for single in batch:
                    await self._settle([single])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        except BaseException:
            for _, turn in batch:
                turn.cancel()
            raise
        for (_, turn), result in zip(batch, results, strict=True):
            if not turn.done():
                turn.set_result(result)
