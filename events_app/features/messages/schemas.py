"""What the API takes and answers about messages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from events_app.features.messages.model import (
    Audience,
    Fate,
    MessageDraft,
    MessageKind,
    MessageRecord,
    MessageStatus,
)

Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class NewMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`text` is Markdown; `{given_name}`, `{link}` and the like are replaced for each reader. With `send_at`
    it leaves by itself then; without, by `send`."""

    subject: str
    text: str
    audience: Audience = Audience()
    send_at: Instant | None = None
    kind: MessageKind = MessageKind.INFORMATION

    def draft(self) -> MessageDraft:
        return MessageDraft(
            subject=self.subject,
            text=self.text,
            audience=self.audience,
            kind=self.kind,
            send_at=self.send_at,
        )


class MessageChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is not said stays as it is; `send_at` null makes a draft of it again."""

    subject: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    audience: Audience | UnsetType = UNSET
    send_at: Instant | UnsetType | None = UNSET
    kind: MessageKind | UnsetType = UNSET

    def applied_to(self, message: MessageRecord) -> MessageDraft:
        given = {
            name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not UNSET
        }
        unchanged = MessageDraft(
            subject=message.subject,
            text=message.text,
            audience=message.audience,
            kind=message.kind,
            send_at=message.send_at,
        )
        return msgspec.structs.replace(unchanged, **given)


class TrialRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    to: str


class FateAnswer(msgspec.Struct, frozen=True):
    """`status`: queued, sent, kept (no mail server), failed, dropped (stopped, or no longer meant)."""

    registration: UUID
    email: str
    status: str
    error: str | None
    sent_at: datetime | None


class PreviewAnswer(msgspec.Struct, frozen=True):
    """With the data of the first reader, but without this reader's secret link."""

    subject: str
    text: str
    html: str


class MessageSummary(msgspec.Struct, frozen=True):
    """`recipients`: how many it left for, or how many it would leave for now."""

    id: UUID
    event: str
    status: MessageStatus
    kind: MessageKind
    subject: str
    text: str
    audience: Audience
    send_at: datetime | None
    started_at: datetime | None
    recipients: int
    counts: dict[str, int]
    revision: int


class MessageAnswer(MessageSummary, frozen=True):
    preview: PreviewAnswer
    fates: list[FateAnswer]


class MessageList(msgspec.Struct, frozen=True):
    items: list[MessageSummary]
    next_cursor: str | None = None


def fate_answer(fate: Fate) -> FateAnswer:
    return FateAnswer(fate.registration_id, fate.email, fate.status.value, fate.error, fate.sent_at)
