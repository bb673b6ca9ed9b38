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
from events_app.features.admission.recorder import EventBatch, Submission
from events_app.features.admission.schemas import ScanAnswer, ScanRequest
from events_app.features.admission.tickets import Keyring, keyring
from events_app.features.events.access import may_edit, may_scan
from events_app.features.events.holding import held_together
from events_app.features.events.model import EventRecord
from events_app.infra.coalescer import Coalescer
from events_app.infra.database import DatabaseBusy, UniqueViolation, write_transaction
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, NotAllowed, NotFound
from events_app.kernel.text import clean_line

_TRIES: Final = 5  # two processes may meet at the same scan id; the second then reads the first's answer


_YEARS: Final = (2000, 2200)


class _Waiting(Struct, frozen=True):
    world: World
    keys: Keyring
    submission: Submission


async def record_scan(world: World, actor: Actor, event: EventRecord, scan: ScanRequest) -> ScanAnswer:
    """Answered after the commit; the same `scan_id` again gets the same answer. Raises `NotAllowed`."""
    keys = await keyring(world)
    item = _submission(world, keys, actor, event, scan, late=False)
    loop = asyncio.get_running_loop()
    queue = _queues.get(loop)
    if queue is None:
        queue = _queues[loop] = Coalescer(_record_waiting)
    return await queue.submit(_Waiting(world, keys, item))


async def record_scans(
    world: World, actor: Actor, event: EventRecord, scans: Sequence[ScanRequest]
) -> list[ScanAnswer]:
    """What a device decided while it was alone: in order of `scanned_at`, all in one transaction.

    Whoever was recorded first stays the first; a device that let the same person in as well is told by
    `conflict`. Raises `NotAllowed`.
    """
    keys = await keyring(world)
    items = [_submission(world, keys, actor, event, scan, late=True) for scan in scans]
    items.sort(key=lambda item: item.scanned_at)
    return await _record_waiting([_Waiting(world, keys, item) for item in items])


# One queue for each event loop: a process has one, each test its own.
_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, Coalescer[_Waiting, ScanAnswer]] = WeakKeyDictionary()


def _submission(
    world: World, keys: Keyring, actor: Actor, event: EventRecord, scan: ScanRequest, *, late: bool
) -> Submission:
    if not may_scan(actor, event) or (scan.override and not may_edit(actor, event)):
        raise NotAllowed
    now = world.now()
    gate = clean_line(scan.gate) or actor.gate
    return Submission(
        event=event,
        actor=actor,
        scan=replace(scan, gate=gate, override=clean_line(scan.override)),
        reading=read_code(scan.ticket_code, keys.verifier),
        scanned_at=_moment(scan.scanned_at, now),
        received_at=now,
        late=late,
    )


def _moment(scanned_at: datetime | None, now: datetime) -> datetime:
    """The device's time in UTC; raises InvalidInput outside of any year that a device could mean."""
    if scanned_at is None:
        return now
    if not _YEARS[0] <= scanned_at.year <= _YEARS[1]:
        raise InvalidInput.one(
            "/scanned_at", "out-of-range", N_("Please check the date and time of this scan.")
        )
    return scanned_at.astimezone(UTC)


async def _record_waiting(waiting: Sequence[_Waiting]) -> list[ScanAnswer]:
    for attempt in range(_TRIES):
        try:
            answers = await _record_once(waiting)
            break
        except (UniqueViolation, DatabaseBusy):
            if attempt == _TRIES - 1:
                raise
    for event_id in {item.submission.event.id for item in waiting}:
        live.tell(event_id)
    return answers


async def _record_once(waiting: Sequence[_Waiting]) -> list[ScanAnswer]:
    order = sorted(range(len(waiting)), key=lambda index: waiting[index].submission.event.id)
    answers: dict[int, ScanAnswer] = {}
    async with write_transaction():
        events = await held_together(item.submission.event.id for item in waiting)
        for event_id, group in groupby(order, key=lambda index: waiting[index].submission.event.id):
            indexes = list(group)
            first = waiting[indexes[0]]
            if event_id not in events:
                raise NotFound
            batch = EventBatch(first.world, first.keys, events[event_id])
            found = await batch.record([waiting[index].submission for index in indexes])
            answers.update(zip(indexes, found, strict=True))
    return [answers[index] for index in range(len(waiting))]
