"""An announced event or a session of it changed: whom it concerns is told, in the same transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.events.telling import told_at
from events_app.features.mailing.differences import event_facts, session_facts
from events_app.infra.database import rows
from events_app.infra.jobs import enqueue_many, take_back
from events_app.infra.world import World


async def tell_the_registered(world: World, event: EventRecord, what: str, before: EventRecord) -> None:
    """`what`: changed, rescheduled, postponed or cancelled. One job for each person or group."""
    leads = await rows(  # index registration_queue
        "SELECT id FROM registration WHERE event = {} AND id = group_id"
        " AND status IN ('pending', 'confirmed', 'waiting') ORDER BY arrival",
        event.id,
    )
    kind = f"mail.event_{what}"
    payloads = [{"registration_id": str(lead["id"])} for lead in leads]
    run_at = told_at(world, event)
    if what == "changed":
        payloads, run_at = await _since_last_told(kind, event, payloads, event_facts(before), run_at)
    await enqueue_many(world, kind, payloads, event_id=event.id, run_at=run_at)


async def tell_of_session(
    world: World, event: EventRecord, before: SessionRecord, after: SessionRecord, tell: bool
) -> None:
    if not tell or session_facts(before) == session_facts(after):
        return
    kind = "mail.session_changed"
    payloads = [
        {"registration_id": str(lead), "session_id": str(after.id)}
        for lead in await told_of_session(event, before)
    ]
    payloads, run_at = await _since_last_told(
        kind, event, payloads, session_facts(before), told_at(world, event)
    )
    await enqueue_many(world, kind, payloads, event_id=event.id, run_at=run_at)


async def _since_last_told(
    kind: str,
    event: EventRecord,
    payloads: list[dict[str, Any]],
    before: dict[str, str],
    run_at: datetime,
) -> tuple[list[dict[str, Any]], datetime]:
    """What changed once more before anybody was told is told once, from what was known before the first, and
    not later than the first would have been."""
    waiting: dict[tuple[str, str], dict[str, Any]] = {}
    for former in await take_back(kind, event.id):
        waiting.setdefault(_whose(former.payload), former.payload)
        run_at = min(run_at, former.run_at)
    fresh = [
        {**payload, "before": waiting.pop(_whose(payload), {}).get("before", before)} for payload in payloads
    ]
    return [*waiting.values(), *fresh], run_at


def _whose(payload: dict[str, Any]) -> tuple[str, str]:
    return payload["registration_id"], payload.get("session_id", "")


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
        f" WHERE r.event = {{}} AND r.status = 'confirmed' {of_workshop if session.is_workshop else ''}"
        " GROUP BY r.group_id ORDER BY 2",
        event.id,
        *([session.id] if session.is_workshop else []),
    )
    return [lead["id"] for lead in found]
