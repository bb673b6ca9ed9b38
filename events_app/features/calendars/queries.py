"""What the feeds read: first whether anything changed, in one statement, then what did."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.calendars.filters import AgendaFilter
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import EVENT_COLUMNS, EVENT_FROM, event_record
from events_app.infra.database import point, rows

Version = tuple[Any, ...]
"""Equal when nothing changed that a feed says. Its parts are as the driver has them, only to be compared."""

_LISTED = "e.status <> 'draft' AND e.visibility = 'public'"
_IDS_A_STATEMENT = 500


class ListedEvent(msgspec.Struct, frozen=True):
    """A line of the agenda's feed, without its text."""

    id: UUID
    revision: int
    timezone: str
    status: str
    cancelled_at: datetime | None
    updated_at: datetime


async def agenda_changed_at() -> datetime | None:
    """When any event last changed, drafts too: index event_updated, so no event is read for it."""
    found = await point("SELECT updated_at FROM event ORDER BY updated_at DESC LIMIT 1")
    return found[0]["updated_at"] if found else None


async def listed_events(wanted: AgendaFilter) -> list[ListedEvent]:
    """Announced public events, by date; 5,000 in 10 ms (index event_agenda)."""
    further, args = wanted.conditions()
    found = await rows(
        "SELECT e.id, e.revision, e.timezone, e.status, e.cancelled_at, e.updated_at"
        f" FROM event e JOIN body b ON b.id = e.body WHERE {_LISTED}{further} ORDER BY e.starts_at, e.id",
        *args,
    )
    return [ListedEvent(**event) for event in found]


async def events_to_come(wanted: AgendaFilter, now: datetime, most: int = 100) -> list[UUID]:
    """Announced public ones that are not over, what changed last first."""
    further, args = wanted.conditions()
    found = await rows(
        f"SELECT e.id FROM event e JOIN body b ON b.id = e.body WHERE {_LISTED}{further} AND e.ends_at > {{}}"
        " ORDER BY e.updated_at DESC, e.id LIMIT {}",
        *args,
        now,
        most,
    )
    return [event["id"] for event in found]


async def next_events(wanted: AgendaFilter, now: datetime, most: int) -> list[UUID]:
    """Announced public ones that are not over, the soonest first (index event_agenda)."""
    further, args = wanted.conditions()
    found = await rows(
        f"SELECT e.id FROM event e JOIN body b ON b.id = e.body WHERE {_LISTED}{further} AND e.ends_at > {{}}"
        " ORDER BY e.starts_at, e.id LIMIT {}",
        *args,
        now,
        most,
    )
    return [event["id"] for event in found]


async def events_by_id(ids: Sequence[UUID]) -> list[EventRecord]:
    events = []
    for start in range(0, len(ids), _IDS_A_STATEMENT):
        part = ids[start : start + _IDS_A_STATEMENT]
        marks = ", ".join("{}" for _ in part)
        found = await rows(f"SELECT {EVENT_COLUMNS} FROM {EVENT_FROM} WHERE e.id IN ({marks})", *part)
        events += [event_record(event) for event in found]
    return events


async def event_version(slug: str) -> Version | None:
    """None for a draft and for no event. Sessions have no part in the event's revision: they are counted."""
    found = await point(  # unique index on event(slug), index on session(event)
        "SELECT e.revision, count(s.id) AS sessions, sum(s.revision) AS changes,"
        " max(s.calendar_changed_at) AS latest, min(s.code) AS first_code, max(s.code) AS last_code"
        " FROM event e LEFT JOIN session s ON s.event = e.id"
        " WHERE e.slug = {} AND e.status <> 'draft' GROUP BY e.id, e.revision",
        slug,
    )
    return tuple(found[0].values()) if found else None
