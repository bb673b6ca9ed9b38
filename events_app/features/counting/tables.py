"""What is counted where, and each count as it arrived."""

from piccolo.columns import UUID, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from events_app.features.events.tables import Event


class CountingSetup(Table, tablename="counting_setup"):
    """The sites of an event (unique by event)."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    sites = Text(default="[]")  # JSON: list of model.Site
    revision = Integer(default=1)


class Tally(Table, tablename="tally"):
    """So many people through a gate: only ever added to (unique by event, device and tally_id)."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    device = Varchar(80, default="")  # whose ids these are
    tally_id = Varchar(80)
    site = Varchar(80)
    gate = Varchar(80, default="")
    direction = Varchar(3)  # in, out
    people = Integer(default=1)
    at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)


COUNTING_TABLES = [CountingSetup, Tally]
