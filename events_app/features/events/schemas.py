"""What the API answers about events and sessions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.events.calendar import CalendarAnswer, calendar_answer, event_entry, session_entry
from events_app.features.events.consequences import Consequence, sentence
from events_app.features.events.content import Instant
from events_app.features.events.model import (
    Choice,
    ConsentPurpose,
    EventRecord,
    EventTexts,
    Question,
    SessionRecord,
    chosen_by,
)
from events_app.features.events.overlaps import ProgrammeWarning
from events_app.features.events.places import EventCounts
from events_app.infra.deployment import Addresses
from events_app.infra.i18n import current_translator


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str


class Clone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    slug: str
    starts_at: Instant


class Venue(msgspec.Struct, frozen=True):
    name: str
    address: str
    insee: str | None
    commune: str
    latitude: float | None
    longitude: float | None


class Places(msgspec.Struct, frozen=True):
    """`left`: what whoever registers now, alone, can have; null without a limit.

    Who may not read the registrations gets no counts of people, and in `left` 0 or the least that is left.
    """

    capacity: int | None
    confirmed: int | None
    waiting: int | None
    left: int | None


class EventAnswer(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    slug: str
    url: str
    body: str
    body_name: str
    format: str
    title: str
    summary: str
    description: str
    language: str
    status: str
    status_reason: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    venue: Venue
    online_url: str = ""
    image_url: str | None
    image_alt: str
    capacity: int | None
    registration_required: bool
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    doors_open_at: datetime | None
    visibility: str
    approval: bool
    waiting_list: bool
    max_companions: int
    preferences_count: int
    preferences_least: int
    ticket_at_once: bool
    reminders: list[int]
    profiles: list[str]
    questions: list[Question]
    consents: list[ConsentPurpose]
    translations: dict[str, EventTexts]
    places: Places
    calendar: CalendarAnswer
    published_at: datetime | None
    revision: int
    created_at: datetime
    updated_at: datetime
    warnings: list[ProgrammeWarning] = []


class EventPage(msgspec.Struct, frozen=True):
    items: list[EventAnswer]
    next_cursor: str | None


class SessionPlaces(msgspec.Struct, frozen=True):
    """`left`: null without a limit. Who may not read the registrations gets in it 0 or the least that is
    left, and null for `taken`."""

    capacity: int | None
    taken: int | None
    left: int | None


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`takes_place`: false for a workshop that the published placement closed, for want of people. `places`:
    of a session that people choose themselves."""

    id: UUID
    event: str
    code: str
    title: str
    description: str
    kind: str
    slot: str
    starts_at: datetime
    ends_at: datetime
    room: str
    coach: str
    capacity_min: int | None
    capacity_max: int | None
    position: int
    takes_place: bool
    choice: Choice
    places: SessionPlaces | None
    calendar: CalendarAnswer
    revision: int
    warnings: list[ProgrammeWarning] = []


def people_concerned(consequences: Sequence[Consequence], sessions: list[str]) -> list[ProgrammeWarning]:
    """In the language of the request."""
    words = current_translator()
    return [
        ProgrammeWarning(each.code, sessions, sentence(each, words), each.people) for each in consequences
    ]


class SessionPage(msgspec.Struct, frozen=True):
    """`warnings`: what the programme asks of one person at one time."""

    items: list[SessionAnswer]
    next_cursor: str | None
    warnings: list[ProgrammeWarning] = []


_SAME_IN_EVENT = [
    name
    for name in EventAnswer.__struct_fields__
    if name in EventRecord.__struct_fields__ and name != "online_url"  # for the organiser alone
]
_SAME_IN_SESSION = [
    name for name in SessionAnswer.__struct_fields__ if name in SessionRecord.__struct_fields__
]


def places_answer(capacity: int | None, counts: EventCounts, *, exact: bool) -> Places:
    if exact:
        return Places(capacity, counts.confirmed, counts.waiting, counts.left(capacity))
    return Places(capacity, None, None, counts.announced(capacity))


def event_answer(at: Addresses, event: EventRecord, counts: EventCounts, *, exact: bool) -> EventAnswer:
    """`exact`: to whoever may know how many people there are."""
    capacity = event.capacity
    return EventAnswer(
        **{name: getattr(event, name) for name in _SAME_IN_EVENT},
        url=f"{at.base_url}/events/{event.slug}",
        body=event.body_slug,
        venue=Venue(
            name=event.venue_name,
            address=event.venue_address,
            insee=event.venue_insee,
            commune=event.venue_commune,
            latitude=event.venue_latitude,
            longitude=event.venue_longitude,
        ),
        image_url=f"{at.base_url}/files/{event.image_id}" if event.image_id else None,
        places=places_answer(capacity, counts, exact=exact),
        calendar=calendar_answer(event_entry(at, event)),
    )


def session_answer(
    at: Addresses, event: EventRecord, session: SessionRecord, taken: int, *, exact: bool
) -> SessionAnswer:
    """`taken`: places in it; `exact`: to whoever may know how many."""
    counts = EventCounts(confirmed=taken)
    left = counts.left(session.capacity_max) if exact else counts.announced(session.capacity_max)
    places = SessionPlaces(session.capacity_max, taken if exact else None, left)
    return SessionAnswer(
        **{name: getattr(session, name) for name in _SAME_IN_SESSION if name != "choice"},
        choice=chosen_by(session.kind, session.choice),
        places=places if session.is_chosen else None,
        event=event.slug,
        takes_place=session.takes_place,
        calendar=calendar_answer(session_entry(at, event, session)),
    )


class ProgrammeFault(msgspec.Struct, frozen=True):
    field: str
    code: str
    detail: str


class ProgrammeRow(msgspec.Struct, frozen=True):
    """`outcome`: created, duplicate (it is there already) or error. `session`: its code."""

    line: int
    outcome: str
    session: str | None
    errors: list[ProgrammeFault]


class ProgrammeConflict(msgspec.Struct, frozen=True):
    """`kind`: room, speaker or person."""

    kind: str
    sessions: list[str]
    detail: str


class ProgrammeImportAnswer(msgspec.Struct, frozen=True):
    created: int
    duplicates: int
    errors: int
    rows: list[ProgrammeRow]
    conflicts: list[ProgrammeConflict]
