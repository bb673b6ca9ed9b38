"""Writing an event's row: what its columns hold, beyond what the organiser typed."""

from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.content import EventContent
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import event_by_id
from events_app.features.events.rules import TAKEN, Errors, event_errors
from events_app.features.events.tables import Event
from events_app.features.territory.communes import commune_by_insee, commune_by_name
from events_app.infra.counters import count_up
from events_app.infra.database import UniqueViolation, execute, row
from events_app.infra.world import World
from events_app.kernel.errors import N_, InvalidInput
from events_app.kernel.text import fold

_JSON = ("profiles", "questions", "consents", "reminders", "translations")


def located(content: EventContent, errors: Errors, old: EventContent | None = None) -> EventContent:
    """The commune's name from its code, or its code from its name where it is one of the territory."""
    insee = content.venue_insee
    if insee:
        commune = commune_by_insee(insee)
        if commune is None:
            errors.add("venue_insee", "unknown", N_("This is not one of the territory's communes."))
            return content
        if old is None or old.venue_insee != insee or not content.venue_commune:
            return msgspec.structs.replace(content, venue_commune=commune.name)
        return content
    commune = commune_by_name(content.venue_commune)
    if commune is None:
        return msgspec.structs.replace(content, venue_insee=None)
    return msgspec.structs.replace(content, venue_insee=commune.insee, venue_commune=commune.name)


def search_text(content: EventContent, body_name: str) -> str:
    said = [content.title, content.summary, content.venue_name, content.venue_commune, body_name]
    for texts in content.translations.values():
        said += (texts.title, texts.summary)
    return fold(" ".join(said))


def _columns(content: EventContent) -> dict[str, Any]:
    columns = {name: getattr(content, name) for name in EventContent.__struct_fields__}
    return _encoded(columns)


def _encoded(columns: dict[str, Any]) -> dict[str, Any]:
    return {
        name: msgspec.json.encode(value).decode() if name in _JSON else value
        for name, value in columns.items()
    }


async def insert_event(
    world: World, body_id: UUID, content: EventContent, columns: dict[str, Any] | None = None
) -> EventRecord:
    errors = Errors()
    content = located(content, errors)
    errors.extend(event_errors(content))
    if not errors.about("slug") and await row("SELECT 1 AS one FROM event WHERE slug = {}", content.slug):
        errors.add("slug", "taken", TAKEN)
    if errors:
        raise InvalidInput(list(errors))
    body = await row("SELECT name FROM body WHERE id = {}", body_id)
    number = await count_up("event")
    assert body is not None  # noqa: S101 - a foreign key
    now = world.now()
    event = Event(
        id=world.new_id(),
        number=number,
        body=body_id,
        status=EventStatus.DRAFT.value,
        search_text=search_text(content, body["name"]),
        calendar_changed_at=now,
        created_at=now,
        updated_at=now,
        **_columns(content),
        **(columns or {}),
    )
    try:
        await event.save()
    except UniqueViolation as violation:
        raise InvalidInput.one("/slug", "taken", TAKEN) from violation
    return await _present(event.id)


async def update_event(
    world: World, event: EventRecord, columns: dict[str, Any], *, in_calendar: bool
) -> EventRecord:
    now = world.now()
    columns = _encoded(columns) | {"updated_at": now, "revision": event.revision + 1}
    if in_calendar:
        columns |= {"calendar_sequence": event.calendar_sequence + 1, "calendar_changed_at": now}
    settings = ", ".join(f"{name} = {{}}" for name in columns)
    try:
        await execute(f"UPDATE event SET {settings} WHERE id = {{}}", *columns.values(), event.id)
    except UniqueViolation as violation:
        raise InvalidInput.one("/slug", "taken", TAKEN) from violation
    return await _present(event.id)


async def _present(event_id: UUID) -> EventRecord:
    event = await event_by_id(event_id)
    assert event is not None  # noqa: S101 - written a moment ago in this transaction
    return event


async def note_placement(world: World, event_id: UUID) -> None:
    """That a placement is in force stands in the event, which every page reads anyway."""
    now = world.now()
    await execute(
        "UPDATE event SET placement_published_at = {}, updated_at = {}, revision = revision + 1"
        " WHERE id = {}",
        now,
        now,
        event_id,
    )
