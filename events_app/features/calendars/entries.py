"""One person's appointments as calendar entries: in the personal feed and in the invitations that are mailed.

Each has a UID of its own, other than the public event's, and never changes it: an update replaces the former
entry wherever it was accepted.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from msgspec.structs import replace

from events_app.features.events.calendar import event_entry, session_entry
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.networking.personal import SeatsAppointment
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.workshops.model import PlaceRecord
from events_app.infra.deployment import Addresses
from events_app.infra.i18n import Translator, translator
from events_app.outputs.calendar import CalendarEntry, EntryStatus

_WITHDRAWN_PREFIX = {"fr": "ANNULÉ : ", "en": "CANCELLED: "}


def registration_entry(
    at: Addresses,
    event: EventRecord,
    registration: RegistrationRecord,
    places: Sequence[PlaceRecord] = (),
) -> CalendarEntry:
    """Tentative while the place is not sure; struck out when it is given back or refused.

    It carries the person's sessions in its words, so that one entry in a calendar is always the whole of it;
    whatever changes one of them counts the registration's number up.
    """
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
    if places and registration.status is RegistrationStatus.CONFIRMED:
        public = _with_places(public, event, language, places)
    return replace(
        public,
        uid=at.uid(f"registration-{registration.id}"),
        sequence=event.calendar_sequence + registration.calendar_sequence,
        changed_at=max(event.calendar_changed_at, registration.calendar_changed_at),
        status=status,
        cancelled_prefix=prefix,
        image_url="",
    )


def erased_entry(
    at: Addresses,
    event: EventRecord,
    registration_id: str,
    language: str,
    sequence: int,
    changed_at: datetime,
) -> CalendarEntry:
    """What strikes out the entry of a registration of which nothing else is known any more."""
    public = event_entry(at, replace(event, language=language))
    return replace(
        public,
        uid=at.uid(f"registration-{registration_id}"),
        sequence=event.calendar_sequence + sequence,
        changed_at=changed_at,
        status=EntryStatus.CANCELLED,
        cancelled_prefix=_WITHDRAWN_PREFIX.get(language, _WITHDRAWN_PREFIX["en"]),
        image_url="",
    )


def _with_places(
    entry: CalendarEntry, event: EventRecord, language: str, places: Sequence[PlaceRecord]
) -> CalendarEntry:
    """Each session on a line; a room that is the only one goes before the address."""
    words = translator(language)
    shown = [place.session for place in places]
    lines = [
        ", ".join(part for part in (_hours(each, event, words), each.title, each.room, each.coach) if part)
        for each in shown
    ]
    location = entry.location
    if len(shown) == 1 and shown[0].room:
        location = ", ".join(part for part in (shown[0].room, entry.location) if part)
    listed = "\n".join(lines)
    return replace(entry, location=location, description=f"{listed}\n\n{entry.description}".strip())


def _hours(session: SessionRecord, event: EventRecord, words: Translator) -> str:
    if event.several_days:
        return words.when(session.starts_at, session.ends_at, event.timezone)
    return words.times(session.starts_at, session.ends_at, event.timezone)


def seats_entry(
    at: Addresses, event: EventRecord, registration: RegistrationRecord, appointment: SeatsAppointment
) -> CalendarEntry:
    """A networking session: from the person's first round to the last, with the table of each."""
    session, seats = appointment.session, appointment.seats
    words = translator(registration.language)
    changed_at = max(
        event.calendar_changed_at,
        registration.calendar_changed_at,
        session.calendar_changed_at,
        appointment.changed_at,
    )
    age = max(0, int((changed_at - registration.created_at).total_seconds()))
    lines = [
        words.gettext("%(time)s: table %(table)s")
        % {
            "time": words.times(each.seat.starts_at, each.seat.ends_at, event.timezone),
            "table": ", ".join(part for part in (str(each.seat.table), each.whom) if part),
        }
        for each in seats
    ]
    return replace(
        session_entry(at, replace(event, language=registration.language), session),
        uid=at.uid(f"seats-{uuid5(registration.id, str(session.id))}"),
        sequence=age + appointment.revision + event.calendar_sequence + registration.calendar_sequence,
        changed_at=changed_at,
        start=seats[0].seat.starts_at,
        end=seats[-1].seat.ends_at,
        description="\n".join([event.title, *lines]),
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
