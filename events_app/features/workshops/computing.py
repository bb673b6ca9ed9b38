"""Computing a placement beside the pages: begun, looked at, cancelled, and left alone.

What is being computed stands in a row, so that every page and process sees it. Whoever computes says every
second that it lives; a row that nobody has spoken for is over, whatever it says (a process was killed).
"""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Event as Flag
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit
from events_app.features.events.model import EventRecord
from events_app.features.workshops import service
from events_app.features.workshops.model import RunRecord, RunRequest
from events_app.features.workshops.solving import turn
from events_app.infra.database import UniqueViolation, execute, row, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import AppError, FieldError, InvalidInput, NotAllowed, NotFound
from events_app.matching.workshops.problem import Cancelled


class ComputationStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    GONE = "gone"  # whoever computed it has fallen silent


class Progress(msgspec.Struct):
    """Written by the engine's thread, read by the loop: each value by itself is enough.

    `seated`: part of the seats looked at so far. `found`: some placement is known; `closed`: it is the best.
    `empty`: places that are lacking in the best one so far; `least`: in any. None: not known.
    """

    begun: bool = False
    seated: float = 0.0
    found: bool = False
    closed: bool = False
    empty: int | None = None
    least: int | None = None

    def hear(self, share: float, value: tuple[int, ...] | None, bound: tuple[int, ...] | None) -> None:
        self.seated = share
        self.found = value is not None
        self.closed = value is not None and value == bound
        self.empty = value[0] if value else None  # the first criterion of every objective
        self.least = bound[0] if bound else None


class Problem(msgspec.Struct, frozen=True):
    """What it was refused for: the message template with its fields, or the fields in error."""

    detail: str = ""
    fields: dict[str, str | int] = {}
    errors: list[FieldError] = []


class Computation(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    event_id: UUID
    status: ComputationStatus
    request: RunRequest
    progress: Progress
    problem: Problem
    run_id: UUID | None
    cancel_wanted: bool
    created_at: datetime
    created_by: str
    seen_at: datetime

    @property
    def is_active(self) -> bool:
        return self.status in (ComputationStatus.QUEUED, ComputationStatus.RUNNING)


def problem_of(refused: AppError) -> Problem:
    """As it can be kept and shown to whoever comes back."""
    fields = {name: value for name, value in refused.fields.items() if isinstance(value, str | int)}
    errors = refused.errors if isinstance(refused, InvalidInput) else []
    return Problem(refused.detail, fields, errors)


BEAT_SECONDS = 1.0
SILENT_FOR = timedelta(seconds=20)  # then whoever computed it is gone
log = logging.getLogger(__name__)

_tasks: dict[UUID, asyncio.Task[RunRecord | None]] = {}
"""Those of this process; the loop itself holds tasks only weakly."""


async def begin(world: World, actor: Actor, event: EventRecord, request: RunRequest) -> Computation:
    """The event's computation that is running already, or this one. Raises `NotAllowed`."""
    if not may_edit(actor, event):
        raise NotAllowed
    computation_id = world.new_id()
    try:
        async with unit_of_work():
            await _give_up_silent(world, event.id)
            present = await active_of(event.id)
            if present is None:
                await execute(
                    "INSERT INTO computation (id, event, status, request, progress, problem, cancel_wanted,"
                    " created_at, created_by, seen_at) VALUES ({}, {}, 'queued', {}, {}, {}, {}, {}, {}, {})",
                    computation_id,
                    event.id,
                    msgspec.json.encode(request).decode(),
                    msgspec.json.encode(Progress()).decode(),
                    msgspec.json.encode(Problem()).decode(),
                    False,
                    world.now(),
                    actor.name,
                    world.now(),
                )
    except UniqueViolation:  # two processes at the same moment
        present = await active_of(event.id)
    if present is not None:
        return present
    _start(computation_id, _compute(world, actor, event, request, computation_id))
    return await computation_of(event.id, computation_id)


async def result_within(computation: Computation, seconds: float) -> RunRecord | None:
    """What came of it so soon; None where it goes on, or another process has it.

    Raises what the computation was refused for.
    """
    task = _tasks.get(computation.id)
    if task is None:
        return None
    done, _ = await asyncio.wait({task}, timeout=seconds)
    return task.result() if done else None


async def computation_of(event_id: UUID, computation_id: UUID) -> Computation:
    """Raises `NotFound`."""
    found = await row("SELECT * FROM computation WHERE id = {} AND event = {}", computation_id, event_id)
    if found is None:
        raise NotFound
    return _computation(found)


async def active_of(event_id: UUID) -> Computation | None:
    found = await row(
        "SELECT * FROM computation WHERE event = {} AND status IN ('queued', 'running')", event_id
    )
    return _computation(found) if found else None


async def cancel(actor: Actor, event: EventRecord, computation_id: UUID) -> None:
    """Whoever computes it, in whichever process, hears of it within a second. Raises `NotAllowed`."""
    if not may_edit(actor, event):
        raise NotAllowed
    await execute(
        "UPDATE computation SET cancel_wanted = {} WHERE id = {} AND event = {}",
        True,
        computation_id,
        event.id,
    )


def is_silent(world: World, computation: Computation) -> bool:
    return computation.is_active and world.now() - computation.seen_at > SILENT_FOR


async def _give_up_silent(world: World, event_id: UUID) -> None:
    await execute(
        "UPDATE computation SET status = 'gone' WHERE event = {} AND status IN ('queued', 'running')"
        " AND seen_at < {}",
        event_id,
        world.now() - SILENT_FOR,
    )


def _start(computation_id: UUID, work: Coroutine[Any, Any, RunRecord | None]) -> None:
    task = asyncio.create_task(work)
    _tasks[computation_id] = task

    def forget(done: asyncio.Task[RunRecord | None]) -> None:
        _tasks.pop(computation_id, None)
        if not done.cancelled():
            done.exception()  # it stands in the row; whoever waited has it too

    task.add_done_callback(forget)


async def _compute(
    world: World, actor: Actor, event: EventRecord, request: RunRequest, computation_id: UUID
) -> RunRecord | None:
    """Ends the row in every case that this process sees to the end."""
    flag, progress = Flag(), Progress()
    beating = asyncio.create_task(_beat(world, computation_id, flag, progress))
    status, problem, run = ComputationStatus.FAILED, Problem(), None
    try:
        async with turn():
            if not flag.is_set():
                progress.begun = True
                await _say(world, computation_id, progress)
                proposal = await service.compute(
                    world, actor, event, request, progress=progress.hear, cancel=flag
                )
                run = await service.keep(world, actor, proposal)
        status = ComputationStatus.DONE if run else ComputationStatus.CANCELLED
    except Cancelled:
        status = ComputationStatus.CANCELLED
    except AppError as refused:
        problem = problem_of(refused)
        raise
    except asyncio.CancelledError:  # the server stops: the row falls silent
        flag.set()
        raise
    except Exception:
        log.exception("a placement could not be computed")
        raise
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        if not flag.is_set() or status is ComputationStatus.CANCELLED:
            await execute(
                "UPDATE computation SET status = {}, problem = {}, run = {}, seen_at = {} WHERE id = {}",
                status.value,
                msgspec.json.encode(problem).decode(),
                run.id if run else None,
                world.now(),
                computation_id,
            )
    return run


async def _beat(world: World, computation_id: UUID, flag: Flag, progress: Progress) -> None:
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        if await _say(world, computation_id, progress):
            flag.set()


async def _say(world: World, computation_id: UUID, progress: Progress) -> bool:
    """Whether it is not wanted any more."""
    found = await rows(
        "UPDATE computation SET status = {}, progress = {}, seen_at = {} WHERE id = {}"
        " AND status IN ('queued', 'running') RETURNING cancel_wanted",
        (ComputationStatus.RUNNING if progress.begun else ComputationStatus.QUEUED).value,
        msgspec.json.encode(progress).decode(),
        world.now(),
        computation_id,
    )
    return not found or bool(found[0]["cancel_wanted"])


def _computation(found: dict[str, Any]) -> Computation:
    return Computation(
        id=found["id"],
        event_id=found["event"],
        status=ComputationStatus(found["status"]),
        request=msgspec.json.decode(found["request"], type=RunRequest),
        progress=msgspec.json.decode(found["progress"], type=Progress),
        problem=msgspec.json.decode(found["problem"], type=Problem),
        run_id=found["run"],
        cancel_wanted=bool(found["cancel_wanted"]),
        created_at=found["created_at"],
        created_by=found["created_by"],
        seen_at=found["seen_at"],
    )
