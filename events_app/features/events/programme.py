"""The sessions of an event: writing them, moving them, copying them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from events_app.features.events.content import SessionContent, session_content
from events_app.features.events.formats import SessionTemplate
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.queries import sessions_of
from events_app.features.events.rules import shifted
from events_app.features.events.tables import Session
from events_app.infra.database import execute
from events_app.infra.world import World


async def insert_session(world: World, event: EventRecord, content: SessionContent) -> None:
    """Raises `UniqueViolation` when the code is taken."""
    columns = {name: getattr(content, name) for name in SessionContent.__struct_fields__}
    await Session(id=world.new_id(), event=event.id, calendar_changed_at=world.now(), **columns).save()


async def update_session(
    world: World, session: SessionRecord, columns: dict[str, Any], *, in_calendar: bool
) -> None:
    columns = columns | {"revision": session.revision + 1}
    if in_calendar:
        columns |= {"calendar_sequence": session.calendar_sequence + 1, "calendar_changed_at": world.now()}
    settings = ", ".join(f"{name} = {{}}" for name in columns)
    await execute(f"UPDATE session SET {settings} WHERE id = {{}}", *columns.values(), session.id)


async def lay_out(world: World, event: EventRecord, sessions: Sequence[SessionTemplate]) -> None:
    """A format's sessions from the event's start, cut where the event is shorter than the format."""
    for position, template in enumerate(sessions):
        starts_at = event.starts_at + timedelta(minutes=template.after)
        ends_at = min(starts_at + timedelta(minutes=template.lasts), event.ends_at)
        if ends_at <= starts_at:
            continue
        content = SessionContent(
            code=template.code,
            title=template.title,
            description=template.description,
            kind=template.kind.value,
            slot=template.slot,
            starts_at=starts_at,
            ends_at=ends_at,
            room=template.room,
            capacity_min=template.capacity_min,
            capacity_max=template.capacity_max,
            position=position,
        )
        await insert_session(world, event, content)


async def copy(world: World, original: EventRecord, event: EventRecord) -> None:
    for session in await sessions_of(original.id):
        content = session_content(session)
        times = {
            name: shifted(getattr(content, name), original.starts_at, event.starts_at, event.timezone)
            for name in ("starts_at", "ends_at")
        }
        columns = {name: getattr(content, name) for name in SessionContent.__struct_fields__}
        await insert_session(world, event, SessionContent(**(columns | times)))


async def move(
    world: World, sessions: Sequence[SessionRecord], old_start: datetime, new_start: datetime, zone_name: str
) -> None:
    for session in sessions:
        columns = {
            "starts_at": shifted(session.starts_at, old_start, new_start, zone_name),
            "ends_at": shifted(session.ends_at, old_start, new_start, zone_name),
        }
        await update_session(world, session, columns, in_calendar=True)
