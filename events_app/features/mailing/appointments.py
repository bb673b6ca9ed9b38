"""The calendar entries that go with a mail about a registration."""

from collections.abc import Sequence
from uuid import UUID

from events_app.features.calendars.entries import place_entry, registration_entry
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import sessions_of
from events_app.features.mailing.occasions import PLACE_MAILS, TICKET_MAILS, Occasion
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.workshops.model import PlaceRecord, PlaceSource
from events_app.infra.database import row
from events_app.infra.deployment import Addresses
from events_app.outputs.calendar import CalendarEntry, Method

HeldPlace = tuple[RegistrationRecord, PlaceRecord]


async def appointments(
    at: Addresses,
    event: EventRecord,
    registration: RegistrationRecord,
    places: Sequence[HeldPlace],
    occasion: Occasion,
    *,
    without: UUID,
) -> tuple[CalendarEntry, ...]:
    """Nothing for those whose calendar holds nothing of it, and nothing to accept while there is no date.

    `without`: the job whose own mail does not count as told.
    """
    carries = occasion.carries
    confirmed = registration.status is RegistrationStatus.CONFIRMED
    if not carries or not (confirmed or await _was_told(registration.id, without, TICKET_MAILS)):
        return ()
    if occasion.method is Method.REQUEST and event.status is not EventStatus.PUBLISHED:
        return ()
    if not confirmed:
        places = await _places_given_back(event, registration, without)
    whole = [registration_entry(at, event, registration)] if carries != "places" else []
    parts = [place_entry(at, event, member, place) for member, place in places]
    return (*whole, *(parts if carries != "registration" else ()))


async def _places_given_back(
    event: EventRecord, registration: RegistrationRecord, without: UUID
) -> list[HeldPlace]:
    """A place is gone with its registration, but its entry is known by slot: one for each is struck out.

    Striking out an entry that a calendar does not hold does nothing there.
    """
    if not await _was_told(registration.id, without, PLACE_MAILS):
        return []
    workshops = [session for session in await sessions_of(event.id) if session.is_workshop]
    by_slot = {session.slot_key: session for session in reversed(workshops)}
    return [
        (
            registration,
            PlaceRecord(
                registration_id=registration.id,
                session=session,
                slot=slot,
                rank=None,
                source=PlaceSource.RUN,
                assigned_at=registration.status_changed_at,
                calendar_sequence=0,
            ),
        )
        for slot, session in by_slot.items()
    ]


async def _was_told(registration_id: UUID, without: UUID, kinds: Sequence[str]) -> bool:
    marks = ", ".join("{}" for _ in kinds)
    found = await row(  # index mail_registration
        f"SELECT 1 AS one FROM mail WHERE registration_id = {{}} AND job_id <> {{}} AND kind IN ({marks})",
        registration_id,
        without,
        *kinds,
    )
    return found is not None
