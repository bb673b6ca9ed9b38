"""Counters that move by themselves: one reader of the database for each event, however many pages are open.

What this process records is seen at once; what other processes record, every `POLL_SECONDS`. When nobody
looks, nothing is read.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from events_app.features.admission.counters import DoorCounters, door_counters
from events_app.infra.database import DatabaseBusy

POLL_SECONDS: Final = 1.5
CALM_SECONDS: Final = 0.2  # between two readings, however many scans there are
HEARTBEAT_SECONDS: Final = 15.0  # so that proxies keep the stream open


class _Feed:
    """The counters of one event, for all who watch it on this event loop."""

    def __init__(self, event_id: UUID) -> None:
        self._event_id = event_id
        self._news = asyncio.Event()
        self._changed = asyncio.Event()  # a new one for each change
        self._reading: asyncio.Task[None] | None = None
        self.watchers = 0
        self.latest: DoorCounters | None = None
        self.closing = False

    def tell(self) -> None:
        self._news.set()

    async def watch(self) -> AsyncIterator[DoorCounters | None]:
        """The counters now, then each time that they changed; None as a sign of life. Ends at shutdown."""
        _feeds[self._event_id] = self  # the last watcher may have left since this was called
        self.watchers += 1
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        seen: DoorCounters | None = None
        try:
            while not self.closing:
                if self.latest is not None and self.latest != seen:
                    seen = self.latest
                    yield seen
                    continue
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        await self._changed.wait()
                except TimeoutError:
                    yield None
        finally:
            self.watchers -= 1
            if not self.watchers and self._reading is not None:
                self._reading.cancel()
                self._reading = None
                _feeds.pop(self._event_id, None)

    async def _read(self) -> None:
        while not self.closing:
            self._news.clear()
            try:
                self.latest = await door_counters(self._event_id)
            except DatabaseBusy:
                await asyncio.sleep(POLL_SECONDS)
                continue
            self._wake()
            await asyncio.sleep(CALM_SECONDS)
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                continue

    def close(self) -> None:
        self.closing = True
        self._wake()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


_feeds: dict[UUID, _Feed] = {}


def watch(event_id: UUID) -> AsyncIterator[DoorCounters | None]:
    feed = _feeds.get(event_id)
    if feed is None:
        feed = _feeds[event_id] = _Feed(event_id)
    return feed.watch()


def tell(event_id: UUID) -> None:
    """Something was recorded at this event's doors."""
    if feed := _feeds.get(event_id):
        feed.tell()


def end_streams() -> None:
    """For a server that stops. Called on the loop that the streams run on."""
    for feed in list(_feeds.values()):
        feed.close()
