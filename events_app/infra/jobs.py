"""Work after the commit: rows written in the caller's transaction, claimed with a lease, retried.

At least once: a worker that dies leaves its lease to run out, and the job is tried again. Handlers must
therefore be safe to repeat; `job_id` is what they recognise a repeat by.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from events_app.infra.database import execute, is_postgres, row, rows, write_transaction
from events_app.infra.tables import Job
from events_app.infra.world import World

LEASE = timedelta(minutes=2)
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
IDLE_SECONDS = 1.0

log = logging.getLogger("convive.jobs")


class PermanentFailure(Exception):
    """Raised by a handler when trying again cannot help; its text is shown to the organiser."""


class ClaimedJob(msgspec.Struct, frozen=True):
    id: UUID
    kind: str
    payload: dict[str, Any]
    event_id: UUID | None
    attempts: int  # including this one
    created_at: datetime


JobHandler = Callable[[World, ClaimedJob], Awaitable[None]]


async def enqueue(
    world: World, kind: str, *, event_id: UUID | None = None, run_at: datetime | None = None, **payload: Any
) -> UUID:
    """Inside the transaction of the deed that asks for the work. Payload: ids and plain values."""
    job_id = world.new_id()
    await Job(
        id=job_id,
        kind=kind,
        payload=msgspec.json.encode(payload).decode(),
        event_id=event_id,
        run_at=run_at or world.now(),
        created_at=world.now(),
    ).save()
    return job_id


async def claim(world: World, holder: str, limit: int = 20) -> list[ClaimedJob]:
    """Take due jobs for `LEASE`. Two workers never hold the same job at the same time."""
    now = world.now()
    skip = "FOR UPDATE SKIP LOCKED" if is_postgres() else ""
    async with write_transaction():
        # Index job_due; on SQLite the write transaction itself keeps other workers out.
        due = await rows(
            "SELECT id FROM job WHERE done_at IS NULL AND failed_at IS NULL AND run_at <= {}"
            " AND (leased_until IS NULL OR leased_until < {}) ORDER BY run_at LIMIT {} " + skip,
            now,
            now,
            limit,
        )
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
    jobs = [
        msgspec.convert({**job, "payload": msgspec.json.decode(job["payload"])}, ClaimedJob) for job in taken
    ]
    return sorted(jobs, key=lambda job: job.id)


async def run_one(world: World, job: ClaimedJob, handlers: Mapping[str, JobHandler]) -> None:
    """Run a claimed job and note how it ended. Never raises but for cancellation."""
    handler = handlers.get(job.kind)
    try:
        if handler is None:
            raise PermanentFailure(f"no handler for jobs of kind {job.kind}")
        await handler(world, job)
    except PermanentFailure as failure:
        await _note_failure(world, job, str(failure), retry=False)
    except Exception as error:
        log.exception("job %s (%s) failed", job.id, job.kind)
        await _note_failure(world, job, f"{type(error).__name__}: {error}", retry=True)
    else:
        await execute("UPDATE job SET done_at = {}, error = NULL WHERE id = {}", world.now(), job.id)


async def _note_failure(world: World, job: ClaimedJob, words: str, *, retry: bool) -> None:
    again = retry and job.attempts <= len(RETRY_AFTER)
    if again:
        await execute(
            "UPDATE job SET leased_until = NULL, run_at = {}, error = {} WHERE id = {}",
            world.now() + RETRY_AFTER[job.attempts - 1],
            words[:2000],
            job.id,
        )
    else:
        await execute(
            "UPDATE job SET failed_at = {}, error = {} WHERE id = {}", world.now(), words[:2000], job.id
        )


async def run_due(world: World, handlers: Mapping[str, JobHandler], holder: str = "inline") -> int:
    """Run all that is due, until nothing is left; how many there were."""
    count = 0
    while claimed := await claim(world, holder):
        for job in claimed:
            await run_one(world, job, handlers)
        count += len(claimed)
    return count


async def work(world: World, handlers: Mapping[str, JobHandler], holder: str, stop: asyncio.Event) -> None:
    """The worker's loop, until `stop` is set. A failing database is waited for, not died of."""
    while not stop.is_set():
        try:
            done = await run_due(world, handlers, holder)
        except Exception:
            log.exception("the worker could not read its jobs")
            done = 0
        if not done:
            try:
                await asyncio.wait_for(stop.wait(), IDLE_SECONDS)
            except TimeoutError:
                continue


async def pending_count() -> int:
    found = await row("SELECT count(*) AS n FROM job WHERE done_at IS NULL AND failed_at IS NULL")
    return int(found["n"]) if found else 0
