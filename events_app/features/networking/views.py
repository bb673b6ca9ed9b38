"""What the pages and papers of a networking session show."""

from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.networking.arrangement import round_times
from events_app.features.networking.model import (
    Guest,
    PlanRecord,
    PlanStatus,
    Quality,
    RoomSettings,
    Rounds,
    RoundTime,
)
from events_app.features.networking.now import RoomNow, quality_in, room_now
from events_app.features.networking.queries import (
    announced_of,
    locks_of,
    plans_of,
    published_plan,
    rounds_of,
    session_by_id,
)
from events_app.features.networking.sides import TwoSides, sides_of

SHOWN_PLANS = 4


class PlanSummary(msgspec.Struct, frozen=True):
    plan: PlanRecord
    quality: Quality
    stale: bool


class RoomView(msgspec.Struct, frozen=True):
    """`plans`: newest first, the one in force and those that may be published. `under_way`: a round of the
    one in force is announced, so that none can replace it."""

    now: RoomNow
    times: list[RoundTime]
    plans: list[PlanSummary]
    under_way: bool

    @property
    def event(self) -> EventRecord:
        return self.now.event

    @property
    def starts_by_the_minute(self) -> datetime:
        """As a form shows when the session begins."""
        return self.session.starts_at.replace(second=0, microsecond=0)

    @property
    def session(self) -> SessionRecord:
        return self.now.session

    @property
    def guests(self) -> list[Guest]:
        return self.now.guests

    @property
    def settings(self) -> RoomSettings:
        return self.now.settings

    @property
    def saved(self) -> bool:
        return self.now.saved

    @property
    def tables(self) -> int:
        return self.now.tables

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
    """`unseated`: who takes part but came after the plan was made. `two`: of speed-dating. `under_way`: as of
    `RoomView`."""

    event: EventRecord
    session: SessionRecord
    plan: PlanRecord
    rounds: list[RoundView]
    quality: Quality
    stale: bool
    unseated: list[Guest]
    locked: set[tuple[UUID | None, int]]
    two: TwoSides | None
    under_way: bool

    @property
    def hosts(self) -> list[Guest | None]:
        """Who receives at each table; None where nobody is left."""
        receiving = {guest.registration_id for guest in self.two.posts} if self.two else set()
        found: list[Guest | None] = [None] * self.plan.tables
        for each in self.rounds:
            for number, people in enumerate(each.tables):
                here = (guest for guest in people if guest.registration_id in receiving)
                found[number] = found[number] or next(here, None)
        return found

    @property
    def people(self) -> int:
        return len({guest.registration_id for each in self.rounds for t in each.tables for guest in t})


async def room_view(event: EventRecord, session: SessionRecord) -> RoomView:
    """In a snapshot."""
    now = await room_now(event, session)
    plans = await plans_of(session.id, SHOWN_PLANS)
    return RoomView(
        now=now,
        times=round_times(now.settings, session.starts_at),
        plans=[
            PlanSummary(
                plan,
                quality_in(plan, await rounds_of(plan), now.known, now.wishes),
                now.digest != plan.digest,
            )
            for plan in plans
        ],
        under_way=await _is_under_way(session.id),
    )


async def _is_under_way(session_id: UUID) -> bool:
    plan = await published_plan(session_id)
    return plan is not None and bool(await announced_of([plan.id]))


async def plan_view(event: EventRecord, plan: PlanRecord, rounds: Rounds | None = None) -> PlanView:
    """In a snapshot. `rounds`: as they would be after a move that is only looked at."""
    now = await room_now(event, await session_by_id(plan.session_id))
    guests = now.known
    seats = await rounds_of(plan) if rounds is None else rounds
    seated = {person for tables in seats for table in tables for person in table}
    times = round_times(plan.settings, now.session.starts_at)
    two = sides_of(now.guests, plan.settings.sides) if plan.settings.sides else None
    takes_part = [*two.candidates, *two.posts] if two else now.guests
    return PlanView(
        event=event,
        session=now.session,
        plan=plan,
        rounds=[
            RoundView(time, [[guests[person] for person in table if person in guests] for table in tables])
            for time, tables in zip(times, seats, strict=True)
        ],
        quality=quality_in(plan, seats, guests, now.wishes),
        stale=now.digest != plan.digest,
        unseated=[guest for guest in takes_part if guest.registration_id not in seated],
        locked={(lock.registration, lock.round) for lock in await locks_of(plan.id)},
        two=two,
        under_way=await _is_under_way(plan.session_id),
    )
