"""Mails that placements ask for."""

from uuid import UUID

import msgspec

from events_app.features.registration.job_kinds import AboutRegistration
from events_app.infra.job_kinds import Kind


class AboutCoached(msgspec.Struct, frozen=True):
    account_id: UUID
    session_id: UUID


PLACED = Kind("mail.placed", AboutRegistration)
PLACE_CHANGED = Kind("mail.place_changed", AboutRegistration)
WORKSHOP_CLOSED = Kind("mail.workshop_closed", AboutRegistration)
COACHED_CLOSED = Kind("mail.coached_closed", AboutCoached)
