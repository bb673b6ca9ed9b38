"""What is asked of the worker about messages."""

from uuid import UUID

import msgspec

from events_app.features.registration.job_kinds import AboutRegistration
from events_app.infra.job_kinds import Kind


class AboutMessage(msgspec.Struct, frozen=True):
    message_id: UUID


class MessageTo(AboutRegistration, frozen=True):
    message_id: UUID


class MessageTried(AboutMessage, frozen=True):
    to: str


BEGIN = Kind("message.begin", AboutMessage)
COPY = Kind("mail.message", MessageTo)
TEST = Kind("mail.message_test", MessageTried)
