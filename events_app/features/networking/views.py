"""What the pages and papers of a networking session show."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.networking.arrangement import quality_of, round_times, tables_for
from events_app.features.networking.model import (
    Guest,
    PlanRecord,
    PlanStatus,
    Quality,
    RoomSettings,
    Rounds,
    RoundTime,
)
from events_app.features.networking.queries import (
    guests_of,
    plans_of,
    rounds_of,
    session_by_id,
    settings_of,
)
from events_app.features.networking.service import digest_of, settings_in_force

SHOWN_PLANS = 4


class PlanSummary(msgspec.Struct, frozen=True):
    plan: PlanRecord
    quality: Quality
    stale: bool


class RoomView(msgspec.Struct, frozen=True):
    """`plans`: newest first, the one in force and those that may be published."""

    event: EventRecord
    session: SessionRecord
    guests: list[Guest]
    settings: RoomSettings
    saved: bool
    revision: int
    tables: int
    times: list[RoundTime]
    plans: list[PlanSummary]

    @property
    def in_force(self) -> PlanSummary | None:
        return next((each for each in self.plans if each.plan.status is PlanStatus.PUBLISHED), None)

    @property
    def proposed(self) -> list[PlanSummary]:
        return [each for each in self.plans if each.plan.status is PlanStatus.PROPOSED]

    @property
    def names(self) -> dict[UUID, str]:
        return {guest.registration_id: guest.name for guest in self.guests}


class RoundView(msgspec.Struct, frozen=True):
    time: RoundTime
    tables: list[list[Guest]]


class PlanView(msgspec.Struct, frozen=True):
    """`unseated`: who takes part but came after the plan was made."""

    event: EventRecord
    session: SessionRecord
    plan: PlanRecord
    rounds: list[RoundView]
    quality: Quality
    stale: bool
    unseated: list[Guest]

    @property
    def people(self) -> int:
        return len({guest.registration_id for each in self.rounds for t in each.tables for guest in t})


async def room_view(event: EventRecord, session: SessionRecord) -> RoomView:
    """In a snapshot."""
    guests = await guests_of(event.id)
    saved, revision = await settings_of(session.id)
    settings = await settings_in_force(session, len(guests))
    plans = await plans_of(session.id, SHOWN_PLANS)
    return RoomView(
        event=event,
        session=session,
        guests=guests,
        settings=settings,
        saved=saved is not None,
        revision=revision,
        tables=tables_for(settings, len(guests)),
        times=round_times(settings, session.starts_at),
        plans=[
            PlanSummary(plan, await _quality(plan, guests), digest_of(guests, settings) != plan.digest)
            for plan in plans
        ],
    )


async def plan_view(event: EventRecord, plan: PlanRecord, rounds: Rounds | None = None) -> PlanView:
    """In a snapshot. `rounds`: as they would be after a move that is only looked at."""
    session = await session_by_id(plan.session_id)
    people = await guests_of(event.id)
    guests = {guest.registration_id: guest for guest in people}
    seats = await rounds_of(plan) if rounds is None else rounds
    settings = await settings_in_force(session, len(people))
    seated = {person for tables in seats for table in tables for person in table}
    times = round_times(plan.settings, session.starts_at)
    return PlanView(
        event=event,
        session=session,
        plan=plan,
        rounds=[
            RoundView(time, [[guests[person] for person in table if person in guests] for table in tables])
            for time, tables in zip(times, seats, strict=True)
        ],
        quality=quality_of(seats, guests, plan.settings, plan.possible),
        stale=digest_of(people, settings) != plan.digest,
        unseated=[guest for guest in people if guest.registration_id not in seated],
    )


async def _quality(plan: PlanRecord, guests: Sequence[Guest]) -> Quality:
    known = {guest.registration_id: guest for guest in guests}
    return quality_of(await rounds_of(plan), known, plan.settings, plan.possible)
