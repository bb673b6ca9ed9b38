"""Assemblies and their seats; sittings, their agenda, answers, and who was there when."""

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from events_app.features.accounts.tables import Body
from events_app.features.events.tables import Event


class Assembly(Table, tablename="assembly"):
    """A committee, board or council (its slug is unique)."""

    id = UUID(primary_key=True, default=None)
    body = ForeignKey(Body, on_delete=OnDelete.cascade, null=False, index=True)
    slug = Varchar(80)
    name = Varchar(200)
    family = Varchar(30)  # of rule sets
    statutes = Text(default="{}")  # JSON: rules.Statutes
    siret = Varchar(14, default="")
    revision = Integer(default=1)
    created_at = Timestamptz(default=None)


class AssemblySeat(Table, tablename="assembly_seat"):
    """One member, from one day to another."""

    id = UUID(primary_key=True, default=None)
    assembly = ForeignKey(Assembly, on_delete=OnDelete.cascade, null=False, index=True)
    position = SmallInt(default=0)
    name = Varchar(200)
    represents = Varchar(200, default="")
    function = Varchar(200, default="")
    email = Varchar(254, default="")
    substitutes = Text(default="[]")  # JSON: names
    since = Varchar(10, default="")  # a day, or empty
    until = Varchar(10, default="")


class Sitting(Table, tablename="sitting"):
    """An event that is a meeting of an assembly (unique by event)."""

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(Event, on_delete=OnDelete.cascade, null=False, index=True)
    assembly = ForeignKey(Assembly, on_delete=OnDelete.cascade, null=False, index=True)
    second = Boolean(default=False)
    convened_on = Varchar(10, default="")  # a day, or empty
    opened_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    chair = UUID(null=True, default=None)
    secretary = UUID(null=True, default=None)
    revision = Integer(default=1)


class AgendaItem(Table, tablename="agenda_item"):
    id = UUID(primary_key=True, default=None)
    sitting = ForeignKey(Sitting, on_delete=OnDelete.cascade, null=False, index=True)
    number = SmallInt(default=1)
    title = Varchar(300)
    kind = Varchar(20)  # information, deliberation, election
    ballot = Varchar(20)  # ordinary, public, secret, election
    rapporteur = Varchar(200, default="")
    note = Text(default="")
    discussion = Text(default="")
    matter = Varchar(5, default="")  # of the national list of subjects
    recused = Text(default="[]")  # JSON: ids of seats
    vote = Text(default="")  # JSON: model.Vote; empty until it is held


class SittingAnswer(Table, tablename="sitting_answer"):
    """What a member said before (unique by sitting and seat)."""

    id = UUID(primary_key=True, default=None)
    sitting = ForeignKey(Sitting, on_delete=OnDelete.cascade, null=False, index=True)
    seat = ForeignKey(AssemblySeat, on_delete=OnDelete.cascade, null=False, index=True)
    kind = Varchar(12)  # sits, substitute, proxy, excused
    substitute = Varchar(200, default="")
    proxy_to = UUID(null=True, default=None)
    answered_at = Timestamptz(default=None)


class RollEntry(Table, tablename="roll_entry"):
    """A tap of the roll call: only ever added to; the last of a seat holds."""

    id = UUID(primary_key=True, default=None)
    sitting = ForeignKey(Sitting, on_delete=OnDelete.cascade, null=False, index=True)
    seat = ForeignKey(AssemblySeat, on_delete=OnDelete.cascade, null=False, index=True)
    state = Varchar(8)  # present, left
    sitter = Varchar(200, default="")
    at = Timestamptz(default=None)


COMMITTEES_TABLES = [Assembly, AssemblySeat, Sitting, AgendaItem, SittingAnswer, RollEntry]
