"""Registering, and giving free places to who waits. What is decided and written: `intake.py`."""

import asyncio
from collections.abc import Sequence
from uuid import UUID
from weakref import WeakKeyDictionary

from msgspec.structs import replace

from events_app.features.events.holding import held, held_together
from events_app.features.events.model import EventRecord
from events_app.features.events.places import free_places
from events_app.features.events.queries import counts_of_one
from events_app.features.registration import hooks, intake, job_kinds, line, rules, storage
from events_app.features.registration.intake import Outcome, Submission
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.model import (
    RegistrationAnswer,
    RegistrationRecord,
    RegistrationRequest,
    RegistrationStatus,
    Source,
)
from events_app.features.registration.promotion import promotable
from events_app.features.registration.queries import group_of, registration_by_id
from events_app.infra import jobs
from events_app.infra.coalescer import Coalescer
from events_app.infra.database import DatabaseBusy, engine, retried, unit_of_work
from events_app.infra.job_kinds import Kind
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed, NotFound


async def register(
    world: World, actor: Actor, event: EventRecord, request: RegistrationRequest, source: Source = Source.API
) -> RegistrationAnswer:
    """Raises `RegistrationClosed`, `EventFull`, `InvitationNeeded`, `InvalidInput`; and `AlreadyRegistered`
    to those only who may change the event's registrations: everybody else gets a new person's answer.

    Requests that arrive together share a transaction: its flush to the disk takes longer than all the rest.
    Called inside an open transaction, it is a part of that one.
    """
    submission = Submission(world, actor, event, request, source)
    if engine().transaction_exists():
        outcome: Outcome = (await _register_all([submission]))[0]
    else:
        outcome = await _queue().submit(submission)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


async def register_at_door(
    world: World, actor: Actor, event: EventRecord, request: RegistrationRequest, *, is_inside: bool
) -> RegistrationRecord:
    """Somebody who came without a registration, inside the open transaction that records their entry.

    Raises as `register`. Written to is whoever gave an address and waits for nothing.
    """
    quiet = is_inside or not request.email.strip()
    submission = Submission(world, actor, event, request, Source.DOOR, quiet=quiet, is_inside=is_inside)
    (outcome,) = await _register_all([submission])
    if isinstance(outcome, Exception):
        raise outcome
    if outcome.registration is None:
        raise NotAllowed
    return outcome.registration


async def _register_all(submissions: Sequence[Submission]) -> list[Outcome]:
    """In order of arrival. An exception that is raised, rather than returned, leaves nothing written."""
    try:
        return await _register_together(submissions)
    except DatabaseBusy as busy:
        return [busy for _ in submissions]


@retried
async def _register_together(submissions: Sequence[Submission]) -> list[Outcome]:
    async with unit_of_work():
        events = await held_together(submission.event.id for submission in submissions)
        # Another process may have held them for a while: who came in that time is served now.
        _queue().take_along(submissions, lambda late: late.event.id in events)
        outcomes: list[Outcome] = [NotFound() for _ in submissions]
        for event in events.values():
            places = [at for at, submission in enumerate(submissions) if submission.event.id == event.id]
            asked = [replace(submissions[at], event=event) for at in places]
            for at, outcome in zip(places, await intake.take_all(event, asked), strict=True):
                outcomes[at] = outcome
        return outcomes


_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, Coalescer[Submission, Outcome]] = WeakKeyDictionary()


def _queue() -> Coalescer[Submission, Outcome]:
    loop = asyncio.get_running_loop()
    queue = _queues.get(loop)
    if queue is None:
        queue = _queues[loop] = Coalescer(_register_all)
    return queue


async def promote_waiting(world: World, event: EventRecord) -> list[UUID]:
    """Give free places to the front of the waiting list; the groups that got one.

    Call it in the transaction that freed a place or raised the capacity. Once the event has begun, only the
    organiser gives places, one by one (docs/decisions/0087-no-promotion-after-the-start.md).
    """
    async with unit_of_work():
        fresh = await held(event.id)
        counts = await counts_of_one(event.id)
        if not counts.waiting:
            return []
        begun = world.now() >= fresh.starts_at
        if begun or rules.closed_because(fresh, world.now(), by_hand=True) is not None:
            return []
        free = free_places(fresh.capacity, counts.confirmed)
        promoted = [group.group_id for group in promotable(free, await line.front(event.id, free))]
        for group_id in promoted:
            members = [member for member in await group_of(group_id) if member.status == "waiting"]
            await confirm(world, fresh, members, job_kinds.PROMOTED)
        return promoted


async def confirm(
    world: World, event: EventRecord, members: list[RegistrationRecord], mail: Kind[AboutRegistration]
) -> None:
    """Places were counted by the caller behind the event's lock; all `members` are of one group."""
    await storage.set_status([member.id for member in members], RegistrationStatus.CONFIRMED, world.now())
    lead_id = members[0].group_id
    await jobs.enqueue(world, mail, AboutRegistration(lead_id), event_id=event.id)
    confirmed = [found for member in members if (found := await registration_by_id(member.id))]
    for each in confirmed:
        await hooks.given_later(world, each)
    await intake.announce(world, event, confirmed)
