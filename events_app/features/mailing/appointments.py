"""The calendar entries that go with a mail about a registration."""

from collections.abc import Sequence
from uuid import UUID

from events_app.features.calendars.entries import place_entry, registration_entry
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.workshops.model import PlaceRecord, PlaceSource
from events_app.infra.database import row
from events_app.outputs.calendar import CalendarEntry

HeldPlace = tuple[RegistrationRecord, PlaceRecord]


async def appointments(
    base_url: str,
    event: EventRecord,
    registration: RegistrationRecord,
    places: Sequence[HeldPlace],
    *,
    carries: str,
) -> tuple[CalendarEntry, ...]:
    """`carries`: registration, places, or all. Nothing for those whose calendar holds nothing of it."""
    confirmed = registration.status is RegistrationStatus.CONFIRMED
    if not carries or not (
        confirmed or await _was_told(registration.id, "mail.confirmation", "mail.promoted")
    ):
        return ()
    if not confirmed:
        places = await _places_given_back(event, registration)
    whole = [registration_entry(base_url, event, registration)] if carries != "places" else []
    parts = [place_entry(base_url, event, member, place) for member, place in places]
    return (*whole, *(parts if carries != "registration" else ()))


async def _places_given_back(event: EventRecord, registration: RegistrationRecord) -> list[HeldPlace]:
    """A place is gone with its registration, but its entry is known by slot: one for each is struck out.

    Striking out an entry that a calendar does not hold does nothing there.
    """
    if not await _was_told(registration.id, "mail.placed", "mail.place_changed"):
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


async def _was_told(registration_id: UUID, *kinds: str) -> bool:
    marks = ", ".join("{}" for _ in kinds)
    found = await row(  # index mail_registration
        f"SELECT 1 AS one FROM mail WHERE registration_id = {{}} AND kind IN ({marks})",
        registration_id,
        *kinds,
    )
    return found is not None
