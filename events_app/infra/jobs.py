"""Work after the commit: rows written in the caller's transaction, claimed with a lease, retried.

At least once: a worker that dies leaves its lease to run out, and the job is tried again. Handlers must
therefore be safe to repeat; `job_id` is what they recognise a repeat by. A job runs for less than its lease,
and whoever notes how it ended must still hold it, so two workers never both believe in their own outcome.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from events_app.infra import traffic
from events_app.infra.database import (
    DatabaseBusy,
    Rows,
    execute,
    insert_together,
    is_postgres,
    point,
    row,
    rows,
    write_transaction,
)
from events_app.infra.job_kinds import ClaimedJob, JobHandler, Kind, P, written
from events_app.infra.lanes import MOST_ASIDE, Lanes
from events_app.infra.world import World
from events_app.kernel.text import without_addresses

LEASE = timedelta(minutes=2)
LONGEST_RUN_SECONDS = 100.0  # under the lease: what runs longer is given up and tried again
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    *[timedelta(hours=12)] * 7,  # a mail server that is away for a long weekend
)
RUSH_PAUSE_SECONDS = 0.5  # a mail takes some 10 ms of this process: a fiftieth of it during a rush
IDLE_SECONDS = 1.0
STOPPING_SECONDS = 3.0  # for what runs when the process is asked to end
LANES = 6  # jobs at a time, besides those that wait for somebody's server
_ROWS_A_STATEMENT = 100  # of seven values each; SQLite takes 32,766 a statement, PostgreSQL 32,767

R = TypeVar("R")

log = logging.getLogger("convive.jobs")


class PermanentFailure(Exception):
    """Raised by a handler when trying again cannot help; its text is shown to the organiser."""


class TemporaryFailure(Exception):
    """Raised by a handler when the outside world said "later"; no fault of ours, so no traceback."""


async def enqueue(
    world: World, kind: Kind[P], payload: P, *, event_id: UUID | None = None, run_at: datetime | None = None
) -> UUID:
    """Inside the transaction of the deed that asks for the work."""
    job_id = world.new_id()
    # Written by hand for the same reason as the audit trail.
    await execute(
        "INSERT INTO job (id, kind, payload, event_id, run_at, attempts, created_at)"
        " VALUES ({}, {}, {}, {}, {}, 0, {})",
        job_id,
        kind.name,
        written(payload),
        event_id,
        run_at or world.now(),
        world.now(),
    )
    return job_id


async def enqueue_many(
    world: World,
    kind: Kind[P],
    payloads: Sequence[P],
    *,
    event_id: UUID | None = None,
    run_at: datetime | None = None,
) -> None:
    """As `enqueue`, for many recipients: one statement per hundred jobs."""
    for start in range(0, len(payloads), _ROWS_A_STATEMENT):
        part = [(kind, payload) for payload in payloads[start : start + _ROWS_A_STATEMENT]]
        await insert_together(rows_of(world, part, event_id=event_id, run_at=run_at))


def rows_of(
    world: World,
    wanted: Sequence[tuple[Kind[P], P]],
    *,
    event_id: UUID | None = None,
    run_at: datetime | None = None,
) -> Rows:
    now = world.now()
    due = run_at or now
    return Rows(
        "job",
        ("id", "kind", "payload", "event_id", "run_at", "attempts", "created_at"),
        [(world.new_id(), kind.name, written(payload), event_id, due, 0, now) for kind, payload in wanted],
    )


def holder_name() -> str:
    """Who holds a lease: this process of this host."""
    return f"{socket.gethostname()[:48]}/{os.getpid()}"


async def release_leases_of_the_dead(holder: str) -> None:
    """At the start: what processes of this host held when they were killed need not wait for its lease."""
    host, _, own_pid = holder.rpartition("/")
    for found in await rows(
        "SELECT DISTINCT lease_holder FROM job WHERE done_at IS NULL AND failed_at IS NULL"
    ):
        other_host, _, pid = (found["lease_holder"] or "").rpartition("/")
        if other_host == host and pid.isdigit() and (pid == own_pid or not _is_alive(int(pid))):
            await execute(
                "UPDATE job SET leased_until = NULL, lease_holder = NULL"
                " WHERE lease_holder = {} AND done_at IS NULL AND failed_at IS NULL",
                found["lease_holder"],
            )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # asks only
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's process
        return True
    return True


async def claim(world: World, holder: str, limit: int = 20) -> list[ClaimedJob]:
    """Take due jobs for `LEASE`. Two workers never hold the same job at the same time."""
    now = world.now()
    # Index job_due. Looked at first without the writer's lock: most of the time nothing is due.
    due_sql = (
        "SELECT id FROM job WHERE done_at IS NULL AND failed_at IS NULL AND run_at <= {}"
        " AND (leased_until IS NULL OR leased_until < {}) ORDER BY run_at, id LIMIT {} "
    )
    if not await point(due_sql, now, now, 1):
        return []
    skip = "FOR UPDATE SKIP LOCKED" if is_postgres() else ""
    async with write_transaction():  # on SQLite it keeps other workers out by itself
        due = await rows(due_sql + skip, now, now, limit)
        if not due:
            return []
        marks = ", ".join("{}" for _ in due)
        taken = await rows(
            "UPDATE job SET leased_until = {}, lease_holder = {}, attempts = attempts + 1"
            f" WHERE id IN ({marks}) RETURNING id, kind, payload, event_id, attempts, created_at",
            now + LEASE,
            holder,
            *(found["id"] for found in due),
        )
    return sorted(msgspec.convert(taken, list[ClaimedJob]), key=lambda job: job.id)


def is_last_attempt(job: ClaimedJob) -> bool:
    return job.attempts > len(RETRY_AFTER)


async def run_one(world: World, job: ClaimedJob, handlers: Mapping[str, JobHandler]) -> None:
    """Run a claimed job and note how it ended. Never raises but for cancellation and a failing database."""
    handler = handlers.get(job.kind)
    try:
        if handler is None:
            raise PermanentFailure(f"no handler for jobs of kind {job.kind}")
        async with asyncio.timeout(LONGEST_RUN_SECONDS):
            await handler(world, job)
    except PermanentFailure as failure:
        await _note_failure(world, job, str(failure), again=False)
    except TemporaryFailure as failure:
        log.info("job %s (%s) is tried again later: %s", job.id, job.kind, without_addresses(str(failure)))
        await _note_failure(world, job, str(failure), again=not is_last_attempt(job))
    except DatabaseBusy as busy:  # no fault of the job's, and said in the database's own log line
        await _note_failure(world, job, str(busy), again=not is_last_attempt(job))
    except Exception as error:
        log.exception("job %s (%s) failed", job.id, job.kind)
        await _note_failure(world, job, f"{type(error).__name__}: {error}", again=not is_last_attempt(job))
    else:
        await _note(job, "done_at = {}, error = NULL", world.now())


async def _note_failure(world: World, job: ClaimedJob, words: str, *, again: bool) -> None:
    """A server's words often repeat the address that it refuses: whom a job is about, its payload says."""
    words = without_addresses(words)
    if again:
        due = world.now() + RETRY_AFTER[job.attempts - 1]
        await _note(job, "leased_until = NULL, run_at = {}, error = {}", due, words[:2000])
    else:
        await _note(job, "failed_at = {}, error = {}", world.now(), words[:2000])


async def _note(job: ClaimedJob, changes: str, *values: Any) -> None:
    """The number of attempts tells whether this claim is still the last one."""
    await execute(
        f"UPDATE job SET {changes} WHERE id = {{}} AND attempts = {{}}", *values, job.id, job.attempts
    )


async def run_due(world: World, handlers: Mapping[str, JobHandler], holder: str = "inline") -> int:
    """Run all that is due, one after another, until nothing is left; how many there were."""
    count = 0
    while claimed := await claim(world, holder):
        for job in claimed:
            await run_one(world, job, handlers)
        count += len(claimed)
    return count


async def work(world: World, handlers: Mapping[str, JobHandler], holder: str, stop: asyncio.Event) -> None:
    """The worker's loop, until `stop` is set: `LANES` jobs at a time, claimed when a lane is free.

    A failing database is waited for, not died of.
    """
    running: set[asyncio.Task[None]] = set()
    lanes = Lanes()
    lanes.make_current()
    await _unless_it_fails(release_leases_of_the_dead(holder))
    while not stop.is_set():
        free = await _lanes_now(stop) - len(running) + lanes.aside
        free = min(free, LANES + MOST_ASIDE - len(running))
        lanes.changed.clear()
        claimed = (await _unless_it_fails(claim(world, holder, free)) or []) if free > 0 else []
        for job in claimed:
            running.add(asyncio.create_task(_unless_it_fails(run_one(world, job, handlers))))
        if running and (claimed or free <= 0):
            await _one_of(running, lanes, stop)
        else:
            await _pause(stop)
        running = {task for task in running if not task.done()}
    if running:
        _, late = await asyncio.wait(running, timeout=STOPPING_SECONDS)
        for task in late:  # its lease runs out, or is released at the next start
            task.cancel()


async def _unless_it_fails(step: Awaitable[R]) -> R | None:
    """The database may be away for a while: the step is logged and comes again, by lease or by poll."""
    try:
        return await step
    except DatabaseBusy:  # the database's own log says it, once
        return None
    except Exception:
        log.exception("the worker could not reach its jobs")
        return None


async def _lanes_now(stop: asyncio.Event) -> int:
    """In a rush of requests people come first: one job at a time, after a wait."""
    if not traffic.is_busy():
        return LANES
    await _pause(stop, RUSH_PAUSE_SECONDS)
    return LANES if not traffic.is_busy() else 1


async def _one_of(running: set[asyncio.Task[None]], lanes: Lanes, stop: asyncio.Event) -> None:
    """Until one of them has ended or steps aside, or the process is asked to end: a silent mail server is not
    waited for."""
    others = [asyncio.create_task(event.wait()) for event in (lanes.changed, stop)]
    try:
        await asyncio.wait({*running, *others}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for other in others:
            other.cancel()


async def _pause(stop: asyncio.Event, seconds: float = IDLE_SECONDS) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


async def pending_count() -> int:
    found = await row("SELECT count(*) AS n FROM job WHERE done_at IS NULL AND failed_at IS NULL")
    return int(found["n"]) if found else 0
