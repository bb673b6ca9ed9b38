"""An announced event or a session of it changed: whom it concerns is told, in the same transaction."""

from uuid import UUID

from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.mailing.differences import event_facts, session_facts
from events_app.infra.database import rows
from events_app.infra.jobs import enqueue_many
from events_app.infra.world import World


async def tell_the_registered(world: World, event: EventRecord, what: str, before: EventRecord) -> None:
    """`what`: changed, rescheduled, postponed or cancelled. One job for each person or group."""
    leads = await rows(  # index registration_queue
        "SELECT id FROM registration WHERE event = {} AND id = group_id"
        " AND status IN ('pending', 'confirmed', 'waiting') ORDER BY arrival",
        event.id,
    )
    further = {"before": event_facts(before)} if what == "changed" else {}
    payloads = [{"registration_id": str(lead["id"]), **further} for lead in leads]
    await enqueue_many(world, f"mail.event_{what}", payloads, event_id=event.id)


async def tell_of_session(
    world: World, event: EventRecord, before: SessionRecord, after: SessionRecord, tell: bool
) -> None:
    if not tell or session_facts(before) == session_facts(after):
        return
    payloads = [
        {"registration_id": str(lead), "session_id": str(after.id), "before": session_facts(before)}
        for lead in await told_of_session(event, before)
    ]
    await enqueue_many(world, "mail.session_changed", payloads, event_id=event.id)


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
