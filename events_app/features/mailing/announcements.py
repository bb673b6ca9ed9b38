"""An announced event changed: whoever is registered, waits or asked is told, in the same transaction."""

from events_app.features.events.model import EventRecord
from events_app.infra.database import rows
from events_app.infra.jobs import enqueue_many
from events_app.infra.world import World


async def tell_the_registered(world: World, event: EventRecord, what: str) -> None:
    """`what`: changed, postponed or cancelled. One job for each person or group."""
    leads = await rows(  # index registration_queue
        "SELECT id FROM registration WHERE event = {} AND id = group_id"
        " AND status IN ('pending', 'confirmed', 'waiting') ORDER BY arrival",
        event.id,
    )
    payloads = [{"registration_id": str(lead["id"])} for lead in leads]
    await enqueue_many(world, f"mail.event_{what}", payloads, event_id=event.id)
