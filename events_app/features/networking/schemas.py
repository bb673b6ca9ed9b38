"""What the API takes and answers about networking sessions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from events_app.features.networking.arrangement import round_times
from events_app.features.networking.live import Tapped
from events_app.features.networking.model import (
    Guest,
    Lock,
    PlanRecord,
    RoomSettings,
    Rounds,
    Wishes,
    WishValue,
)
from events_app.features.networking.now import quality_in
from events_app.features.networking.seats import SeatMove
from events_app.features.networking.sides import meetings_in, sides_of

MOST_MOVES = 1000

Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class RoomAnswer(msgspec.Struct, frozen=True):
    """`saved` false: these are proposed values, nothing was set yet."""

    session: str
    settings: RoomSettings
    saved: bool
    people: int
    tables: int
    revision: int


class ProposalRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`keep`: a plan whose locked seats stay."""

    seed: int | None = None
    keep: UUID | None = None


class PlanChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`locks`: all that there are from now on; left out, they stay as they are."""

    moves: Annotated[list[SeatMove], msgspec.Meta(max_length=MOST_MOVES)] = []
    locks: Annotated[list[Lock], msgspec.Meta(max_length=MOST_MOVES)] | None = None


class SpokenWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody says of another person of speed-dating, and so of that one's structure."""

    registration: UUID
    value: WishValue


class MeetingWishes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    wishes: Annotated[list[SpokenWish], msgspec.Meta(max_length=MOST_MOVES)]


class TableAnswer(msgspec.Struct, frozen=True):
    name: str
    people: list[UUID]


class PresenceChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`at`: when it was tapped, by a device that had no network."""

    registration: UUID
    state: Tapped
    at: Instant | None = None


class NextRound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`round`: which one is meant, so that two organisers announce it once. `at`: when it began, by a device
    that had no network."""

    round: int | None = None
    at: Instant | None = None


class PairAnswer(msgspec.Struct, frozen=True):
    """Of speed-dating: candidate, who receives, at which table."""

    a: UUID
    b: UUID
    table: str


class RoundAnswer(msgspec.Struct, frozen=True):
    """`pairs` of speed-dating only."""

    number: int
    starts_at: datetime
    ends_at: datetime
    tables: list[TableAnswer]
    pairs: list[PairAnswer] = []


class EachMeets(msgspec.Struct, frozen=True):
    least: int
    most: int


class QualityAnswer(msgspec.Struct, frozen=True):
    """`distinct` pairs of the `possible` ones; `repeats`: meetings beyond a pair's first; `same`: meetings of
    people who have in common what should be mixed."""

    distinct: int
    possible: int
    repeats: int
    same: int
    each_meets: EachMeets
    apart_broken: int
    wishes_missed: int
    wishes: int = 0
    together_broken: int = 0


class PlanAnswer(msgspec.Struct, frozen=True):
    id: UUID
    event: str
    session: str
    status: str
    seed: int
    rounds: list[RoundAnswer]
    locks: list[Lock]
    quality: QualityAnswer
    revision: int
    created_at: datetime
    published_at: datetime | None


def plan_answer(
    event_slug: str,
    session_code: str,
    session_start: datetime,
    plan: PlanRecord,
    rounds: Rounds,
    guests: Mapping[UUID, Guest],
    wishes: Wishes,
    locks: list[Lock],
) -> PlanAnswer:
    quality = quality_in(plan, rounds, guests, wishes)
    times = round_times(plan.settings, session_start)
    pairs: dict[int, list[PairAnswer]] = {}
    if plan.settings.sides is not None:
        two = sides_of(list(guests.values()), plan.settings.sides)
        for number, table, person, host in meetings_in(rounds, two):
            pairs.setdefault(number, []).append(PairAnswer(person, host, str(table)))
    return PlanAnswer(
        id=plan.id,
        event=event_slug,
        session=session_code,
        status=plan.status.value,
        seed=plan.seed,
        rounds=[
            RoundAnswer(
                time.number,
                time.starts_at,
                time.ends_at,
                [TableAnswer(str(number), people) for number, people in enumerate(tables, 1)],
                pairs.get(time.number, []),
            )
            for time, tables in zip(times, rounds, strict=True)
        ],
        locks=locks,
        quality=QualityAnswer(
            distinct=quality.distinct,
            possible=quality.possible,
            repeats=quality.repeats,
            same=quality.same,
            each_meets=EachMeets(quality.least, quality.most),
            apart_broken=quality.apart_broken,
            wishes_missed=quality.wishes_missed,
            wishes=quality.wishes,
            together_broken=quality.together_broken,
        ),
        revision=plan.revision,
        created_at=plan.created_at,
        published_at=plan.published_at,
    )
