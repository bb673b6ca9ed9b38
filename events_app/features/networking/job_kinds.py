"""What is asked of the worker about contacts that pass."""

from uuid import UUID

import msgspec

from events_app.features.registration.job_kinds import AboutRegistration
from events_app.infra.job_kinds import Kind


class SessionToRelease(msgspec.Struct, frozen=True):
    session_id: UUID


class AboutMeeting(AboutRegistration, frozen=True):
    session_id: UUID


RELEASE = Kind("networking.release", SessionToRelease)
CONTACTS = Kind("mail.contacts", AboutMeeting)
