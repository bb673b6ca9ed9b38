"""The helper process: started when asked, started again when killed, ended when idle."""

import asyncio
import os
import signal
from concurrent.futures.process import BrokenProcessPool
from functools import partial

import pytest

from events_app.infra.processes import WorkProcess


def my_pid() -> int:
    return os.getpid()


def fail() -> None:
    raise ValueError("of its own accord")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


async def gone(pid: int) -> bool:
    for _ in range(100):
        if not is_alive(pid):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_one_helper_serves_several_calls_and_ends_when_idle() -> None:
    shop = WorkProcess(idle_seconds=0.2)
    first = await shop.run(my_pid)
    assert first != os.getpid()
    assert await shop.run(my_pid) == first
    assert await gone(first)
    assert await shop.run(my_pid) != first
    shop.end()


async def test_a_killed_helper_is_replaced() -> None:
    shop = WorkProcess()
    first = await shop.run(my_pid)
    os.kill(first, signal.SIGKILL)
    assert await shop.run(my_pid) != first
    shop.end()


async def test_errors_come_back() -> None:
    shop = WorkProcess()
    with pytest.raises(ValueError, match="of its own accord"):
        await shop.run(fail)
    shop.end()


async def test_a_result_comes_back() -> None:
    shop = WorkProcess()
    assert await asyncio.gather(*(shop.run(partial(pow, 2, n)) for n in range(5))) == [1, 2, 4, 8, 16]
    shop.end()


async def test_closing_waits_until_the_helper_is_gone() -> None:
    shop = WorkProcess()
    helper = await shop.run(my_pid)
    await shop.close()
    assert not is_alive(helper)


def endless() -> None:
    while True:
        pass


async def test_what_takes_too_long_is_ended_and_the_next_one_is_served() -> None:
    shop = WorkProcess(most_seconds=1)
    with pytest.raises(BrokenProcessPool):
        await shop.run(endless)
    assert await shop.run(partial(abs, -1)) == 1
    await shop.close()
