"""The settings of networking sessions, their seat plans, who sits where."""

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from events_app.features.events.tables import Session
from events_app.features.registration.tables import Registration


class NetworkingRoom(Table, tablename="networking_room"):
    """How one networking session is held (unique by session)."""

    id = UUID(primary_key=True, default=None)
    session = ForeignKey(Session, on_delete=OnDelete.cascade, null=False, index=True)
    settings = Text(default="{}")  # JSON: RoomSettings
    revision = Integer(default=1)


class SeatingPlan(Table, tablename="seating_plan"):
    """One computed plan, with the settings and seed that made it."""

    id = UUID(primary_key=True, default=None)
    session = ForeignKey(Session, on_delete=OnDelete.cascade, null=False, index=True)
    status = Varchar(12)  # proposed, published, superseded
    seed = Varchar(20)
    settings = Text(default="{}")  # JSON: RoomSettings
    tables = SmallInt(default=1)
    possible = Integer(default=0)  # the most distinct pairs of any plan
    digest = Varchar(64)
    revision = Integer(default=1)
    created_at = Timestamptz(default=None)
    published_at = Timestamptz(null=True, default=None)
    planned = Integer(default=0)  # pairs who would meet, when it was published
    released_at = Timestamptz(null=True, default=None)  # contacts have passed


class Seat(Table, tablename="seat"):
    """Where one person sits in one round (unique by plan, registration and round)."""

    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(SeatingPlan, on_delete=OnDelete.cascade, null=False, index=True)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    round_number = SmallInt(default=1)
    table_number = SmallInt(default=1)
    locked = Boolean(default=False)  # stays in the next proposal


class MeetingWish(Table, tablename="meeting_wish"):
    """Of speed-dating: what one person says of another, and so of that one's structure (unique by session and
    both)."""

    id = UUID(primary_key=True, default=None)
    session = ForeignKey(Session, on_delete=OnDelete.cascade, null=False, index=True)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    about = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    value = Varchar(4)  # must, wish, no


class AnnouncedRound(Table, tablename="announced_round"):
    """A round of a published plan that was announced: it never changes again (unique by plan and number)."""

    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(SeatingPlan, on_delete=OnDelete.cascade, null=False, index=True)
    number = SmallInt(default=1)
    starts_at = Timestamptz(default=None)


class RoomPresence(Table, tablename="room_presence"):
    """What somebody tapped of a person in the room (unique by session and registration)."""

    id = UUID(primary_key=True, default=None)
    session = ForeignKey(Session, on_delete=OnDelete.cascade, null=False, index=True)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    state = Varchar(6)  # here, late, left, absent
    at = Timestamptz(default=None)


class ContactTick(Table, tablename="contact_tick"):
    """That somebody would like to meet another again (unique by session and both)."""

    id = UUID(primary_key=True, default=None)
    session = ForeignKey(Session, on_delete=OnDelete.cascade, null=False, index=True)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    about = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    at = Timestamptz(default=None)


class ContactRelease(Table, tablename="contact_release"):
    """Two people whose contacts have passed to each other (unique by session and both)."""

    id = UUID(primary_key=True, default=None)
    session = ForeignKey(Session, on_delete=OnDelete.cascade, null=False, index=True)
    first = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    second = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)


NETWORKING_TABLES = [
    NetworkingRoom,
    SeatingPlan,
    Seat,
    MeetingWish,
    AnnouncedRound,
    RoomPresence,
    ContactTick,
    ContactRelease,
]
