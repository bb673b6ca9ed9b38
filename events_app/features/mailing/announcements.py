"""An announced event or a session of it changed: whom it concerns is told, in the same transaction."""

from typing import TypeVar
from uuid import UUID

from events_app.features.events.hooks import Announced
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.events.telling import told_at
from events_app.features.mailing.differences import event_facts, session_facts
from events_app.features.mailing.job_kinds import (
    ANNOUNCED,
    EVENT_CHANGED,
    SESSION_CHANGED,
    AboutChange,
    AboutSession,
)
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.infra.database import rows
from events_app.infra.job_kinds import Kind
from events_app.infra.jobs import enqueue_many
from events_app.infra.pending_jobs import take_back
from events_app.infra.world import World

C = TypeVar("C", bound=AboutChange)


async def tell_the_registered(world: World, event: EventRecord, what: Announced, before: EventRecord) -> None:
    """One job for each person or group."""
    leads = await rows(  # index registration_queue
        "SELECT id FROM registration WHERE event = {} AND id = group_id"
        " AND status IN ('pending', 'confirmed', 'waiting') ORDER BY arrival",
        event.id,
    )
    if what is Announced.CHANGED:
        changes = [AboutChange(lead["id"], before=event_facts(before)) for lead in leads]
        await _tell_once(world, EVENT_CHANGED, event, changes)
        return
    payloads = [AboutRegistration(lead["id"]) for lead in leads]
    await enqueue_many(world, ANNOUNCED[what], payloads, event_id=event.id, run_at=told_at(world, event))


async def tell_of_session(
    world: World, event: EventRecord, before: SessionRecord, after: SessionRecord, tell: bool
) -> None:
    if not tell or session_facts(before) == session_facts(after):
        return
    changes = [
        AboutSession(lead, before=session_facts(before), session_id=after.id)
        for lead in await told_of_session(event, before)
    ]
    await _tell_once(world, SESSION_CHANGED, event, changes)


async def _tell_once(world: World, kind: Kind[C], event: EventRecord, changes: list[C]) -> None:
    """What changed once more before anybody was told is told once, from what was known before the first, and
    not later than the first would have been."""
    waiting: dict[tuple[UUID, UUID | None], C] = {}
    run_at = told_at(world, event)
    for former in await take_back(kind, event.id):
        waiting.setdefault(_whose(former.payload), former.payload)
        run_at = min(run_at, former.run_at)
    fresh = [waiting.pop(_whose(change), change) for change in changes]
    await enqueue_many(world, kind, [*waiting.values(), *fresh], event_id=event.id, run_at=run_at)


def _whose(change: AboutChange) -> tuple[UUID, UUID | None]:
    return change.registration_id, change.session_id if isinstance(change, AboutSession) else None


async def told_of_session(event: EventRecord, session: SessionRecord) -> list[UUID]:
    """Who leads the people concerned (docs/decisions/0081-who-hears-of-a-change.md).

    Of a workshop, those who have a place in it: before the placement nobody was promised anything. Of all
    else in the programme, everybody who has a place at the event.
    """
    if event.status is not EventStatus.PUBLISHED:
        return []
    of_workshop = "AND r.id IN (SELECT registration FROM place WHERE session = {})"
    found = await rows(  # index registration_queue
        "SELECT r.group_id AS id, min(r.arrival) AS arrival FROM registration r"
        f" WHERE r.event = {{}} AND r.status = 'confirmed' {of_workshop if session.by_name else ''}"
        " GROUP BY r.group_id ORDER BY 2",
        event.id,
        *([session.id] if session.by_name else []),
    )
    return [lead["id"] for lead in found]
