"""Events and the sessions of their programme."""

from piccolo.columns import (
    UUID,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    Real,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from events_app.features.accounts.tables import Body


class StoredFile(Table, tablename="stored_file"):
    """Pictures and logos, in the database so that one file is the whole backup."""

    id = UUID(primary_key=True, default=None)
    media_type = Varchar(60)
    width = Integer(null=True, default=None)
    height = Integer(null=True, default=None)
    sha256 = Varchar(64)
    content = Bytea()
    created_at = Timestamptz(default=None)


class Event(Table, tablename="event"):
    """One dated gathering. Instants are UTC; `timezone` is where its wall times are read."""

    id = UUID(primary_key=True, default=None)
    number = Integer(unique=True)  # 24 bits: stands in ticket codes
    slug = Varchar(80, unique=True)
    body = ForeignKey(Body, on_delete=OnDelete.restrict, null=False, index=True)
    format = Varchar(40)
    title = Varchar(200)
    summary = Text(default="")
    description = Text(default="")  # Markdown
    language = Varchar(8)
    timezone = Varchar(60)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    venue_name = Varchar(200, default="")
    venue_address = Varchar(300, default="")
    venue_insee = Varchar(5, null=True, default=None)
    venue_commune = Varchar(120, default="")  # the commune's name, also outside of the territory
    online_url = Varchar(500, default="")  # told to those who are registered only
    venue_latitude = Real(null=True, default=None)
    venue_longitude = Real(null=True, default=None)
    image_id = UUID(null=True, default=None)
    image_alt = Varchar(300, default="")
    capacity = Integer(null=True, default=None)  # None: no limit
    registration_required = Boolean(default=True)  # False: an agenda entry, one comes as one is
    registration_opens_at = Timestamptz(null=True, default=None)  # None: from publication
    registration_closes_at = Timestamptz(null=True, default=None)  # None: until the start
    doors_open_at = Timestamptz(null=True, default=None)  # None: two hours before the start
    visibility = Varchar(10)  # public, link, invited
    approval = Boolean(default=False)
    waiting_list = Boolean(default=True)
    max_companions = SmallInt(default=0)
    preferences_count = SmallInt(default=0)  # how many workshops one may rank; 0: as many as there are
    preferences_least = SmallInt(default=3)  # of whoever accepts no workshop that they did not rank
    ticket_at_once = Boolean(default=False)  # on the screen, before the address is known to be theirs
    reminders = Text(default="[]")  # JSON: minutes before the start
    profiles = Text(default="[]")  # JSON: codes offered, [] = not asked
    questions = Text(default="[]")  # JSON: list of rules.Question
    consents = Text(default="[]")  # JSON: list of rules.ConsentPurpose
    translations = Text(default="{}")  # JSON: language to model.EventTexts
    status = Varchar(12)  # draft, published, postponed, cancelled
    status_reason = Text(default="")
    published_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    postponed_at = Timestamptz(null=True, default=None)
    placement_published_at = Timestamptz(null=True, default=None)
    revision = Integer(default=1)  # grows with each change
    calendar_sequence = Integer(default=0)  # grows when time, place, title or status change
    calendar_changed_at = Timestamptz(default=None)
    search_text = Text(default="")  # folded title, summary, venue
    created_at = Timestamptz(default=None)
    updated_at = Timestamptz(default=None)


class Session(Table, tablename="session"):
    """One item of the programme. Sessions of one `slot` run at the same time."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    code = Varchar(40)  # unique in the event
    title = Varchar(200)
    description = Text(default="")
    kind = Varchar(20)  # plenary, workshop, networking, speed_dating, break, other
    slot = Varchar(40, default="")  # "" = not one of several at once
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    room = Varchar(120, default="")
    coach = Varchar(200, default="")
    coach_account_id = UUID(null=True, default=None)  # a member with the coach role
    capacity_min = Integer(null=True, default=None)
    capacity_max = Integer(null=True, default=None)
    position = SmallInt(default=0)
    choice = Varchar(8, default="")  # open, places; "" = by its kind
    revision = Integer(default=1)
    calendar_sequence = Integer(default=0)
    calendar_changed_at = Timestamptz(default=None)
    closed_at = Timestamptz(null=True, default=None)  # a published placement found too few people for it


EVENTS_TABLES = [StoredFile, Event, Session]
