"""Back to a draft, while nobody is registered: whoever published too early mends it in peace."""

from events_app.features.events.errors import PeopleRegistered, WrongStatus
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import counts_of_one
from events_app.features.events.records import update_event
from events_app.features.events.service import locked_event
from events_app.infra import audit
from events_app.infra.database import retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor


@retried
async def unpublish_event(world: World, actor: Actor, slug: str) -> EventRecord:
    """A draft stays one. Raises `NotFound`, `NotAllowed`; `PeopleRegistered`; `WrongStatus` when postponed or
    cancelled: that was announced."""
    async with unit_of_work():
        event = await locked_event(actor, slug)
        if event.status is EventStatus.DRAFT:
            return event
        if event.status is not EventStatus.PUBLISHED:
            raise WrongStatus(status=event.status.value)
        counts = await counts_of_one(event.id)
        if counts.active:
            raise PeopleRegistered(people=counts.active)
        changed = {"status": EventStatus.DRAFT.value, "published_at": None}
        event = await update_event(world, event, changed, in_calendar=True)
        await audit.record(world, actor, "event.unpublished", body_id=event.body_id, event_id=event.id)
    return event
