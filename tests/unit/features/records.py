"""Records to judge without a database: what a test does not name is empty."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, EventStatus, Visibility
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus

START = datetime(2018, 4, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EVENT, BODY, PERSON = UUID(int=1), UUID(int=2), UUID(int=3)


def event(**fields: Any) -> EventRecord:
    blank = {
        name: {int: 0, bool: False, str: ""}.get(kind)  # type: ignore[call-overload]
        for name, kind in EventRecord.__annotations__.items()
    }
    values = blank | {
        "id": EVENT,
        "body_id": BODY,
        "starts_at": START,
        "ends_at": START + 2 * HOUR,
        "registration_required": True,
        "visibility": Visibility.PUBLIC,
        "waiting_list": True,
        "profiles": [],
        "questions": [],
        "consents": [],
        "translations": {},
        "told_in": {},
        "status": EventStatus.PUBLISHED,
        "calendar_changed_at": START,
        "created_at": START,
        "updated_at": START,
    }
    return msgspec.structs.replace(EventRecord(**values), **fields)


def registration(**fields: Any) -> RegistrationRecord:
    """Of somebody who leads a group of one, confirmed."""
    blank = {
        name: {int: 0, bool: False, str: ""}.get(kind)  # type: ignore[call-overload]
        for name, kind in RegistrationRecord.__annotations__.items()
    }
    values = blank | {
        "id": PERSON,
        "event_id": EVENT,
        "group_id": PERSON,
        "status": RegistrationStatus.CONFIRMED,
        "answers": {},
        "created_at": START,
        "status_changed_at": START,
        "calendar_changed_at": START,
    }
    return msgspec.structs.replace(RegistrationRecord(**values), **fields)
