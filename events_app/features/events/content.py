"""What an organiser writes about an event and its sessions: the whole of it, and changes to it.

`EventContent` and `SessionContent` are complete; `EventChanges` and `SessionChanges` name only what changes
(the bodies of the API's calls; the pages make the same). Pointers of errors follow the shape of the changes.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from events_app.features.events.model import (
    REMINDERS,
    ConsentPurpose,
    EventRecord,
    EventTexts,
    Question,
    SessionRecord,
)
from events_app.kernel.civil_time import DEFAULT_ZONE

Instant = Annotated[datetime, msgspec.Meta(tz=True)]  # RFC 3339 with an offset: a bare wall time is refused

LEAST_WISHES = 3


class EventContent(msgspec.Struct, frozen=True, kw_only=True):
    """The same names as the columns. Kinds are plain text here: `rules` says which are known."""

    slug: str
    title: str
    starts_at: datetime
    ends_at: datetime
    format: str = "free"
    summary: str = ""
    description: str = ""
    language: str = "fr"
    timezone: str = DEFAULT_ZONE
    venue_name: str = ""
    venue_address: str = ""
    venue_insee: str | None = None
    venue_commune: str = ""
    online_url: str = ""
    venue_latitude: float | None = None
    venue_longitude: float | None = None
    image_alt: str = ""
    capacity: int | None = None
    registration_required: bool = True
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    doors_open_at: datetime | None = None
    visibility: str = "public"
    approval: bool = False
    waiting_list: bool = True
    max_companions: int = 0
    preferences_count: int = 0
    preferences_least: int = LEAST_WISHES
    ticket_at_once: bool = False
    reminders: list[int] = msgspec.field(default_factory=lambda: list(REMINDERS))
    profiles: list[str] = []
    questions: list[Question] = []
    consents: list[ConsentPurpose] = []
    translations: dict[str, EventTexts] = {}


class SessionContent(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    title: str
    starts_at: datetime
    ends_at: datetime
    description: str = ""
    kind: str = "other"
    slot: str = ""
    room: str = ""
    coach: str = ""
    coach_account_id: UUID | None = None
    capacity_min: int | None = None
    capacity_max: int | None = None
    position: int = 0
    choice: str = ""


class VenueChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`insee` is one of the territory's communes; elsewhere `commune` alone names the place."""

    name: str | UnsetType = UNSET
    address: str | UnsetType = UNSET
    insee: str | UnsetType | None = UNSET
    commune: str | UnsetType = UNSET
    latitude: float | UnsetType | None = UNSET
    longitude: float | UnsetType | None = UNSET


class EventChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is absent stays as it is; null empties what may be empty."""

    slug: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    summary: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    format: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    timezone: str | UnsetType = UNSET
    starts_at: Instant | UnsetType = UNSET
    ends_at: Instant | UnsetType = UNSET
    venue: VenueChanges | UnsetType = UNSET
    online_url: str | UnsetType = UNSET
    image_alt: str | UnsetType = UNSET
    capacity: int | UnsetType | None = UNSET
    registration_required: bool | UnsetType = UNSET
    registration_opens_at: Instant | UnsetType | None = UNSET
    registration_closes_at: Instant | UnsetType | None = UNSET
    doors_open_at: Instant | UnsetType | None = UNSET
    visibility: str | UnsetType = UNSET
    approval: bool | UnsetType = UNSET
    waiting_list: bool | UnsetType = UNSET
    max_companions: int | UnsetType = UNSET
    preferences_count: int | UnsetType = UNSET
    preferences_least: int | UnsetType = UNSET
    ticket_at_once: bool | UnsetType = UNSET
    reminders: list[int] | UnsetType = UNSET
    profiles: list[str] | UnsetType = UNSET
    questions: list[Question] | UnsetType = UNSET
    consents: list[ConsentPurpose] | UnsetType = UNSET
    translations: dict[str, EventTexts] | UnsetType = UNSET


class EventPatch(EventChanges, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`notify` false: nobody is told by mail."""

    notify: bool = True


class NewEvent(EventChanges, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`body` is the slug of one of the caller's organising bodies; the only one when absent."""

    slug: str
    title: str
    starts_at: Instant
    ends_at: Instant
    body: str | UnsetType = UNSET


class SessionChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`coach_account_id`: the member with the coach role who then sees who comes. `choice`: `open` (whoever
    likes), `places` (people take a place, first come, first served), `wishes` (of workshops: ranked)."""

    code: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    kind: str | UnsetType = UNSET
    slot: str | UnsetType | None = UNSET
    starts_at: Instant | UnsetType = UNSET
    ends_at: Instant | UnsetType = UNSET
    room: str | UnsetType | None = UNSET
    coach: str | UnsetType | None = UNSET
    coach_account_id: UUID | UnsetType | None = UNSET
    capacity_min: int | UnsetType | None = UNSET
    capacity_max: int | UnsetType | None = UNSET
    position: int | UnsetType = UNSET
    choice: str | UnsetType = UNSET


class SessionPatch(SessionChanges, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`notify` false: nobody is told by mail."""

    notify: bool = True


class NewSession(SessionChanges, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: str
    title: str
    starts_at: Instant
    ends_at: Instant


def new_event_content(new: NewEvent) -> EventContent:
    return EventContent(**_given(new))


def new_session_content(new: NewSession) -> SessionContent:
    return SessionContent(**_given(new))


def event_content(event: EventRecord) -> EventContent:
    found = {name: getattr(event, name) for name in EventContent.__struct_fields__}
    return EventContent(**{**found, "visibility": event.visibility.value})


def session_content(session: SessionRecord) -> SessionContent:
    found = {name: getattr(session, name) for name in SessionContent.__struct_fields__}
    return SessionContent(**{**found, "kind": session.kind.value})


def with_changes(content: EventContent, changes: EventChanges) -> EventContent:
    given = _given(changes)
    if given.get("venue_commune") and "venue_insee" not in given:
        given["venue_insee"] = None  # another commune by name: the former one's code goes
    return msgspec.structs.replace(content, **given)


def with_session_changes(content: SessionContent, changes: SessionChanges) -> SessionContent:
    return msgspec.structs.replace(content, **_given(changes))


def _given(changes: EventChanges | SessionChanges) -> dict[str, Any]:
    """What was said, by column name."""
    out: dict[str, Any] = {}
    for name in changes.__struct_fields__:
        value = getattr(changes, name)
        if value is UNSET or name in ("body", "notify"):
            continue
        if isinstance(value, VenueChanges):
            for part in value.__struct_fields__:
                if getattr(value, part) is not UNSET:
                    out[f"venue_{part}"] = getattr(value, part)
        elif value is None and name in ("slot", "room", "coach"):
            out[name] = ""
        else:
            out[name] = value
    return out
