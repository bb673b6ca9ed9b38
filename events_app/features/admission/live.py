"""Tells open counters that something happened at an event's doors.

In this process at once; what other processes record is seen by looking every `POLL_SECONDS`.
"""

import asyncio
from typing import Final
from uuid import UUID
from weakref import WeakSet

POLL_SECONDS: Final = 1.5


class Watch:
    """One open page of counters. `changed()` returns when there may be something new to count."""

    def __init__(self, event_id: UUID) -> None:
        self.event_id = event_id
        self.closing = False
        self._news = asyncio.Event()
        _watches.add(self)

    def tell(self) -> None:
        self._news.set()

    async def changed(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._news.wait()
        except TimeoutError:
            pass
        self._news.clear()


_watches: WeakSet[Watch] = WeakSet()


def tell(event_id: UUID) -> None:
    for watch in _watches:
        if watch.event_id == event_id:
            watch.tell()
