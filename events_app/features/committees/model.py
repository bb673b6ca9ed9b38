"""Assemblies, seats and sittings, as records."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from events_app.features.committees.quorum import Quorum, Room
from events_app.features.committees.rules import RuleSet, Statutes
from events_app.features.committees.votes import Ballot, Counts, Outcome, Round

MOST_SEATS, MOST_ITEMS, MOST_SUBSTITUTES = 500, 200, 4


class Assembly(msgspec.Struct, frozen=True):
    """`family`: of its rule sets. `siret` of the public body, for what is published of its deliberations."""

    id: UUID
    body_id: UUID
    body_name: str
    slug: str
    name: str
    family: str
    statutes: Statutes
    siret: str
    revision: int


class Seat(msgspec.Struct, frozen=True):
    """One member. `represents`: commune, group or college. In office from `since` until `until`, both days
    included; None: without end."""

    id: UUID
    position: int
    name: str
    represents: str
    function: str
    email: str
    substitutes: list[str]
    since: date | None
    until: date | None

    def in_office(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class AnswerKind(StrEnum):
    SITS = "sits"
    SUBSTITUTE = "substitute"
    PROXY = "proxy"
    EXCUSED = "excused"


class SeatAnswer(msgspec.Struct, frozen=True):
    """What a member said before the sitting. `to`: who holds the proxy; `substitute`: who comes instead."""

    seat: UUID
    kind: AnswerKind
    substitute: str
    to: UUID | None
    answered_at: datetime


class RollState(StrEnum):
    PRESENT = "present"
    LEFT = "left"


class RollEntry(msgspec.Struct, frozen=True):
    """A tap. `sitter`: the substitute who sits; empty for the member."""

    seat: UUID
    state: RollState
    sitter: str
    at: datetime


class Attendance(msgspec.Struct, frozen=True):
    """Of one seat when an item was voted on: `present`, `substituted` (by `other`), `proxy` (to `other`),
    `excused` or `absent`."""

    name: str
    represents: str
    state: str
    other: str = ""


class Vote(msgspec.Struct, frozen=True):
    """As it was held: with who was there and the quorum of that moment. `by_name`, of a public one: `for`,
    `against`, `abstention` or `none`, by the voter's name. `rounds`: of an election."""

    ballot: Ballot
    outcome: Outcome
    quorum: Quorum
    at: datetime
    counts: Counts | None = None
    by_name: dict[str, str] = {}
    chair_for: bool | None = None
    rounds: list[Round] = []
    elected: str = ""
    equal: list[str] = []
    attendance: list[Attendance] = []
    recused: list[str] = []


class ItemKind(StrEnum):
    INFORMATION = "information"
    DELIBERATION = "deliberation"
    ELECTION = "election"


class Item(msgspec.Struct, frozen=True):
    """Of the agenda; `number` counts from 1. `note`: sent with the agenda. `discussion`: for the minutes.
    `recused`: who steps aside for it."""

    id: UUID
    number: int
    title: str
    kind: ItemKind
    ballot: Ballot
    rapporteur: str
    note: str
    discussion: str
    matter: str
    recused: list[UUID]
    vote: Vote | None


class Sitting(msgspec.Struct, frozen=True):
    """A meeting of an assembly: one event. `second`: after one without quorum. `convened_on`: when the
    letters went out; `chair`, `secretary`: seats."""

    id: UUID
    event_id: UUID
    assembly_id: UUID
    second: bool
    convened_on: date | None
    opened_at: datetime | None
    closed_at: datetime | None
    chair: UUID | None
    secretary: UUID | None
    revision: int


class SeatNow(msgspec.Struct, frozen=True):
    """A seat as it is at the sitting. `sitter`: who sits there, empty while nobody does; `proxy_to`: who
    holds its proxy, whether or not it can count."""

    seat: Seat
    answer: SeatAnswer | None
    sitter: str
    substituted: bool
    left: bool
    proxy_to: Seat | None


class ItemNow(msgspec.Struct, frozen=True):
    item: Item
    quorum: Quorum


class SittingNow(msgspec.Struct, frozen=True):
    """All that the pages of a sitting show."""

    assembly: Assembly
    sitting: Sitting
    rules: RuleSet
    day: date
    seats: list[SeatNow]
    room: Room
    quorum: Quorum
    items: list[ItemNow]

    @property
    def by_id(self) -> dict[UUID, Seat]:
        return {each.seat.id: each.seat for each in self.seats}
