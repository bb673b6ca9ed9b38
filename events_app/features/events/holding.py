"""The one lock of an event. Whoever changes anything of it, or counts in order to decide, holds its row."""

from collections.abc import Iterable
from uuid import UUID

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import event_by_id
from events_app.features.events.tables import Event
from events_app.infra.database import lock
from events_app.kernel.errors import NotFound


async def held(event_id: UUID) -> EventRecord:
    """The event as it stands while this transaction holds it; raises `NotFound` when it is gone.

    What was read before must be read again: it may have changed while this transaction waited.
    """
    await lock(Event, event_id)
    event = await event_by_id(event_id)
    if event is None:
        raise NotFound
    return event


async def held_together(event_ids: Iterable[UUID]) -> dict[UUID, EventRecord]:
    """Several in one order, so that two processes cannot wait for each other; without those that are gone."""
    found = {}
    for event_id in sorted(set(event_ids)):
        await lock(Event, event_id)
        if (event := await event_by_id(event_id)) is not None:
            found[event_id] = event
    return found
