"""What people answered to the invitation of their calendar."""

from piccolo.columns import UUID, ForeignKey, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from events_app.features.registration.tables import Registration


class CalendarAnswer(Table, tablename="calendar_answer"):
    """The last one of each registration (unique)."""

    id = UUID(primary_key=True, default=None)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    answer = Varchar(12)  # accepted, tentative, declined
    stamped_at = Timestamptz(default=None)  # by the calendar program
    received_at = Timestamptz(default=None)


INBOUND_TABLES = [CalendarAnswer]
