"""One person's appointments as calendar entries: in the personal feed and in the invitations that are mailed.

Each has a UID of its own, other than the public event's, and never changes it: an update replaces the former
entry wherever it was accepted.
"""

from datetime import datetime
from uuid import uuid5

from msgspec.structs import replace

from events_app.features.events.calendar import event_entry, host_of, session_entry
from events_app.features.events.model import EventRecord
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.workshops.model import PlaceRecord
from events_app.outputs.calendar import CalendarEntry, EntryStatus

_WITHDRAWN_PREFIX = {"fr": "ANNULÉ : ", "en": "CANCELLED: "}


def registration_entry(base_url: str, event: EventRecord, registration: RegistrationRecord) -> CalendarEntry:
    """Tentative while the place is not sure; struck out when it is given back or refused."""
    language = registration.language
    public = event_entry(base_url, replace(event, language=language))
    status, prefix = public.status, public.cancelled_prefix
    if status is EntryStatus.CONFIRMED and registration.status is not RegistrationStatus.CONFIRMED:
        status = EntryStatus.TENTATIVE if registration.status.is_active else EntryStatus.CANCELLED
        prefix = _WITHDRAWN_PREFIX.get(language, _WITHDRAWN_PREFIX["en"])
    return replace(
        public,
        uid=f"registration-{registration.id}@{host_of(base_url)}",
        sequence=event.calendar_sequence + registration.calendar_sequence,
        changed_at=max(event.calendar_changed_at, registration.calendar_changed_at),
        status=status,
        cancelled_prefix=prefix,
        image_url="",
    )


def place_entry(
    base_url: str, event: EventRecord, registration: RegistrationRecord, place: PlaceRecord
) -> CalendarEntry:
    """The place of one slot: moving to another workshop changes this entry instead of leaving two behind.

    Sessions count their changes apart, so no sum of their numbers would grow at every move: the sequence is
    the age of the last change in seconds, which does.
    """
    changed_at = _last_change(event, place)
    session = place.session
    shown = session_entry(base_url, replace(event, language=registration.language), session)
    return replace(
        shown,
        uid=f"place-{uuid5(registration.id, place.slot)}@{host_of(base_url)}",
        sequence=max(0, int((changed_at - registration.created_at).total_seconds())),
        changed_at=changed_at,
        description="\n".join(part for part in (event.title, session.coach, session.description) if part),
    )


def _last_change(event: EventRecord, place: PlaceRecord) -> datetime:
    return max(event.calendar_changed_at, place.session.calendar_changed_at, place.assigned_at)
