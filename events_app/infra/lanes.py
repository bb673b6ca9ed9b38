"""How many jobs a worker does at a time, without those that only wait for somebody else's server."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MOST_ASIDE = 48  # each holds a mail in memory


class Lanes:
    """`aside`: how many of the running jobs wait outside; `changed` is set when one goes there."""

    def __init__(self) -> None:
        self.aside = 0
        self.changed = asyncio.Event()

    def make_current(self) -> None:
        """For the tasks that are started from here on."""
        _current.set(self)


_current: ContextVar[Lanes | None] = ContextVar("lanes", default=None)


@contextmanager
def waiting_outside() -> Iterator[None]:
    """Around the wait for somebody else's server: the lane is free for another job meanwhile."""
    lanes = _current.get()
    if lanes is None:
        yield
        return
    lanes.aside += 1
    lanes.changed.set()
    try:
        yield
    finally:
        lanes.aside -= 1
