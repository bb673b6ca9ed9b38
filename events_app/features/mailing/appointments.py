"""The calendar entry that goes with a mail about a registration: one, which carries all of it.

A calendar program acts on the invitation alone and leaves attached files to the reader: what stood in another
would grow old (docs/decisions/0114-one-entry-carries-everything.md).
"""

from collections.abc import Sequence
from uuid import UUID

from events_app.features.calendars.entries import registration_entry
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.mailing.occasions import Occasion
from events_app.features.registration.job_kinds import TICKET_MAILS
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.workshops.model import PlaceRecord
from events_app.infra.database import row
from events_app.infra.deployment import Addresses
from events_app.outputs.calendar import CalendarEntry, Method


async def appointment(
    at: Addresses,
    event: EventRecord,
    registration: RegistrationRecord,
    places: Sequence[PlaceRecord],
    occasion: Occasion,
    *,
    without: UUID,
) -> CalendarEntry | None:
    """None for those whose calendar holds nothing of it, and nothing to accept while there is no date.

    `without`: the job whose own mail does not count as told.
    """
    confirmed = registration.status is RegistrationStatus.CONFIRMED
    if occasion.method is None or not (confirmed or await _was_told(registration.id, without)):
        return None
    if occasion.method is Method.REQUEST and event.status is not EventStatus.PUBLISHED:
        return None
    return registration_entry(at, event, registration, places)


async def _was_told(registration_id: UUID, without: UUID) -> bool:
    marks = ", ".join("{}" for _ in TICKET_MAILS)
    found = await row(  # index mail_registration
        f"SELECT 1 AS one FROM mail WHERE registration_id = {{}} AND job_id <> {{}} AND kind IN ({marks})",
        registration_id,
        without,
        *TICKET_MAILS,
    )
    return found is not None
