"""What the API takes and answers about networking sessions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from events_app.features.networking.arrangement import quality_of, round_times
from events_app.features.networking.model import Guest, PlanRecord, RoomSettings, Rounds
from events_app.features.networking.service import SeatMove

MOST_MOVES = 1000


class RoomAnswer(msgspec.Struct, frozen=True):
    """`saved` false: these are proposed values, nothing was set yet."""

    session: str
    settings: RoomSettings
    saved: bool
    people: int
    tables: int
    revision: int


class ProposalRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seed: int | None = None


class PlanChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    moves: Annotated[list[SeatMove], msgspec.Meta(min_length=1, max_length=MOST_MOVES)]


class TableAnswer(msgspec.Struct, frozen=True):
    name: str
    people: list[UUID]


class RoundAnswer(msgspec.Struct, frozen=True):
    number: int
    starts_at: datetime
    ends_at: datetime
    tables: list[TableAnswer]


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


class PlanAnswer(msgspec.Struct, frozen=True):
    id: UUID
    event: str
    session: str
    status: str
    seed: int
    rounds: list[RoundAnswer]
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
) -> PlanAnswer:
    quality = quality_of(rounds, guests, plan.settings, plan.possible)
    times = round_times(plan.settings, session_start)
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
            )
            for time, tables in zip(times, rounds, strict=True)
        ],
        quality=QualityAnswer(
            distinct=quality.distinct,
            possible=quality.possible,
            repeats=quality.repeats,
            same=quality.same,
            each_meets=EachMeets(quality.least, quality.most),
            apart_broken=quality.apart_broken,
            wishes_missed=quality.wishes_missed,
        ),
        revision=plan.revision,
        created_at=plan.created_at,
        published_at=plan.published_at,
    )
