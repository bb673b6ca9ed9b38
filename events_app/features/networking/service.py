"""Use cases of a networking session: settings, moves by hand, publication. Proposing: `proposing.py`."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit, may_read_registrations
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.events.queries import event_by_id
from events_app.features.networking import arrangement
from events_app.features.networking.errors import (
    NotAnnounced,
    PlanOver,
    PlanStale,
)
from events_app.features.networking.model import (
    Guest,
    PlanRecord,
    PlanStatus,
    RoomSettings,
    Rounds,
)
from events_app.features.networking.queries import (
    guests_of,
    networking_session,
    plan_by_id,
    rounds_of,
    session_by_id,
    settings_of,
)
from events_app.features.networking.tables import NetworkingRoom
from events_app.infra import audit
from events_app.infra.database import execute, retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotAllowed, NotFound, RevisionMismatch


class SeatMove(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`round` and `table` count from 1."""

    registration: UUID
    round: int
    table: int


@retried
async def configure(
    world: World,
    actor: Actor,
    event: EventRecord,
    code: str,
    settings: RoomSettings,
    expected_revision: int | None = None,
) -> int:
    """The new revision. Raises `NotAllowed`, `NotFound`, `InvalidInput`, `RevisionMismatch`."""
    if not may_edit(actor, event):
        raise NotAllowed
    async with unit_of_work():
        event = await held(event.id)
        session = await networking_session(event, code)
        errors = arrangement.settings_errors(settings, session.starts_at, session.ends_at, event.questions)
        guests = await guests_of(event.id)
        errors += arrangement.rule_errors(settings, {guest.registration_id for guest in guests})
        if not errors and guests:
            errors = arrangement.table_errors(settings, len(guests))
        if errors:
            raise InvalidInput(errors)
        _, revision = await settings_of(session.id)
        if expected_revision is not None and expected_revision != revision:
            raise RevisionMismatch(revision=revision)
        await _save_settings(world, session, settings, revision)
        await note(world, actor, event, session.id, "networking.configured")
        return revision + 1


async def settings_in_force(session: SessionRecord, people: int) -> RoomSettings:
    saved, _ = await settings_of(session.id)
    return saved or arrangement.suggested(people, session.ends_at - session.starts_at)


@retried
async def move(
    world: World,
    actor: Actor,
    plan_id: UUID,
    moves: Sequence[SeatMove],
    expected_revision: int | None = None,
) -> PlanRecord:
    """All of them or none. Also of a published plan. Raises `NotFound`, `NotAllowed`, `InvalidInput`,
    `RevisionMismatch`, `PlanOver`."""
    _, event = await plan_for_editing(actor, plan_id)
    async with unit_of_work():
        await held(event.id)
        plan = await existing_plan(plan_id)
        if plan.status is PlanStatus.SUPERSEDED:
            raise PlanOver
        if expected_revision is not None and expected_revision != plan.revision:
            raise RevisionMismatch(revision=plan.revision)
        rounds = await rounds_of(plan)
        _check_moves(moves, plan, rounds)
        for each in moves:
            await execute(
                "UPDATE seat SET table_number = {}"
                " WHERE plan = {} AND registration = {} AND round_number = {}",
                each.table,
                plan.id,
                each.registration,
                each.round,
            )
        await execute("UPDATE seating_plan SET revision = revision + 1 WHERE id = {}", plan.id)
        await note(world, actor, event, plan.id, "networking.moved", people=len(moves))
        return await existing_plan(plan_id)


@retried
async def publish(world: World, actor: Actor, plan_id: UUID) -> PlanRecord:
    """Publishing it again changes nothing. Raises `NotFound`, `NotAllowed`, `PlanOver`, `PlanStale`,
    `NotAnnounced`."""
    await plan_for_editing(actor, plan_id)
    plan = await existing_plan(plan_id)
    async with unit_of_work():
        await held(plan.event_id)
        plan, event = await plan_for_editing(actor, plan_id)
        if event.status in (EventStatus.DRAFT, EventStatus.CANCELLED):
            raise NotAnnounced
        if plan.status is PlanStatus.SUPERSEDED:
            raise PlanOver
        if plan.status is PlanStatus.PUBLISHED:
            return plan
        if await is_stale(plan):
            raise PlanStale
        await execute(
            "UPDATE seating_plan SET status = {}, revision = revision + 1 WHERE session = {} AND status = {}",
            PlanStatus.SUPERSEDED.value,
            plan.session_id,
            PlanStatus.PUBLISHED.value,
        )
        await execute(
            "UPDATE seating_plan SET status = {}, published_at = {}, revision = revision + 1 WHERE id = {}",
            PlanStatus.PUBLISHED.value,
            world.now(),
            plan.id,
        )
        await note(world, actor, event, plan.id, "networking.published")
        return await existing_plan(plan_id)


async def is_stale(plan: PlanRecord) -> bool:
    """Whether people or settings are no longer those it was made from."""
    guests = await guests_of(plan.event_id)
    settings = await settings_in_force(await session_by_id(plan.session_id), len(guests))
    return digest_of(guests, settings) != plan.digest


async def plan_for_editing(actor: Actor, plan_id: UUID) -> tuple[PlanRecord, EventRecord]:
    """Raises `NotFound` where there is no such plan, or its event is another body's; `NotAllowed`."""
    plan = await plan_by_id(plan_id)
    event = await event_by_id(plan.event_id) if plan else None
    if plan is None or event is None or not may_read_registrations(actor, event):
        raise NotFound
    if not may_edit(actor, event):
        raise NotAllowed
    return plan, event


def digest_of(guests: Sequence[Guest], settings: RoomSettings) -> str:
    """Of all that decides a plan but the seed. Names are left out: they decide nothing."""
    people = [(str(guest.registration_id), guest.trait(settings.mix)) for guest in guests]
    return hashlib.sha256(msgspec.json.encode([people, settings])).hexdigest()


def _check_moves(moves: Sequence[SeatMove], plan: PlanRecord, rounds: Rounds) -> None:
    errors = []
    for index, each in enumerate(moves):
        at = f"/moves/{index}"
        if not 1 <= each.round <= len(rounds):
            errors.append(
                FieldError(f"{at}/round", "range", arrangement.RANGE, {"low": 1, "high": len(rounds)})
            )
        elif not any(each.registration in table for table in rounds[each.round - 1]):
            message = N_("This person has no seat in this plan.")
            errors.append(FieldError(f"{at}/registration", "unknown", message))
        if not 1 <= each.table <= plan.tables:
            errors.append(
                FieldError(f"{at}/table", "range", arrangement.RANGE, {"low": 1, "high": plan.tables})
            )
    if errors:
        raise InvalidInput(errors)


async def _save_settings(world: World, session: SessionRecord, settings: RoomSettings, revision: int) -> None:
    encoded = msgspec.json.encode(settings).decode()
    if revision == 0:
        await NetworkingRoom(id=world.new_id(), session=session.id, settings=encoded).save()
    else:
        await execute(
            "UPDATE networking_room SET settings = {}, revision = revision + 1 WHERE session = {}",
            encoded,
            session.id,
        )


async def existing_plan(plan_id: UUID) -> PlanRecord:
    plan = await plan_by_id(plan_id)
    if plan is None:
        raise NotFound
    return plan


async def note(
    world: World, actor: Actor, event: EventRecord, object_id: UUID, action: str, **details: object
) -> None:
    await audit.record(
        world, actor, action, body_id=event.body_id, event_id=event.id, object_id=object_id, **details
    )
