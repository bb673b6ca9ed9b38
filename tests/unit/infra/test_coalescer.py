"""Company for a transaction: nobody waits for it, nobody is lost, nobody's trouble is another's."""

import asyncio
from collections.abc import Sequence

import pytest

from events_app.infra.coalescer import Coalescer


class Work:
    """Waits for its turn like a transaction for a lock; odd numbers fit to join."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.turn = asyncio.Event()
        self.queue: Coalescer[int, int] = Coalescer(self.do)
        self.broken: set[int] = set()

    async def do(self, items: Sequence[int]) -> list[int]:
        await self.turn.wait()
        self.queue.take_along(items, lambda number: number % 2 == 1)
        self.batches.append(list(items))
        if self.broken & set(items):
            raise ValueError(items)
        return [number * 10 for number in items]


async def test_who_comes_while_it_waits_joins_and_the_others_keep_their_order() -> None:
    work = Work()
    first = asyncio.create_task(work.queue.submit(1))
    await asyncio.sleep(0.01)
    later = [asyncio.create_task(work.queue.submit(number)) for number in (2, 3, 4, 5)]
    await asyncio.sleep(0.01)
    work.turn.set()
    assert await asyncio.gather(first, *later) == [10, 20, 30, 40, 50]
    assert work.batches == [[1, 3, 5], [2, 4]]


async def test_one_that_fails_is_tried_alone_and_takes_nobody_along() -> None:
    work = Work()
    work.broken = {3}
    tasks = [asyncio.create_task(work.queue.submit(1))]
    await asyncio.sleep(0.01)
    tasks += [asyncio.create_task(work.queue.submit(number)) for number in (3, 5)]
    await asyncio.sleep(0.01)
    work.turn.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert (found[0], found[2]) == (10, 50)
    assert isinstance(found[1], ValueError)
    assert work.batches == [[1, 3, 5], [1], [3], [5]]


async def test_what_is_no_batch_takes_nobody_along() -> None:
    work = Work()
    waiting = asyncio.create_task(work.queue.submit(1))
    await asyncio.sleep(0.01)
    mine = [7]
    work.queue.take_along(mine, lambda _: True)
    assert mine == [7]
    work.turn.set()
    assert await waiting == 10


@pytest.mark.parametrize("most", [1, 3])
async def test_no_batch_is_larger_than_allowed(most: int) -> None:
    work = Work()
    work.queue = Coalescer(work.do, most)
    tasks = [asyncio.create_task(work.queue.submit(number)) for number in (1, 3, 5, 7, 9)]
    await asyncio.sleep(0.01)
    work.turn.set()
    assert await asyncio.gather(*tasks) == [10, 30, 50, 70, 90]
    assert max(map(len, work.batches)) == most
