"""Jobs: each is done once, by one worker at a time, and tried again when it failed or its worker died."""

import asyncio
import os
import sys
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from events_app.infra import database as db
from events_app.infra import jobs, nightly
from events_app.infra.job_kinds import ClaimedJob, Kind, Nothing, by_name
from events_app.infra.jobs import PermanentFailure, TemporaryFailure
from events_app.infra.lanes import waiting_outside
from events_app.infra.world import World
from tests.world import NOW

pytestmark = pytest.mark.usefixtures("database")


class Numbered(msgspec.Struct, frozen=True):
    number: int


TEST = Kind("test", Numbered)


async def job(job_id: UUID) -> dict[str, Any]:
    found = await db.row("SELECT * FROM job WHERE id = {}", job_id)
    assert found is not None
    return found


async def test_two_workers_never_claim_the_same_job(world: World) -> None:
    await jobs.enqueue_many(world, TEST, [Numbered(number) for number in range(230)])

    async def take(holder: str) -> list[UUID]:
        taken: list[UUID] = []
        while claimed := await jobs.claim(world, holder, 7):
            taken += [each.id for each in claimed]
        return taken

    by_each = await asyncio.gather(*(take(f"worker-{number}") for number in range(4)))
    counts = Counter(job_id for taken in by_each for job_id in taken)
    assert len(counts) == 230
    assert set(counts.values()) == {1}


async def test_a_lease_that_ran_out_is_taken_over_and_the_former_holder_has_no_say(world: World) -> None:
    job_id = await jobs.enqueue(world, TEST, Numbered(0))
    (first,) = await jobs.claim(world, "first")
    world.clock.advance(jobs.LEASE)  # type: ignore[attr-defined]
    assert await jobs.claim(world, "second") == []
    world.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
    (second,) = await jobs.claim(world, "second")
    assert (second.id, second.attempts) == (job_id, 2)

    async def done(world: World, claimed: ClaimedJob) -> None:
        pass

    await jobs.run_one(world, first, {"test": done})
    assert (await job(job_id))["done_at"] is None
    await jobs.run_one(world, second, {"test": done})
    assert (await job(job_id))["done_at"] == world.now()


@pytest.mark.parametrize("error", [TemporaryFailure("later"), RuntimeError("later")])
async def test_a_failure_is_tried_again_ever_later_then_given_up(world: World, error: Exception) -> None:
    async def fail(world: World, claimed: ClaimedJob) -> None:
        raise error

    job_id = await jobs.enqueue(world, TEST, Numbered(0))
    waited = []
    while (state := await job(job_id))["failed_at"] is None:
        waited.append(state["run_at"] - world.now())
        world.clock.advance(waited[-1])  # type: ignore[attr-defined]
        assert await jobs.run_due(world, {"test": fail}) == 1
    assert waited == [timedelta(0), *jobs.RETRY_AFTER]
    assert "later" in state["error"]
    assert await jobs.run_due(world, {"test": fail}) == 0


async def test_work_is_handed_what_was_asked_for_and_each_kind_has_one_hand(world: World) -> None:
    handed: list[Numbered] = []

    async def take(world: World, claimed: ClaimedJob, payload: Numbered) -> None:
        handed.append(payload)

    await jobs.enqueue_many(world, TEST, [Numbered(3), Numbered(1)])
    done = TEST.done_by(take)
    assert await jobs.run_due(world, by_name([done])) == 2
    assert sorted(each.number for each in handed) == [1, 3]
    with pytest.raises(ValueError, match="two handlers for jobs of kind test"):
        by_name([done, done])


async def test_a_permanent_failure_is_not_tried_again(world: World) -> None:
    async def fail(world: World, claimed: ClaimedJob) -> None:
        raise PermanentFailure("550 no such mailbox")

    job_id = await jobs.enqueue(world, TEST, Numbered(0))
    unknown = await jobs.enqueue(world, Kind("unheard of", Nothing), Nothing())
    await jobs.run_due(world, {"test": fail})
    assert [(await job(each))["error"] for each in (job_id, unknown)] == [
        "550 no such mailbox",
        "no handler for jobs of kind unheard of",
    ]


async def test_the_worker_does_several_at_once_and_ends_when_asked(world: World) -> None:
    await jobs.enqueue_many(world, TEST, [Numbered(0)] * 20)
    running, most, done = 0, 0, asyncio.Event()
    finished: list[UUID] = []

    async def wait(world: World, claimed: ClaimedJob) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        finished.append(claimed.id)
        if len(finished) == 20:
            done.set()

    stop = asyncio.Event()
    worker = asyncio.create_task(jobs.work(world, {"test": wait}, jobs.holder_name(), stop))
    async with asyncio.timeout(10):
        await done.wait()
        stop.set()
        await worker
    assert most == jobs.LANES
    assert len(set(finished)) == 20
    assert await jobs.pending_count() == 0


async def test_what_a_killed_process_held_is_released_at_the_next_start(world: World) -> None:
    dead = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await dead.wait()
    host = jobs.holder_name().rpartition("/")[0]
    for holder in (f"{host}/{dead.pid}", f"{host}/{os.getppid()}", f"elsewhere/{dead.pid}"):
        await jobs.enqueue(world, Kind(holder, Nothing), Nothing())
        await jobs.claim(world, holder, 1)
    await jobs.release_leases_of_the_dead(jobs.holder_name())
    assert [each.kind for each in await jobs.claim(world, "new")] == [f"{host}/{dead.pid}"]


async def test_the_work_of_the_night_is_written_down_once_a_day(world: World) -> None:
    for hours in (0, 1, 16, 17, 18, 23, 42):  # from 10:00 in Paris; the day changes at 03:00
        world.clock.instant = NOW + timedelta(hours=hours)  # type: ignore[attr-defined]
        await nightly.enqueue_tonight(world, [Kind("a.trim", Nothing), Kind("b.trim", Nothing)])
    found = await db.rows("SELECT kind, count(*) AS n FROM job GROUP BY kind ORDER BY kind")
    assert [(each["kind"], each["n"]) for each in found] == [("a.trim", 3), ("b.trim", 3)]


async def test_whoever_asks_it_to_end_does_not_wait_for_silent_servers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every lane waits for an answer that never comes: they are given up, and nobody has to come first."""
    monkeypatch.setattr(jobs, "STOPPING_SECONDS", 0.05)
    await jobs.enqueue_many(world, TEST, [Numbered(0)] * jobs.LANES)
    begun, stop = [], asyncio.Event()

    async def wait(world: World, claimed: ClaimedJob) -> None:
        begun.append(claimed.id)
        if len(begun) == jobs.LANES:
            stop.set()
        await asyncio.Event().wait()

    async with asyncio.timeout(20):  # it never ended
        await jobs.work(world, {"test": wait}, jobs.holder_name(), stop)
    assert len(begun) == jobs.LANES


async def test_whoever_waits_for_somebody_elses_server_takes_no_lane(world: World) -> None:
    """All of them have begun before the first one ends."""
    many = 2 * jobs.LANES
    await jobs.enqueue_many(world, TEST, [Numbered(0)] * many)
    begun, ended, all_there, stop = 0, 0, asyncio.Event(), asyncio.Event()

    async def wait(world: World, claimed: ClaimedJob) -> None:
        nonlocal begun, ended
        begun += 1
        if begun == many:
            all_there.set()
        with waiting_outside():
            await all_there.wait()
        ended += 1
        if ended == many:
            stop.set()

    async with asyncio.timeout(20):
        await jobs.work(world, {"test": wait}, jobs.holder_name(), stop)
    assert (begun, ended) == (many, many)
