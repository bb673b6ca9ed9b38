"""The shape of a format."""

import msgspec

from events_app.features.events.model import ConsentPurpose, Question, SessionKind


class SessionTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """`after`: minutes from the start of the event; `lasts`: minutes."""

    code: str
    title: str
    after: int
    lasts: int
    kind: SessionKind = SessionKind.OTHER
    slot: str = ""
    description: str = ""
    room: str = ""
    capacity_min: int | None = None
    capacity_max: int | None = None


class EventTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """`name` and `pitch` are shown when choosing (English, translated); the rest goes into the event."""

    code: str
    name: str
    pitch: str
    icon: str
    duration_minutes: int
    title: str = ""
    summary: str = ""
    description: str = ""
    capacity: int | None = None
    registration_required: bool = True
    approval: bool = False
    max_companions: int = 0
    preferences_count: int = 0
    visibility: str = "public"
    profiles: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    consents: tuple[ConsentPurpose, ...] = ()
    sessions: tuple[SessionTemplate, ...] = ()
