"""Work that would hold up the event loop, on a few threads of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

T = TypeVar("T")

WIDTH = 2  # password hashing takes 64 MiB and pictures more: many at once would take the machine


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=WIDTH, thread_name_prefix="convive-work")


async def in_thread(work: Callable[[], T]) -> T:
    """Run `work` beside the event loop; the ones above `WIDTH` wait their turn."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), work)
