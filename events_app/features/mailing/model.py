"""What the rest of the program knows of mails: frozen records, never table rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.infra.outbox import MailStatus
from events_app.outputs.calendar import CalendarEntry, Mailbox, Method
from events_app.outputs.papers import TicketPaper


class MailTicket(msgspec.Struct, frozen=True):
    """A ticket as the mail shows it and as it is attached."""

    image: str  # the content id of its QR code
    holder: str
    short_code: str
    paper: TicketPaper
    filename: str


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """All that a mail is made of: building it needs no further look at the database."""

    template: str
    to: Mailbox
    sender_name: str
    reply_to: Mailbox | None = None
    language: str
    facts: dict[str, Any]
    event_id: UUID | None = None
    registration_id: UUID | None = None
    names: tuple[UUID, ...] = ()
    """Registrations of others whom it names."""
    invitation_id: UUID | None = None
    method: Method | None = None
    entry: CalendarEntry | None = None
    """The invitation with buttons: a message invites to one thing (RFC 5546)."""
    tickets: tuple[MailTicket, ...] = ()
    told: str = ""
    """What news it brings (`event_letters`): what was told last is not told again."""
    unsubscribe_url: str = ""
    """Of reminders and news: one click stops them (RFC 8058). Never of a ticket."""
    footer: str = ""
    """Why it comes, where the usual sentence would be wrong."""
    secret_link: str = ""
    """A sign-in link. Whoever reads it is that person, so the mail is not kept."""


class BuiltMail(msgspec.Struct, frozen=True):
    subject: str
    content: bytes  # the whole MIME message
    message_id: str
    kept: bytes = b""
    """What is stored of one that is sent: compressed, without what can be made again (tickets)."""


class MailLine(msgspec.Struct, frozen=True):
    """One line of the outbox."""

    id: UUID
    kind: str
    recipient: str
    subject: str
    status: MailStatus
    error: str | None
    created_at: datetime
    message_id: str

    @property
    def was_built(self) -> bool:
        """A mail that could not even be written has no Message-ID."""
        return bool(self.message_id)


class StoredMail(msgspec.Struct, frozen=True):
    """One mail with its content, empty once it was erased."""

    id: UUID
    job_id: UUID
    event_id: UUID | None
    kind: str
    recipient: str
    subject: str
    content: bytes
    status: MailStatus
    error: str | None
    created_at: datetime
    sent_at: datetime | None
    message_id: str

    @property
    def was_built(self) -> bool:
        return bool(self.message_id)


class OutboxFilter(msgspec.Struct, frozen=True):
    """`bodies` or one event; the rest narrows it down. `before`: the last line of the page before."""

    bodies: list[UUID] = []
    event_id: UUID | None = None
    status: MailStatus | None = None
    q: str = ""
    before: UUID | None = None
