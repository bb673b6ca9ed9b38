"""Reminders: looked for every minute, each written once whatever restarts.

What was reminded of is a row, written in the transaction of the jobs: whichever process looks first writes
both, and all others find the row.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.rules import MOST_REMINDER_MINUTES
from events_app.features.mailing.job_kinds import REMINDER, AboutStart
from events_app.infra.database import execute, retried, row, rows, unit_of_work
from events_app.infra.jobs import enqueue_many
from events_app.infra.world import World


def due_now(reminders: Iterable[int], starts_at: datetime, now: datetime) -> int | None:
    """The reminder whose time has come, in minutes before the start. Pure.

    One that was missed by more than a quarter of its distance is not sent late: the next one comes.
    """
    if now >= starts_at:
        return None
    for minutes in sorted(reminders):
        due = starts_at - timedelta(minutes=minutes)
        if due <= now:
            return minutes if now - due <= timedelta(minutes=minutes) / 4 else None
    return None


async def remind(world: World) -> None:
    """All that is due."""
    now = world.now()
    found = await rows(  # index event_agenda
        "SELECT id, starts_at, reminders FROM event WHERE status = 'published' AND reminders <> '[]'"
        " AND starts_at > {} AND starts_at <= {}",
        now,
        now + timedelta(minutes=MOST_REMINDER_MINUTES),
    )
    for each in found:
        minutes = due_now(msgspec.json.decode(each["reminders"]), each["starts_at"], now)
        if minutes is not None and not await _written(each["id"], minutes, each["starts_at"]):
            await _write(world, each["id"])


@retried
async def _write(world: World, event_id: UUID) -> None:
    """Looked at again behind the event's lock: it may have moved, or another process was faster."""
    async with unit_of_work():
        event = await held(event_id)
        minutes = due_now(event.reminders, event.starts_at, world.now())
        if event.status is not EventStatus.PUBLISHED or minutes is None or await was_written(event, minutes):
            return
        await note_written(world, event, minutes)
        await enqueue_many(world, REMINDER, await _payloads(event, minutes), event_id=event.id)


async def _payloads(event: EventRecord, minutes: int) -> list[AboutStart]:
    """Whoever got the ticket after the reminder's time, or wants none, is not reminded."""
    found = await rows(  # index registration_queue
        "SELECT r.id FROM registration r WHERE r.event = {} AND r.id = r.group_id AND r.status = 'confirmed'"
        " AND r.email <> '' AND r.status_changed_at <= {}"
        " AND NOT EXISTS (SELECT 1 FROM no_reminders n WHERE n.registration = r.id) ORDER BY r.arrival",
        event.id,
        event.starts_at - timedelta(minutes=minutes),
    )
    return [AboutStart(each["id"], event.starts_at) for each in found]


async def note_written(world: World, event: EventRecord, minutes: int) -> None:
    await execute(
        "INSERT INTO reminder (id, event, minutes, starts_at, written_at) VALUES ({}, {}, {}, {}, {})",
        world.new_id(),
        event.id,
        minutes,
        event.starts_at,
        world.now(),
    )


async def was_written(event: EventRecord, minutes: int) -> bool:
    return await _written(event.id, minutes, event.starts_at)


async def _written(event_id: UUID, minutes: int, starts_at: datetime) -> bool:
    found = await row(  # unique index reminder_once
        "SELECT 1 AS one FROM reminder WHERE event = {} AND minutes = {} AND starts_at = {}",
        event_id,
        minutes,
        starts_at,
    )
    return found is not None
