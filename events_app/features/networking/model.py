"""A networking session's settings and its seat plans, as records."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec

ANSWER = "answer:"
PairKind = Literal["apart", "together", "wish"]

MOST_ROUNDS, MOST_TABLES, MOST_MINUTES = 30, 1000, 240


class PairRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`apart`: never at one table; `together`: at one table in every round; `wish`: at one table once, if
    possible."""

    kind: PairKind
    registrations: Annotated[list[UUID], msgspec.Meta(min_length=2, max_length=2)]


class Sides(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of speed-dating: `a` candidates, `b` who receives them, each at a table of their own. By the answers to
    `question` (a code, or `profile`); without one, by lists of registrations."""

    a: Annotated[list[str], msgspec.Meta(min_length=1, max_length=2000)]
    b: Annotated[list[str], msgspec.Meta(min_length=1, max_length=2000)]
    question: str | None = None


class Break(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For all, after this round."""

    after: int
    minutes: int


class Host(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who stays at one table in all rounds. `table` counts from 1."""

    registration: UUID
    table: int


class Attendance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is there from one round to another only."""

    registration: UUID
    first: int
    last: int


class RoomSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`starts_at` None: with the session. `tables` or `table_size`; without either, about six at a table.
    `mix`: people who have this in common sit together as little as possible: `organisation`, `profile`, the
    answer to a question of one choice (`answer:CODE`), or `nothing`. `names_by`: the agreement of the form by
    which people's names are shown to those at their table; empty: no names.

    Of speed-dating only: `sides`; `rooms`, the most meetings at the same time; `attendance` of whoever is not
    there all the time; `own_structure`, whether candidates may meet their own organisation; `shown`, the
    questions whose answers the other side reads, those of candidates without a name."""

    rounds: int
    minutes: int
    pause_minutes: int = 3
    starts_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    tables: int | None = None
    table_size: int | None = None
    mix: str = "organisation"
    names_by: str = ""
    rules: list[PairRule] = []
    breaks: Annotated[list[Break], msgspec.Meta(max_length=MOST_ROUNDS)] = []
    hosts: list[Host] = []
    sides: Sides | None = None
    rooms: int | None = None
    attendance: list[Attendance] = []
    own_structure: bool = False
    shown: list[str] = []


class Guest(msgspec.Struct, frozen=True):
    """Somebody who takes part."""

    registration_id: UUID
    name: str
    organisation: str
    profile: str
    answers: dict[str, str | list[str]] = {}  # words, by the question's code
    family_name: str = ""

    def trait(self, mix: str) -> str:
        """What `RoomSettings.mix` looks at; empty where nothing is known."""
        if mix.startswith(ANSWER):
            said = self.answers.get(mix.removeprefix(ANSWER), "")
            return said if isinstance(said, str) else ""
        return {"organisation": self.organisation, "profile": self.profile}.get(mix, "")

    def said(self, question: str) -> list[str]:
        """The answer, or the answers, to a question of the form (or `profile`)."""
        if question == "profile":
            return [self.profile] if self.profile else []
        said = self.answers.get(question, [])
        return [said] if isinstance(said, str) else said


class Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A seat that stays in the next proposal. `round` counts from 1; without a person, the whole round."""

    round: int
    registration: UUID | None = None


class RoundTime(msgspec.Struct, frozen=True):
    number: int
    starts_at: datetime
    ends_at: datetime


WishValue = Literal["must", "wish", "no"]

Wishes = dict[tuple[UUID, UUID], WishValue]
"""Of speed-dating: who says it of whom."""


class PlanStatus(StrEnum):
    PROPOSED = "proposed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


Rounds = list[list[list[UUID]]]
"""Registrations by round and table; both are numbered from 1 for people, from 0 here."""


class PlanRecord(msgspec.Struct, frozen=True):
    """`possible`: the most distinct pairs that any plan can have, by the engine's bound. `digest`: of the
    people and settings it was computed from."""

    id: UUID
    session_id: UUID
    event_id: UUID
    status: PlanStatus
    seed: int
    settings: RoomSettings
    tables: int
    possible: int
    digest: str
    revision: int
    created_at: datetime
    published_at: datetime | None


class Quality(msgspec.Struct, frozen=True):
    """`distinct`: pairs who meet; `repeats`: meetings of a pair beyond the first; `same`: meetings of two who
    have in common what should be mixed; `least`, `most`: how many others one person meets. Of speed-dating:
    pairs are of candidate and structure, `least` and `most` of candidates, `same` of one's own employer."""

    distinct: int
    possible: int
    repeats: int
    same: int
    least: int
    most: int
    apart_broken: int
    wishes_missed: int
    wishes: int = 0
    together_broken: int = 0


class SeatRecord(msgspec.Struct, frozen=True):
    """Where somebody sits in one round of a published plan. `round` and `table` count from 1."""

    registration_id: UUID
    session_id: UUID
    round: int
    table: int
    starts_at: datetime
    ends_at: datetime
