"""What the rest of the program knows of a message: frozen records, never table rows."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

import msgspec

from events_app.features.registration.model import RegistrationStatus
from events_app.infra.outbox import MailStatus

SUBJECT_MOST = 200
TEXT_MOST = 10_000


class MessageStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"  # before it left, or stopped while it did


class MessageKind(StrEnum):
    INFORMATION = "information"  # whoever has a place needs it
    REMINDER = "reminder"  # can be done without: each may stop them


Presence = Literal["present", "absent"]


class Audience(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is given must hold; of a list, one. Without a status: whoever has a place, waits or asks for
    one. `commune`: INSEE code or name. `session`: code; who sits there, before the placement who wishes it.
    """

    status: RegistrationStatus | list[RegistrationStatus] = []
    session: str | list[str] = []
    commune: str | list[str] = []
    profile: str | list[str] = []
    presence: Presence | None = None
    consent: str = ""
    tag: str = ""


class MessageDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote, as it was typed."""

    subject: str
    text: str
    audience: Audience = Audience()
    kind: MessageKind = MessageKind.INFORMATION
    send_at: datetime | None = None


class MessageRecord(msgspec.Struct, frozen=True):
    """`recipients`: how many it left for, 0 before. `pending`: of these, who is still to be written to."""

    id: UUID
    event_id: UUID
    kind: MessageKind
    subject: str
    text: str
    audience: Audience
    stored_status: MessageStatus
    send_at: datetime | None
    started_at: datetime | None
    created_at: datetime
    created_by: str
    revision: int
    recipients: int
    pending: int

    @property
    def status(self) -> MessageStatus:
        if self.stored_status is MessageStatus.SENDING and not self.pending:
            return MessageStatus.SENT
        return self.stored_status

    @property
    def may_change(self) -> bool:
        return self.stored_status in (MessageStatus.DRAFT, MessageStatus.SCHEDULED)


class Fate(msgspec.Struct, frozen=True):
    """What became of one person's copy."""

    registration_id: UUID
    name: str
    email: str
    status: MailStatus
    error: str | None
    sent_at: datetime | None
    mail_id: UUID | None


def several(given: str | Sequence[str]) -> list[str]:
    """One value or a list of them."""
    return [given] if isinstance(given, str) and given else list(given)
