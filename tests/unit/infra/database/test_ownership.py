"""The queue for the one writer."""

import asyncio
import gc
import threading

import pytest

from events_app.infra.database.errors import DatabaseBusy
from events_app.infra.database.ownership import FairLock


async def test_first_come_first_served() -> None:
    lock, order = FairLock(), list[int]()

    async def visit(number: int) -> None:
        await lock.acquire(1)
        order.append(number)
        await asyncio.sleep(0)
        lock.release()

    await asyncio.gather(*(visit(number) for number in range(20)))
    assert order == list(range(20))


async def test_a_turn_that_comes_with_the_cancellation_is_passed_on() -> None:
    lock = FairLock()
    await lock.acquire(1)
    first, second = (asyncio.create_task(lock.acquire(1)) for _ in range(2))
    await asyncio.sleep(0)
    lock.release()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await second


async def test_a_wait_that_is_too_long_says_busy_and_leaves_no_trace() -> None:
    lock = FairLock()
    await lock.acquire(1)
    with pytest.raises(DatabaseBusy):
        await lock.acquire(0.01)
    lock.release()
    await lock.acquire(0.01)


def test_event_loops_in_several_threads_share_it() -> None:
    lock, inside, most = FairLock(), list[int](), list[int]()

    async def visits() -> None:
        for _ in range(50):
            await lock.acquire(5)
            inside.append(1)
            most.append(len(inside))
            await asyncio.sleep(0)
            inside.pop()
            lock.release()

    threads = [threading.Thread(target=lambda: asyncio.run(visits())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert most == [1] * 150


def test_a_waiter_whose_loop_is_gone_is_skipped() -> None:
    lock = FairLock()
    asyncio.run(lock.acquire(1))
    loop = asyncio.new_event_loop()
    abandoned = loop.create_task(lock.acquire(60))
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    lock.release()
    asyncio.run(lock.acquire(0.1))
    abandoned._log_destroy_pending = False  # type: ignore[attr-defined]  # it is meant to be abandoned
    del abandoned
    gc.collect()  # its end must not pass on a turn that it never had
    with pytest.raises(DatabaseBusy):
        asyncio.run(lock.acquire(0.01))
