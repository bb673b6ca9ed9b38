"""Messages of organisers, and a copy for each person."""

from piccolo.columns import UUID, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from events_app.features.events.tables import Event
from events_app.features.registration.tables import Registration


class Message(Table, tablename="message"):
    """One text to many people."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    kind = Varchar(12)  # information, reminder
    subject = Varchar(200)
    text = Text()  # Markdown with placeholders
    audience = Text(default="{}")  # JSON
    status = Varchar(12)  # draft, scheduled, sending, cancelled; sending with nothing left is sent
    send_at = Timestamptz(null=True, default=None)
    started_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)
    created_by = Varchar(200, default="")
    revision = Integer(default=1)


class MessageCopy(Table, tablename="message_copy"):
    """For one person (unique together); the job's mail says what became of it."""

    id = UUID(primary_key=True, default=None)
    message = ForeignKey(Message, on_delete=OnDelete.cascade, null=False, index=True)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    job_id = UUID(default=None)


MESSAGES_TABLES = [Message, MessageCopy]
