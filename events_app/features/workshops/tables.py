"""Proposed and published placements."""

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from events_app.features.events.tables import Event, Session
from events_app.features.registration.tables import Registration


class AssignmentRun(Table, tablename="assignment_run"):
    """One computed placement, with all that is needed to replay it."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    slot = Varchar(40, default="")  # "" = all slots
    objective = Varchar(20)
    seed = Varchar(40)
    status = Varchar(12)  # proposed, published, superseded, discarded
    inputs_digest = Varchar(64)
    request = Text(default="{}")  # JSON: keep, locks, balance
    outcome = Text(default="{}")  # JSON: rank_counts, unassigned, moved
    certificate = Text(default="{}")  # JSON
    revision = Integer(default=1)
    created_at = Timestamptz(default=None)
    created_by = Varchar(200, default="")
    published_at = Timestamptz(null=True, default=None)


class RunPlace(Table, tablename="run_place"):
    """One place of a run; `session` None = nobody could seat this person in this slot."""

    id = UUID(primary_key=True, default=None)
    run = ForeignKey(AssignmentRun, on_delete=OnDelete.cascade, null=False, index=True)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    session = ForeignKey(Session, on_delete=OnDelete.cascade, null=True, default=None)
    slot = Varchar(40, default="")
    rank = SmallInt(null=True, default=None)
    reason = Varchar(40, default="")
    locked = Boolean(default=False)


class Place(Table, tablename="place"):
    """The place somebody really has (unique by registration and slot)."""

    id = UUID(primary_key=True, default=None)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    session = ForeignKey(Session, on_delete=OnDelete.cascade, null=False, index=True)
    slot = Varchar(40, default="")
    rank = SmallInt(null=True, default=None)
    source = Varchar(12)  # run, late, moved, chosen
    assigned_at = Timestamptz(default=None)
    calendar_sequence = Integer(default=0)


class Computation(Table, tablename="computation"):
    """A placement being computed, or what came of it (one active of an event: index computation_active)."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    status = Varchar(12)  # queued, running, done, failed, cancelled, gone
    request = Text(default="{}")  # JSON: RunRequest
    progress = Text(default="{}")  # JSON: Progress
    problem = Text(default="{}")  # JSON: Problem
    run = UUID(null=True, default=None)
    cancel_wanted = Boolean(default=False)
    created_at = Timestamptz(default=None)
    created_by = Varchar(200, default="")
    seen_at = Timestamptz(default=None)  # when whoever computes it was last heard of


WORKSHOPS_TABLES = [AssignmentRun, RunPlace, Place, Computation]
