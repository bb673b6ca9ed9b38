"""Series, and the events that are their meetings."""

from piccolo.columns import UUID, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from events_app.features.accounts.tables import Body
from events_app.features.events.tables import Event


class Series(Table, tablename="series"):
    """A group that meets several times (its slug is unique)."""

    id = UUID(primary_key=True, default=None)
    body = ForeignKey(Body, on_delete=OnDelete.cascade, null=False, index=True)
    slug = Varchar(80)
    title = Varchar(200)
    members = Text(default="[]")  # JSON: list of model.Member
    revision = Integer(default=1)
    created_at = Timestamptz(default=None)


class SeriesEvent(Table, tablename="series_event"):
    """One meeting (an event belongs to one series at most)."""

    id = UUID(primary_key=True, default=None)
    series = ForeignKey(Series, on_delete=OnDelete.cascade, null=False, index=True)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)


SERIES_TABLES = [Series, SeriesEvent]
