"""Heavy work in a process of its own, which ends when nothing is left to do.

Building a mail with its ticket takes 20 ms of processor and libraries of 80 MB: in the server's process it
would hold Python's lock against requests, and keep that memory for ever.
"""

import asyncio
import ctypes
import resource
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")

IDLE_SECONDS = 5.0
_PR_SET_PDEATHSIG = 1


class WorkProcess:
    """At most one helper process for each event loop's program; started when asked, ended when idle.

    `most_bytes` of memory and `most_seconds` of processor: what takes more takes its helper down, and raises
    `BrokenProcessPool`."""

    def __init__(
        self,
        idle_seconds: float = IDLE_SECONDS,
        most_bytes: int | None = None,
        most_seconds: int | None = None,
    ) -> None:
        self._idle_seconds = idle_seconds
        self._bounds = (most_bytes, most_seconds)
        self._pool: ProcessPoolExecutor | None = None
        self._running = 0
        self._ending: asyncio.TimerHandle | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """`work` and what it answers must be picklable. A helper that was killed is started once more."""
        try:
            return await self._run_once(work)
        except BrokenProcessPool:
            self.end()
            return await self._run_once(work)

    async def _run_once(self, work: Callable[[], T]) -> T:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if self._pool is None:
            # Not forked: a copy of a process with threads and open databases is asking for trouble.
            self._pool = ProcessPoolExecutor(
                1, get_context("spawn"), initializer=_prepare_helper, initargs=self._bounds
            )
        self._running += 1
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, work)
        finally:
            self._running -= 1
            if self._running == 0:
                self._ending = loop.call_later(self._idle_seconds, self.end)

    def end(self) -> None:
        """Ends the helper; a later `run` starts another."""
        pool = self._taken()
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    async def close(self) -> None:
        """Ends the helper and waits for it: it finishes what it has in hand."""
        pool = self._taken()
        if pool is not None:
            await asyncio.to_thread(partial(pool.shutdown, wait=True, cancel_futures=True))

    def _taken(self) -> ProcessPoolExecutor | None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        pool, self._pool = self._pool, None
        return pool


def _prepare_helper(most_bytes: int | None, most_seconds: int | None) -> None:
    # Ctrl-C reaches the whole group: the server decides when its helper ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        # A server killed with SIGKILL leaves no orphan behind.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for kind, most in ((resource.RLIMIT_AS, most_bytes), (resource.RLIMIT_CPU, most_seconds)):
        if most is not None:
            resource.setrlimit(kind, (most, most))


paper_shop = WorkProcess()
"""Where mails and papers are made."""
table_shop = WorkProcess(most_bytes=1_000_000_000, most_seconds=30)
"""Where spreadsheets that people send are read: a small one can ask for more memory than there is."""
letter_shop = WorkProcess(most_bytes=1_000_000_000, most_seconds=5)
"""Where mails that come back are read: a short one can keep Python's parser busy for minutes."""


async def close_helpers() -> None:
    for shop in (paper_shop, table_shop, letter_shop):
        await shop.close()
