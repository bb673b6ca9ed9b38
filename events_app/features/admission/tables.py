"""Scans as facts, presence as what follows from them, and door devices."""

from piccolo.columns import UUID, Boolean, ForeignKey, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from events_app.features.events.tables import Event
from events_app.features.registration.tables import Registration


class Scan(Table, tablename="scan"):
    """One reading at a door and its answer. Only ever added to; an undo is a new row that names the old."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    scan_id = Varchar(80)  # made on the device; unique by event and device
    device = Varchar(80, default="")  # whose ids these are: a door device, what a program says, or its key
    registration_id = UUID(null=True, default=None)
    session_id = UUID(null=True, default=None)  # None: the event's own door
    code_hash = Varchar(64, default="")  # of what was read, to recognise an unknown code
    gate = Varchar(80, default="")
    direction = Varchar(4)  # in, out
    device_id = UUID(null=True, default=None)
    actor_name = Varchar(200, default="")
    scanned_at = Timestamptz(default=None)  # the device's time
    received_at = Timestamptz(default=None)
    outcome = Varchar(20)  # admitted, already_admitted, refused, left
    reason = Varchar(40, default="")
    decided = Varchar(20, default="")  # what a device that decided alone told the person
    flagged = Boolean(default=False)  # a conflict that a supervisor should see
    voids = Varchar(80, null=True, default=None)  # the scan_id that is taken back
    voids_device = Varchar(80, null=True, default=None)  # and whose it is
    answer = Text(default="{}")  # JSON: the answer as it was given


class Presence(Table, tablename="presence"):
    """Who is inside, derived from the scans (unique by registration and point)."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    point = Varchar(40, default="")  # "" = the event's door, otherwise a session's id in hex
    inside = Boolean(default=True)
    first_scan_id = Varchar(80)
    first_at = Timestamptz(default=None)
    first_gate = Varchar(80, default="")
    changed_at = Timestamptz(default=None)


class DoorDevice(Table, tablename="door_device"):
    """A borrowed phone, enrolled by a one-time link."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    gate = Varchar(80, default="")
    label = Varchar(120, default="")
    kiosk = Boolean(default=False)  # people stand before it alone: it reads tickets and nothing else
    enrol_hash = Varchar(64, unique=True)
    enrol_expires_at = Timestamptz(default=None)
    token_hash = Varchar(64, null=True, default=None, index=True)
    enrolled_at = Timestamptz(null=True, default=None)
    last_seen_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)
    created_by = UUID(null=True, default=None)  # the account that lends the door; none: a program or a job


ADMISSION_TABLES = [Scan, Presence, DoorDevice]
