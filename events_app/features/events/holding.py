"""The one lock of an event. Whoever changes anything of it, or counts in order to decide, holds its row."""

from collections.abc import Iterable
from uuid import UUID

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import EVENT_COLUMNS, EVENT_FROM, event_record
from events_app.infra.database import engine, is_postgres, row
from events_app.kernel.errors import NotFound


async def held(event_id: UUID) -> EventRecord:
    """The event as it stands while this transaction holds it; raises `NotFound` when it is gone.

    What was read before must be read again: it may have changed while this transaction waited.
    """
    event = await _locked(event_id)
    if event is None:
        raise NotFound
    return event


async def held_together(event_ids: Iterable[UUID]) -> dict[UUID, EventRecord]:
    """Several in one order, so that two processes cannot wait for each other; without those that are gone."""
    found = {}
    for event_id in sorted(set(event_ids)):
        if (event := await _locked(event_id)) is not None:
            found[event_id] = event
    return found


async def _locked(event_id: UUID) -> EventRecord | None:
    """Locked and read by one statement, which PostgreSQL answers with the row as it is once it holds it."""
    if not engine().transaction_exists():
        raise RuntimeError("an event is held by a transaction only")
    hold = " FOR NO KEY UPDATE OF e" if is_postgres() else ""
    found = await row(f"SELECT {EVENT_COLUMNS} FROM {EVENT_FROM} WHERE e.id = {{}}{hold}", event_id)
    return event_record(found) if found else None
