"""Afterwards: whom somebody would like to meet again, and contacts that pass where both said so.

Until they pass, what somebody says is theirs alone and can be taken back; it is shown to nobody else, the
organiser included. They pass a day after the session, or earlier when the organiser says so, and only once.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.queries import event_by_id
from events_app.features.networking.arrangement import round_times
from events_app.features.networking.errors import ContactsPassed, NothingPublished
from events_app.features.networking.job_kinds import CONTACTS, RELEASE, AboutMeeting, SessionToRelease
from events_app.features.networking.model import PlanRecord
from events_app.features.networking.mutual import (
    Pair,
    Said,
    begun_rounds,
    met,
    mutual,
    pair_of,
    passes_at,
)
from events_app.features.networking.queries import (
    announced_of,
    guests_of,
    networking_session,
    published_plan,
    rounds_of,
    session_by_id,
)
from events_app.features.networking.service import note, two_sides
from events_app.features.networking.tables import ContactRelease, ContactTick
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import registration_by_id
from events_app.features.registration.reading import locked
from events_app.infra import jobs, outbox
from events_app.infra.database import execute, retried, row, rows, unit_of_work
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Actor
from events_app.kernel.errors import N_, InvalidInput, NotAllowed


class Contact(msgspec.Struct, frozen=True):
    registration_id: UUID
    name: str
    organisation: str
    email: str


class Met(msgspec.Struct, frozen=True):
    """Somebody whom one has met. `said`: that one would like to meet again."""

    registration_id: UUID
    name: str
    organisation: str
    said: bool


class Afterwards(msgspec.Struct, frozen=True):
    """Of one person and session. `contacts`: once they have passed; `met`: before."""

    until: datetime
    passed_at: datetime | None
    met: list[Met]
    contacts: list[Contact]


async def afterwards(world: World, session: SessionRecord, person: UUID) -> Afterwards | None:
    """None before the first meeting. In a snapshot."""
    plan = await published_plan(session.id)
    if plan is None:
        return None
    passed_at = await passed(plan.id)
    if passed_at is not None:
        return Afterwards(passes_at(session), passed_at, [], await contacts_of(session.id, person))
    partners = await _partners(world, session, plan, person)
    said = {whom for who, whom in await said_in(session.id) if who == person}
    guests = {guest.registration_id: guest for guest in await guests_of(plan.event_id)}
    people = [
        Met(other, guests[other].name, guests[other].organisation, other in said)
        for other in partners
        if other in guests
    ]
    if not people:
        return None
    return Afterwards(passes_at(session), None, sorted(people, key=lambda each: each.name), [])


@retried
async def say_again(
    world: World, actor: Actor, registration_id: UUID, code: str | None, others: Sequence[UUID]
) -> None:
    """All whom this person would like to meet again, of one session or of all.

    Raises `NotFound`, `NotAllowed`, `InvalidInput` for whoever was not met, `ContactsPassed`."""
    async with unit_of_work():
        registration, event = await locked(actor, registration_id)
        sessions = await _sessions(event, code)
        left = set(others)
        for session, plan in sessions:
            partners = await _partners(world, session, plan, registration.id)
            mine = [other for other in dict.fromkeys(others) if other in partners]
            if await passed(plan.id) is not None:
                before = {whom for who, whom in await said_in(session.id) if who == registration.id}
                if set(mine) - before:
                    raise ContactsPassed
                left -= set(mine)
                continue
            left -= set(mine)
            await _replace(world, session.id, registration.id, mine)
        if left:
            at = next(number for number, other in enumerate(others) if other in left)
            message = N_("These two have not met.")
            raise InvalidInput.one(f"/with/{at}", "unknown", message)
        await note(world, actor, event, registration.id, "networking.again")


async def _replace(world: World, session_id: UUID, person: UUID, others: Sequence[UUID]) -> None:
    await execute("DELETE FROM contact_tick WHERE session = {} AND registration = {}", session_id, person)
    ticks = [
        ContactTick(id=world.new_id(), session=session_id, registration=person, about=other, at=world.now())
        for other in others
    ]
    if ticks:
        await ContactTick.insert(*ticks)


@retried
async def release(world: World, actor: Actor, event: EventRecord, code: str) -> int:
    """How many pairs; doing it again changes nothing. Raises `NotAllowed`, `NotFound`, `NothingPublished`."""
    if not may_edit(actor, event):
        raise NotAllowed
    async with unit_of_work():
        event = await held(event.id)
        session = await networking_session(event, code)
        plan = await published_plan(session.id)
        if plan is None:
            raise NothingPublished
        if await passed(plan.id) is not None:
            return len(await released_pairs(session.id))
        here = {guest.registration_id for guest in await guests_of(event.id)}
        pairs = mutual(await said_in(session.id), here)
        if pairs:
            await ContactRelease.insert(
                *(
                    ContactRelease(id=world.new_id(), session=session.id, first=first, second=second)
                    for first, second in pairs
                )
            )
        await execute("UPDATE seating_plan SET released_at = {} WHERE id = {}", world.now(), plan.id)
        await note(world, actor, event, plan.id, "networking.released", pairs=len(pairs))
        for person in sorted({person for pair in pairs for person in pair}):
            await jobs.enqueue(world, CONTACTS, AboutMeeting(person, session.id), event_id=event.id)
        return len(pairs)


async def release_when_due(world: World, _: ClaimedJob, due: SessionToRelease) -> None:
    """The session may have been moved since the job was written."""
    session_id = due.session_id
    found = await row("SELECT event FROM session WHERE id = {}", session_id)
    if found is None or await published_plan(session_id) is None:
        return
    session, event = await session_by_id(session_id), await event_by_id(found["event"])
    if event is None:
        return
    if world.now() < passes_at(session):
        async with unit_of_work():
            await jobs.enqueue(world, RELEASE, due, event_id=event.id, run_at=passes_at(session))
        return
    await release(world, SYSTEM, event, session.code)


async def passed(plan_id: UUID) -> datetime | None:
    found = await row("SELECT released_at FROM seating_plan WHERE id = {}", plan_id)
    return found["released_at"] if found else None


async def contacts_of(session_id: UUID, person: UUID) -> list[Contact]:
    """Whose contacts have passed to this person: nobody's whose data were erased since."""
    found = await rows(
        "SELECT r.id AS registration_id, r.given_name, r.family_name, r.organisation, r.email"
        " FROM contact_release c JOIN registration r"
        " ON r.id = CASE WHEN c.first = {} THEN c.second ELSE c.first END AND r.erased_at IS NULL"
        " WHERE c.session = {} AND (c.first = {} OR c.second = {}) ORDER BY r.family_name, r.given_name",
        person,
        session_id,
        person,
        person,
    )
    return [
        Contact(
            each["registration_id"],
            f"{each['given_name']} {each['family_name']}".strip(),
            each["organisation"],
            each["email"],
        )
        for each in found
    ]


async def released_pairs(session_id: UUID) -> list[Pair]:
    found = await rows("SELECT first, second FROM contact_release WHERE session = {} ORDER BY id", session_id)
    return [pair_of(each["first"], each["second"]) for each in found]


async def forget_person(world: World, registration: RegistrationRecord) -> None:
    """Handed to registration's hooks by `app.py`; runs in the transaction of the erasure."""
    person = registration.id
    await execute("DELETE FROM contact_tick WHERE registration = {} OR about = {}", person, person)
    pairs = await rows(
        "DELETE FROM contact_release WHERE first = {} OR second = {} RETURNING first, second", person, person
    )
    for pair in pairs:  # whoever was to read this person's contact, by a mail that waits for its server
        other = await registration_by_id(pair["second"] if pair["first"] == person else pair["first"])
        if other is not None:
            await outbox.forget_words(CONTACTS.name, other.group_id)


async def _sessions(event: EventRecord, code: str | None) -> list[tuple[SessionRecord, PlanRecord]]:
    """With a published plan. Raises `NotFound` for a code that is no networking session's."""
    codes = [code] if code else [each["code"] for each in await rows(_CODES, event.id)]
    sessions = [await networking_session(event, each) for each in codes]
    found = [(session, await published_plan(session.id)) for session in sessions]
    return [(session, plan) for session, plan in found if plan is not None]


_CODES = (
    "SELECT code FROM session WHERE event = {} AND kind IN ('networking', 'speed_dating') ORDER BY starts_at"
)


async def said_in(session_id: UUID) -> list[Said]:
    """To be counted, and to find who both say it: what one person says is shown to nobody else."""
    found = await rows("SELECT registration, about FROM contact_tick WHERE session = {}", session_id)
    return [(each["registration"], each["about"]) for each in found]


async def held_pairs(world: World, session: SessionRecord, plan: PlanRecord) -> set[Pair]:
    """Who has met."""
    announced = (await announced_of([plan.id])).get(plan.id, {})
    times = round_times(plan.settings, session.starts_at, announced)
    begun = begun_rounds(times, announced, world.now())
    return met(await rounds_of(plan), begun, await two_sides(plan))


async def _partners(world: World, session: SessionRecord, plan: PlanRecord, person: UUID) -> set[UUID]:
    pairs = await held_pairs(world, session, plan)
    return {one if other == person else other for one, other in pairs if person in (one, other)}
