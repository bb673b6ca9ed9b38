"""Reads of series: their members and meetings, and the matrix."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.admission.queries import came_in
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import events_by_ids
from events_app.features.registration.representing import representatives_of
from events_app.features.series.matrix import Matrix, Meeting, Member, Person, matrix_of
from events_app.infra.database import row, rows
from events_app.kernel.text import fold, is_slug


class SeriesRecord(msgspec.Struct, frozen=True):
    id: UUID
    body_id: UUID
    body_name: str
    slug: str
    title: str
    members: list[Member]
    revision: int


class SeriesView(msgspec.Struct, frozen=True):
    """`people`: who was registered for a member."""

    series: SeriesRecord
    matrix: Matrix
    people: list[Person]


_SERIES = (
    "SELECT s.id, s.body AS body_id, b.name AS body_name, s.slug, s.title, s.members, s.revision"
    " FROM series s JOIN body b ON b.id = s.body"
)


async def series_by_slug(slug: str) -> SeriesRecord | None:
    if not is_slug(slug):
        return None
    found = await row(f"{_SERIES} WHERE s.slug = {{}}", slug)
    return _record(found) if found else None


async def series_of(body_ids: Collection[UUID]) -> list[SeriesRecord]:
    if not body_ids:
        return []
    marks = ", ".join("{}" for _ in body_ids)
    found = await rows(f"{_SERIES} WHERE s.body IN ({marks}) ORDER BY s.title, s.slug", *body_ids)
    return [_record(each) for each in found]


async def events_in(series_id: UUID) -> list[EventRecord]:
    """In order of time; without those that are cancelled."""
    found = await rows("SELECT event FROM series_event WHERE series = {}", series_id)
    events = await events_by_ids([each["event"] for each in found])
    held = [event for event in events if event.status is not EventStatus.CANCELLED]
    return sorted(held, key=lambda event: (event.starts_at, event.slug))


async def view_of(series: SeriesRecord, now: datetime) -> SeriesView:
    """In a snapshot; four statements, whatever the number of members and meetings."""
    events = await events_in(series.id)
    insees = {member.insee for member in series.members if member.insee}
    named = any(not member.insee for member in series.members)
    people = await representatives_of(events, insees, with_organisations=named)
    seen = await came_in([event.id for event in events])
    at_doors = {person.event_id for person in people if person.registration_id in seen}
    keys = {member.key for member in series.members}
    represented = [
        Person(
            event_id=person.event_id,
            member=key,
            name=person.name,
            email=person.email,
            confirmed=person.confirmed,
            excused=person.excused,
            came=person.registration_id in seen,
        )
        for person in people
        if (key := _member_of(person.insee, person.organisation, keys))
    ]
    meetings = [
        Meeting(
            id=event.id,
            slug=event.slug,
            title=event.title,
            starts_at=event.starts_at,
            timezone=event.timezone,
            held=event.ends_at <= now,
            seen=event.id in at_doors,
            announced=event.status is EventStatus.PUBLISHED,
        )
        for event in events
    ]
    return SeriesView(series, matrix_of(series.members, meetings, represented), represented)


def _member_of(insee: str, organisation: str, keys: Collection[str]) -> str:
    """A commune before a structure; empty for who represents nobody of the series."""
    folded = fold(organisation) if organisation else ""
    return insee if insee in keys else folded if folded in keys else ""


def _record(found: dict[str, Any]) -> SeriesRecord:
    members = msgspec.json.decode(found["members"], type=list[Member])
    return msgspec.convert(dict(found) | {"members": members}, SeriesRecord)
