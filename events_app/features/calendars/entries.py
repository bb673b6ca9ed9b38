"""One person's appointments as calendar entries: in the personal feed and in the invitations that are mailed.

Each has a UID of its own, other than the public event's, and never changes it: an update replaces the former
entry wherever it was accepted.
"""

from uuid import uuid5

from msgspec.structs import replace

from events_app.features.events.calendar import event_entry, session_entry
from events_app.features.events.model import EventRecord
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.workshops.model import PlaceRecord
from events_app.infra.deployment import Addresses
from events_app.outputs.calendar import CalendarEntry, EntryStatus

_WITHDRAWN_PREFIX = {"fr": "ANNULÉ : ", "en": "CANCELLED: "}


def registration_entry(at: Addresses, event: EventRecord, registration: RegistrationRecord) -> CalendarEntry:
    """Tentative while the place is not sure; struck out when it is given back or refused."""
    language = registration.language
    public = event_entry(at, replace(event, language=language))
    status, prefix = public.status, public.cancelled_prefix
    if status is EntryStatus.CONFIRMED and registration.status is not RegistrationStatus.CONFIRMED:
        status = EntryStatus.TENTATIVE if registration.status.is_active else EntryStatus.CANCELLED
        prefix = _WITHDRAWN_PREFIX.get(language, _WITHDRAWN_PREFIX["en"])
    if event.online_url and registration.status is RegistrationStatus.CONFIRMED:
        public = replace(
            public,
            description=f"{event.online_url}\n\n{public.description}".strip(),
            location=public.location or event.online_url,
        )
    return replace(
        public,
        uid=at.uid(f"registration-{registration.id}"),
        sequence=event.calendar_sequence + registration.calendar_sequence,
        changed_at=max(event.calendar_changed_at, registration.calendar_changed_at),
        status=status,
        cancelled_prefix=prefix,
        image_url="",
    )


def place_entry(
    at: Addresses, event: EventRecord, registration: RegistrationRecord, place: PlaceRecord
) -> CalendarEntry:
    """The place of one slot: moving to another workshop changes this entry instead of leaving two behind.

    Sessions count their changes apart, so no sum of their numbers would grow at every move. The age of the
    last change in seconds does not go back; what happens within a second, the registration counts
    (`registration.storage.appointments_changed`).
    """
    session = place.session
    changed_at = max(
        event.calendar_changed_at,
        registration.calendar_changed_at,
        session.calendar_changed_at,
        place.assigned_at,
    )
    age = max(0, int((changed_at - registration.created_at).total_seconds()))
    shown = session_entry(at, replace(event, language=registration.language), session)
    return replace(
        shown,
        uid=at.uid(f"place-{uuid5(registration.id, place.entry_key or place.slot)}"),
        sequence=age + event.calendar_sequence + registration.calendar_sequence,
        changed_at=changed_at,
        description="\n".join(part for part in (event.title, session.coach, session.description) if part),
    )
