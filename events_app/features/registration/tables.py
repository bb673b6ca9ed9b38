"""Registrations, wishes, consents."""

from piccolo.columns import UUID, BigInt, Boolean, ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from events_app.features.events.tables import Event, Session


class Registration(Table, tablename="registration"):
    """One person at one event. Companions are registrations of their own, tied by `group_id`.

    Unique: (event, arrival); (event, email_folded) of active leads; (event, ticket_id); (event, short_code).
    """

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.restrict, null=False, index=True)
    group_id = UUID(default=None)  # the id of the registration that leads the group; its own when alone
    arrival = Integer()  # 1, 2, 3... in the event: the order of the waiting list
    status = Varchar(12)  # pending, confirmed, waiting, cancelled, refused
    email = Varchar(254)
    email_folded = Varchar(254)
    new_email = Varchar(254, default="")  # asked for by the person, until the link sent there is opened
    given_name = Varchar(120)
    family_name = Varchar(120)
    organisation = Varchar(200, default="")
    insee = Varchar(5, null=True, default=None)
    commune = Varchar(120, default="")
    profile = Varchar(40, default="")
    language = Varchar(8)
    answers = Text(default="{}")  # JSON by question code
    accepts_any = Boolean(default=True)  # a workshop that they did not rank, rather than none
    token_hash = Varchar(64, unique=True)  # of the personal page's secret link
    former_token_hash = Varchar(64, null=True, default=None, index=True)  # of the link replaced last
    feed_hash = Varchar(64, unique=True)  # of the personal calendar's link
    token_generation = SmallInt(default=0)  # grows when the links are revoked
    ticket_id = BigInt()  # 40 random bits
    short_code = Varchar(12)  # what is typed at the door
    ticket_generation = SmallInt(default=0)
    ticket_issued_at = Timestamptz(null=True, default=None)  # anew: a scan made before saw the former one
    source = Varchar(12)  # page, api, import, walk_in, door, demo
    created_at = Timestamptz(default=None)
    status_changed_at = Timestamptz(default=None)
    status_reason = Text(default="")  # why somebody was refused, in the organiser's words
    status_before = Varchar(12, default="")  # what it was until then: a scan made before is judged by it
    erased_at = Timestamptz(null=True, default=None)
    revision = Integer(default=1)
    calendar_sequence = Integer(default=0)
    calendar_changed_at = Timestamptz(default=None)
    search_words = Text(default="")  # `finding.words_of`; triggers keep `registration_word` from it


class Preference(Table, tablename="preference"):
    """One ranked wish (unique by registration and session, and by registration and rank)."""

    id = UUID(primary_key=True, default=None)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    session = ForeignKey(Session, on_delete=OnDelete.cascade, null=False, index=True)
    rank = SmallInt()  # 1 = most wanted


class Consent(Table, tablename="consent"):
    """What somebody agreed to, in the words that were shown."""

    id = UUID(primary_key=True, default=None)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    code = Varchar(40)
    purpose = Text()
    given_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class RegistrationTag(Table, tablename="registration_tag"):
    """A word of the organiser on somebody (unique by registration and tag)."""

    id = UUID(primary_key=True, default=None)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False)
    tag = Varchar(40, default="")


class RegistrationNote(Table, tablename="registration_note"):
    """What organisers note on somebody, for each other; the person reads it in the own data."""

    id = UUID(primary_key=True, default=None)
    registration = ForeignKey(Registration, on_delete=OnDelete.cascade, null=False, index=True)
    text = Text(default="")
    author = Varchar(200, default="")
    written_at = Timestamptz(default=None)


class Invitation(Table, tablename="invitation"):
    """Who may register at an event by invitation only (unique by event and address)."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    email = Varchar(254)
    email_folded = Varchar(254)
    token_hash = Varchar(64, unique=True)
    created_at = Timestamptz(default=None)


REGISTRATION_TABLES = [Invitation, Registration, Preference, Consent, RegistrationTag, RegistrationNote]
