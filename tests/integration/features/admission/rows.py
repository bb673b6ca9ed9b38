"""An event and its registrations as rows, without the services of the features below."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from events_app.features.accounts.service import ensure_first_body
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import event_by_id
from events_app.features.events.tables import Event, Session
from events_app.features.registration.finding import words_of
from events_app.features.registration.tables import Registration
from events_app.infra.world import World
from events_app.kernel.ids import token_hash
from events_app.kernel.short_code import short_code

ScanCall = Callable[..., Awaitable[dict[str, Any]]]
"""The fixture `scan`: fields of a scan to its answer."""


async def make_event(
    world: World,
    slug: str = "monkey-time",
    number: int = 7,
    starts_at: datetime | None = None,
    **columns: object,
) -> EventRecord:
    """Published, its doors open now (it began at `starts_at`, now by default) and for two hours."""
    now = world.now()
    starts_at = starts_at or now
    values = {
        "body": await ensure_first_body(world),
        "format": "coaching",
        "title": "Monkey Time",
        "language": "fr",
        "timezone": "Europe/Paris",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "visibility": "public",
        "status": "published",
        "calendar_changed_at": now,
        "created_at": now,
        "updated_at": now,
    }
    row = Event(id=world.new_id(), number=number, slug=slug, **values | columns)
    await row.save()
    event = await event_by_id(row.id)
    assert event is not None
    return event


async def make_session(world: World, event: EventRecord, code: str, **columns: object) -> Session:
    values = {"title": code, "kind": "workshop", "slot": "", "room": "", "coach": "", "capacity_max": None}
    row = Session(
        id=world.new_id(),
        event=event.id,
        code=code,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        calendar_changed_at=world.now(),
        **values | columns,
    )
    await row.save()
    return row


async def make_registrations(
    world: World, event: EventRecord, names: Sequence[str], status: str = "confirmed"
) -> list[Registration]:
    made = []
    for number, name in enumerate(names, 1):
        row_id = world.new_id()
        ticket_id = int.from_bytes(world.entropy.bytes(5), "big")
        given, _, family = name.partition(" ")
        made.append(
            Registration(
                id=row_id,
                event=event.id,
                group_id=row_id,
                arrival=number + await Registration.count().where(Registration.event == event.id),
                status=status,
                email=f"p{row_id.hex}@example.org",
                email_folded=f"p{row_id.hex}@example.org",
                given_name=given,
                family_name=family,
                search_words=words_of(given, family, "Ville de Lens", "", short_code(ticket_id)),
                organisation="Ville de Lens",
                language="fr",
                token_hash=token_hash(f"manage{row_id}"),
                feed_hash=token_hash(f"feed{row_id}"),
                ticket_id=ticket_id,
                short_code=short_code(ticket_id),
                source="api",
                created_at=world.now(),
                status_changed_at=world.now(),
                calendar_changed_at=world.now(),
            )
        )
    await Registration.insert(*made)
    return made


async def presence_count(event_id: UUID) -> int:
    from events_app.features.admission.tables import Presence

    return await Presence.count().where(Presence.event == event_id)
