"""Scans: single ones that share transactions, batches of a device that was offline, and the undo."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final
from weakref import WeakKeyDictionary

from msgspec import Struct
from msgspec.structs import replace

from events_app.features.admission import live
from events_app.features.admission.readings import read_code
from events_app.features.admission.recorded import Submission
from events_app.features.admission.recorder import EventBatch, ScanIdReused
from events_app.features.admission.schemas import ScanAnswer, ScanRequest
from events_app.features.admission.tickets import Keyring, keyring
from events_app.features.events.access import may_edit, may_read_tickets, may_scan
from events_app.features.events.holding import held_together
from events_app.features.events.model import EventRecord
from events_app.infra.coalescer import Coalescer
from events_app.infra.database import DatabaseAway, DatabaseBusy, UniqueViolation, write_transaction
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind
from events_app.kernel.errors import N_, AppError, InvalidInput, NotAllowed, NotFound
from events_app.kernel.text import clean_line

_TRIES: Final = 5  # two processes may meet at the same scan id; the second then reads the first's answer


_YEARS: Final = (2000, 2200)


class _Waiting(Struct, frozen=True):
    world: World
    keys: Keyring
    submission: Submission


async def record_scan(world: World, actor: Actor, event: EventRecord, scan: ScanRequest) -> ScanAnswer:
    """Answered after the commit; the same `scan_id` again gets the same answer.

    Raises `NotAllowed`, `InvalidInput`, `ScanIdReused`.
    """
    keys = await keyring(world)
    if not may_read_tickets(actor, event):
        raise NotAllowed
    item = submission_of(world, keys, actor, event, scan, late=False)
    loop = asyncio.get_running_loop()
    queue = _queues.get(loop)
    if queue is None:
        queue = _queues[loop] = Coalescer(_record_waiting)
    answer = await queue.submit(_Waiting(world, keys, item))
    if isinstance(answer, ScanIdReused):
        raise answer
    return answer


async def record_scans(
    world: World, actor: Actor, event: EventRecord, scans: Sequence[ScanRequest]
) -> list[ScanAnswer | AppError]:
    """What a device decided while it was alone: recorded in order of `scanned_at`, in one transaction.

    One answer for each scan, as given; one that cannot be recorded has the error that it would have alone.
    Whoever was recorded first stays the first; a device that let the same person in as well is told by
    `conflict`. Raises `NotAllowed`.
    """
    if not may_scan(actor, event):
        raise NotAllowed
    keys = await keyring(world)
    answers: dict[int, ScanAnswer | AppError] = {}
    good: list[tuple[int, Submission]] = []
    for index, scan in enumerate(scans):
        try:
            good.append((index, submission_of(world, keys, actor, event, scan, late=True)))
        except AppError as error:
            answers[index] = error
    good.sort(key=lambda pair: pair[1].scanned_at)
    if good:
        recorded = await _record_waiting([_Waiting(world, keys, item) for _, item in good])
        answers.update(zip((index for index, _ in good), recorded, strict=True))
    return [answers[index] for index in range(len(scans))]


# One queue for each event loop: a process has one, each test its own.
_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, Coalescer[_Waiting, ScanAnswer | ScanIdReused]] = (
    WeakKeyDictionary()
)


def submission_of(
    world: World, keys: Keyring, actor: Actor, event: EventRecord, scan: ScanRequest, *, late: bool
) -> Submission:
    """Raises `NotAllowed`, `InvalidInput`."""
    if scan.override and not may_edit(actor, event):
        raise NotAllowed
    now = world.now()
    gate = clean_line(scan.gate) or actor.gate
    return Submission(
        event=event,
        actor=actor,
        scan=replace(scan, gate=gate, override=clean_line(scan.override)),
        reading=read_code(scan.ticket_code, keys.verifier),
        scanned_at=moment_of(scan.scanned_at, now),
        received_at=now,
        device=device_of(actor, scan.device),
        late=late or bool(scan.decided),
    )


def device_of(actor: Actor, said: str) -> str:
    """Whose ids these are: an enrolled phone is itself, a program names its devices or is one."""
    if said and actor.kind is not ActorKind.DOOR_DEVICE:
        return said
    return actor.id.hex if actor.id else ""


def moment_of(scanned_at: datetime | None, now: datetime) -> datetime:
    """The device's time in UTC; raises InvalidInput outside of any year that a device could mean."""
    if scanned_at is None:
        return now
    if not _YEARS[0] <= scanned_at.year <= _YEARS[1]:
        raise InvalidInput.one(
            "/scanned_at", "out-of-range", N_("Please check the date and time of this scan.")
        )
    return scanned_at.astimezone(UTC)


async def _record_waiting(waiting: Sequence[_Waiting]) -> list[ScanAnswer | ScanIdReused]:
    for attempt in range(_TRIES):
        try:
            answers = await _record_once(waiting)
            break
        except DatabaseAway:
            raise
        except (UniqueViolation, DatabaseBusy):
            if attempt == _TRIES - 1:
                raise
    for event_id in {item.submission.event.id for item in waiting}:
        live.tell(event_id)
    return answers


async def _record_once(waiting: Sequence[_Waiting]) -> list[ScanAnswer | ScanIdReused]:
    answers: dict[int, ScanAnswer | ScanIdReused] = {}
    async with write_transaction():
        events = await held_together(item.submission.event.id for item in waiting)
        if (queue := _queues.get(asyncio.get_running_loop())) is not None:
            # Another process may have held them for a while: who came in that time is served now.
            queue.take_along(waiting, lambda late: late.submission.event.id in events)
        order = sorted(range(len(waiting)), key=lambda index: waiting[index].submission.event.id)
        for event_id, group in groupby(order, key=lambda index: waiting[index].submission.event.id):
            indexes = list(group)
            first = waiting[indexes[0]]
            if event_id not in events:
                raise NotFound
            batch = EventBatch(first.world, first.keys, events[event_id])
            found = await batch.record([waiting[index].submission for index in indexes])
            answers.update(zip(indexes, found, strict=True))
    return [answers[index] for index in range(len(waiting))]
