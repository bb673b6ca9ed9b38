"""How many placements are computed at once in this process: each may take a core for twenty seconds.

The others wait their turn, as many as may; after those one is asked to come back.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from events_app.kernel.errors import N_, Unavailable

AT_ONCE = 2
MOST_WAITING = 8
COME_BACK_AFTER = 20  # seconds: as long as one may take


class PlacementsBusy(Unavailable):
    """`retry_after_seconds` says when to come back."""

    type = "placements-busy"
    title = N_("Many placements are being computed")
    detail = N_("Other placements are being computed. Please try again in a moment.")


class _Turns:
    def __init__(self) -> None:
        self.free = asyncio.Semaphore(AT_ONCE)
        self.waiting = 0


_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()


@asynccontextmanager
async def turn() -> AsyncIterator[None]:
    """First come, first served. Raises `PlacementsBusy` where too many wait already."""
    turns = _of_loop.setdefault(asyncio.get_running_loop(), _Turns())
    if turns.free.locked() and turns.waiting >= MOST_WAITING:
        raise PlacementsBusy(retry_after_seconds=COME_BACK_AFTER)
    turns.waiting += 1
    try:
        await turns.free.acquire()
    finally:
        turns.waiting -= 1
    try:
        yield
    finally:
        turns.free.release()
