"""Reads of events and sessions, as records."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.access import may_see
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.places import EventCounts
from events_app.features.events.rules import RESERVED
from events_app.infra.database import point, row, rows
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotFound
from events_app.kernel.text import is_slug

EVENT_COLUMNS = (
    "e.*, b.slug AS body_slug, b.name AS body_name, b.article AS body_article, b.contact_email AS body_email"
)
EVENT_FROM = "event e JOIN body b ON b.id = e.body"


def event_record(found: dict[str, Any]) -> EventRecord:
    """From a row of `EVENT_COLUMNS`."""
    found = dict(found)
    found["body_id"] = found.pop("body")
    for name in ("profiles", "questions", "consents", "reminders", "translations"):
        found[name] = msgspec.json.decode(found[name])
    return msgspec.convert(found, EventRecord, strict=False)


def session_record(found: dict[str, Any]) -> SessionRecord:
    found = dict(found)
    found["event_id"] = found.pop("event")
    return msgspec.convert(found, SessionRecord, strict=False)


async def event_by_slug(slug: str) -> EventRecord | None:
    if not is_slug(slug):  # also keeps a NUL, which PostgreSQL refuses, out of the statement
        return None
    found = await row(f"SELECT {EVENT_COLUMNS} FROM {EVENT_FROM} WHERE e.slug = {{}}", slug)
    return event_record(found) if found else None


async def event_by_id(event_id: UUID) -> EventRecord | None:
    found = await row(f"SELECT {EVENT_COLUMNS} FROM {EVENT_FROM} WHERE e.id = {{}}", event_id)
    return event_record(found) if found else None


async def events_by_ids(event_ids: Sequence[UUID]) -> list[EventRecord]:
    if not event_ids:
        return []
    marks = ", ".join("{}" for _ in event_ids)
    found = await rows(f"SELECT {EVENT_COLUMNS} FROM {EVENT_FROM} WHERE e.id IN ({marks})", *event_ids)
    return [event_record(each) for each in found]


async def visible_event(actor: Actor, slug: str) -> EventRecord:
    """Raises `NotFound`, also for an event that this actor may not see."""
    event = await event_by_slug(slug)
    if event is None or not may_see(actor, event):
        raise NotFound
    return event


async def sessions_of(event_id: UUID) -> list[SessionRecord]:
    """In programme order."""
    found = await rows(
        "SELECT * FROM session WHERE event = {} ORDER BY starts_at, position, code", event_id
    )  # index on session(event)
    return [session_record(session) for session in found]


async def session_by_code(event_id: UUID, code: str) -> SessionRecord | None:
    found = await row("SELECT * FROM session WHERE event = {} AND code = {}", event_id, code)
    return session_record(found) if found else None


_COUNTS = ", ".join(EventCounts.__struct_fields__)


async def counts_of(event_ids: Sequence[UUID]) -> dict[UUID, EventCounts]:
    """What is kept of each event: one row, whatever its size (primary key)."""
    if not event_ids:
        return {}
    marks = ", ".join("{}" for _ in event_ids)
    found = await rows(f"SELECT event, {_COUNTS} FROM event_count WHERE event IN ({marks})", *event_ids)
    kept = {each.pop("event"): EventCounts(**each) for each in found}
    return {event_id: kept.get(event_id, EventCounts()) for event_id in event_ids}


async def counts_of_one(event_id: UUID) -> EventCounts:
    return (await counts_of([event_id]))[event_id]


async def event_marker(slug: str) -> tuple[Any, ...] | None:
    """Changes whenever the public page of this event would; None when there is none to be seen.

    One indexed read instead of the five and the rendering that it saves: event by slug, its kept counts,
    sessions by their event.
    """
    if not is_slug(slug):
        return None
    found = await point(
        "SELECT e.id, e.revision, e.status, b.name, b.article, b.contact_email, c.confirmed, c.waiting,"
        " (SELECT count(*) FROM session WHERE event = e.id) AS sessions,"
        " (SELECT sum(revision) FROM session WHERE event = e.id) AS revisions,"
        " (SELECT max(CAST(id AS text)) FROM session WHERE event = e.id) AS latest"
        " FROM event e JOIN body b ON b.id = e.body LEFT JOIN event_count c ON c.event = e.id"
        " WHERE e.slug = {} AND e.status <> 'draft'",
        slug,
    )
    return tuple(found[0].values()) if found else None


class EventNumbers(msgspec.Struct, frozen=True):
    """What the organiser wants to know of one event at one glance."""

    confirmed: int = 0
    waiting: int = 0
    pending: int = 0
    present: int = 0  # who hold a place and came
    workshops: int = 0
    wishing: int = 0  # confirmed people who ranked workshops


async def numbers_of(event_ids: Sequence[UUID]) -> dict[UUID, EventNumbers]:
    """For a list of events: three statements, however many events and people."""
    if not event_ids:
        return {}
    marks = ", ".join("{}" for _ in event_ids)
    found: dict[UUID, dict[str, int]] = {
        event_id: {name: getattr(counts, name) for name in ("confirmed", "waiting", "pending", "wishing")}
        for event_id, counts in (await counts_of(event_ids)).items()
    }
    statements = {
        "present": f"SELECT event, present AS n FROM presence_count WHERE event IN ({marks}) AND kind = {{}}",
        "workshops": "SELECT event, count(*) AS n FROM session"
        f" WHERE event IN ({marks}) AND kind = {{}} GROUP BY event",
    }
    for (name, statement), value in zip(statements.items(), ("registered", "workshop"), strict=True):
        for entry in await rows(statement, *event_ids, value):
            found[entry["event"]][name] = entry["n"]
    return {event_id: EventNumbers(**numbers) for event_id, numbers in found.items()}


async def active_registrations(event_id: UUID) -> int:
    """How many people are told when the event changes."""
    return (await counts_of_one(event_id)).active


async def latest_of(body_id: UUID, most: int) -> list[tuple[str, str, datetime, str]]:
    """Slug, title, start and zone of a body's events that are not cancelled, latest first."""
    found = await rows(
        "SELECT slug, title, starts_at, timezone FROM event WHERE body = {} AND status <> 'cancelled'"
        " ORDER BY starts_at DESC, id LIMIT {}",
        body_id,
        most,
    )
    return [(each["slug"], each["title"], each["starts_at"], each["timezone"]) for each in found]


async def free_slug(wanted: str) -> str:
    """The wanted slug, or the first of `wanted-2`, `wanted-3`... that no event and no page of ours has."""
    found = await rows("SELECT slug FROM event WHERE slug = {} OR slug LIKE {}", wanted, f"{wanted}-%")
    taken = {entry["slug"] for entry in found}.union(RESERVED)
    number = 1
    slug = wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


async def coaches_of(body_id: UUID) -> list[tuple[UUID, str]]:
    """Members with the coach role, by name."""
    found = await rows(
        "SELECT a.id, a.name, a.email FROM membership m JOIN account a ON a.id = m.account"
        " WHERE m.body = {} AND m.role = 'coach' AND a.disabled_at IS NULL ORDER BY a.name, a.email",
        body_id,
    )
    return [(entry["id"], entry["name"] or entry["email"]) for entry in found]


async def bodies_of(body_ids: Sequence[UUID]) -> list[tuple[str, str]]:
    """Slug and name, by name."""
    if not body_ids:
        return []
    marks = ", ".join("{}" for _ in body_ids)
    found = await rows(f"SELECT slug, name FROM body WHERE id IN ({marks}) ORDER BY name", *body_ids)
    return [(entry["slug"], entry["name"]) for entry in found]
