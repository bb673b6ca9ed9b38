"""The evening itself: who is here, the next round, what the screen in the room shows."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit, may_scan
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.networking.arrangement import RANGE, round_times
from events_app.features.networking.errors import NoRoundLeft, NotAnnounced, NothingPublished
from events_app.features.networking.model import PlanRecord, Rounds
from events_app.features.networking.now import RoomNow, room_now
from events_app.features.networking.presence import State, seen_at_door, states_of
from events_app.features.networking.queries import (
    announced_of,
    guests_of,
    networking_session,
    published_plan,
    rounds_of,
    taps_of,
)
from events_app.features.networking.replanning import replanned
from events_app.features.networking.service import note, save_seats
from events_app.features.networking.sides import sides_of
from events_app.features.networking.tables import AnnouncedRound
from events_app.infra.database import execute, retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, NotAllowed, NotFound

LATE_NEWS = timedelta(hours=12)  # an announcement that waited for the network may be so old

Tapped = Literal["here", "late", "left", "absent"]


class BoardPerson(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class BoardTable(msgspec.Struct, frozen=True):
    """`label`: of speed-dating, the structure that receives there."""

    number: int
    label: str
    people: list[BoardPerson]


class BoardRound(msgspec.Struct, frozen=True):
    number: int
    starts_at: datetime
    ends_at: datetime
    announced: bool
    tables: list[BoardTable]


class Presence(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    organisation: str
    state: State


class Board(msgspec.Struct, frozen=True):
    """All rounds, so that a device that loses the network can go on. `announced`: how many are."""

    event: str
    session: str
    title: str
    room: str
    timezone: str
    announced: int
    in_pairs: bool
    rounds: list[BoardRound]
    people: list[Presence]
    revision: int


@retried
async def tap(
    world: World,
    actor: Actor,
    event: EventRecord,
    code: str,
    registration_id: UUID,
    state: Tapped,
    at: datetime | None = None,
) -> None:
    """`at`: when it was tapped on a device without network; what was tapped later stays. Raises `NotAllowed`,
    `NotFound`."""
    if not may_scan(actor, event):
        raise NotAllowed
    async with unit_of_work():
        await held(event.id)
        session = await networking_session(event, code)
        if all(guest.registration_id != registration_id for guest in await guests_of(event.id)):
            raise NotFound
        await execute(
            "INSERT INTO room_presence (id, session, registration, state, at) VALUES ({}, {}, {}, {}, {})"
            " ON CONFLICT (session, registration) DO UPDATE SET state = excluded.state, at = excluded.at"
            " WHERE excluded.at >= room_presence.at",
            world.new_id(),
            session.id,
            registration_id,
            state,
            _believed(world, at),
        )
        await note(world, actor, event, registration_id, f"networking.{state}")


@retried
async def announce(
    world: World,
    actor: Actor,
    event: EventRecord,
    code: str,
    number: int | None = None,
    at: datetime | None = None,
) -> None:
    """The next round, for those who are here: from now on it never changes. Those behind it are planned again
    with as few moves as possible. `number`: announcing the same round twice is once.

    Raises `NotAllowed`, `NotFound`, `NothingPublished`, `NoRoundLeft`, `InvalidInput`, `NotAnnounced`."""
    if not may_edit(actor, event):
        raise NotAllowed
    async with unit_of_work():
        event = await held(event.id)
        if event.status in (EventStatus.CANCELLED, EventStatus.POSTPONED):
            raise NotAnnounced
        session = await networking_session(event, code)
        plan = await published_plan(session.id)
        if plan is None:
            raise NothingPublished
        announced = (await announced_of([plan.id])).get(plan.id, {})
        done = len(announced)
        if number is not None and 1 <= number <= done:
            return
        if done == plan.settings.rounds:
            raise NoRoundLeft
        if number is not None and number != done + 1:
            raise InvalidInput.one("/round", "range", RANGE, low=1, high=done + 1)
        now, before = await room_now(event, session), await rounds_of(plan)
        after = replanned(now, plan, before, done, await _states(now))
        await _change_later(world, plan, before, after, done)
        begins = max(_believed(world, at), *announced.values()) if announced else _believed(world, at)
        await AnnouncedRound(id=world.new_id(), plan=plan.id, number=done + 1, starts_at=begins).save()
        await execute("UPDATE seating_plan SET revision = revision + 1 WHERE id = {}", plan.id)
        await note(world, actor, event, plan.id, "networking.announced", round=done + 1)


async def board_of(actor: Actor, event: EventRecord, code: str) -> Board:
    """In a snapshot. Raises `NotAllowed`, `NotFound`, `NothingPublished`."""
    if not may_scan(actor, event):
        raise NotAllowed
    session = await networking_session(event, code)
    plan = await published_plan(session.id)
    if plan is None:
        raise NothingPublished
    now = await room_now(event, session)
    announced = (await announced_of([plan.id])).get(plan.id, {})
    states = await _states(now)
    return Board(
        event=event.slug,
        session=session.code,
        title=session.title,
        room=session.room,
        timezone=event.timezone,
        announced=len(announced),
        in_pairs=now.meets_in_pairs,
        rounds=_board_rounds(now, plan, session, await rounds_of(plan), announced),
        people=[
            Presence(guest.registration_id, guest.name, guest.organisation, states[guest.registration_id])
            for guest in now.guests
        ],
        revision=plan.revision,
    )


def _board_rounds(
    now: RoomNow,
    plan: PlanRecord,
    session: SessionRecord,
    rounds: Rounds,
    announced: dict[int, datetime],
) -> list[BoardRound]:
    names, labels = now.known, _labels(now, plan, rounds)
    return [
        BoardRound(
            number=time.number,
            starts_at=time.starts_at,
            ends_at=time.ends_at,
            announced=time.number in announced,
            tables=[
                BoardTable(
                    number,
                    labels.get(number, ""),
                    [BoardPerson(person, names[person].name) for person in table if person in names],
                )
                for number, table in enumerate(tables, 1)
            ],
        )
        for time, tables in zip(round_times(plan.settings, session.starts_at, announced), rounds, strict=True)
    ]


def _labels(now: RoomNow, plan: PlanRecord, rounds: Rounds) -> dict[int, str]:
    if plan.settings.sides is None:
        return {}
    posts = {guest.registration_id: guest for guest in sides_of(now.guests, plan.settings.sides).posts}
    return {
        number: posts[person].organisation or posts[person].name
        for tables in reversed(rounds)
        for number, table in enumerate(tables, 1)
        for person in table
        if person in posts
    }


async def _states(now: RoomNow) -> dict[UUID, State]:
    people = [guest.registration_id for guest in now.guests]
    return states_of(people, await taps_of(now.session.id), await seen_at_door(now.event.id))


async def _change_later(
    world: World, plan: PlanRecord, before: Rounds, after: Rounds, announced: int
) -> None:
    """Only rounds that differ are written."""
    for turn in range(announced, len(before)):
        if [sorted(table) for table in before[turn]] != [sorted(table) for table in after[turn]]:
            await execute("DELETE FROM seat WHERE plan = {} AND round_number = {}", plan.id, turn + 1)
            await save_seats(world, plan.id, {turn + 1: after[turn]})


def _believed(world: World, at: datetime | None) -> datetime:
    """When it happened, as the device says; never in the future, and not too long ago."""
    now = world.now()
    return now if at is None or not now - LATE_NEWS <= at <= now else at
