"""What was reminded of, and who wants no more of it."""

from piccolo.columns import UUID, ForeignKey, Integer, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from events_app.features.events.tables import Event
from events_app.features.registration.tables import Registration


class Reminder(Table, tablename="reminder"):
    """One that was written (unique by event, minutes and start): a new date is reminded of anew."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    minutes = Integer()
    starts_at = Timestamptz(default=None)
    written_at = Timestamptz(default=None)


class NoReminders(Table, tablename="no_reminders"):
    """Somebody who wants no reminders of this event (unique by registration)."""

    id = UUID(primary_key=True, default=None)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    since = Timestamptz(default=None)


MAILING_TABLES = [Reminder, NoReminders]
