"""What was written to somebody, with its fate, on the organiser's page of that person."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord
from events_app.features.mailing.wording import STATUSES, kinds
from events_app.features.registration.hooks import PersonalSection
from events_app.features.registration.model import RegistrationRecord
from events_app.infra.database import rows
from events_app.infra.outbox import MailStatus
from events_app.infra.world import World


class SentMail(msgspec.Struct, frozen=True):
    id: UUID
    kind: str
    subject: str
    status: MailStatus
    error: str | None
    created_at: datetime


async def mails_of(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> PersonalSection | None:
    """The newest first (index mail_registration); None where nothing was written."""
    found = await rows(
        "SELECT id, kind, subject, status, error, created_at FROM mail WHERE registration_id = {}"
        " ORDER BY created_at DESC, id DESC LIMIT 50",
        registration.id,
    )
    if not found:
        return None
    mails = [msgspec.convert(each, SentMail, strict=False) for each in found]
    data: dict[str, Any] = {"mails": mails, "kinds": kinds(), "statuses": STATUSES}
    return PersonalSection("mailing/_of_person.html", data)
