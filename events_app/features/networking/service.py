"""Use cases of a networking session: settings and moves by hand. Proposing: `proposing.py`; publishing and
taking it back: `publication.py`."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit, may_read_registrations
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, SessionKind, SessionRecord
from events_app.features.events.queries import event_by_id
from events_app.features.networking import arrangement, pair_rules
from events_app.features.networking.errors import (
    PlanOver,
    RoundsAnnounced,
)
from events_app.features.networking.model import (
    Guest,
    Lock,
    PlanRecord,
    PlanStatus,
    RoomSettings,
)
from events_app.features.networking.queries import (
    announced_of,
    guests_of,
    networking_session,
    plan_by_id,
    rounds_of,
    settings_of,
)
from events_app.features.networking.seats import SeatMove, lock_errors, move_errors
from events_app.features.networking.sides import TwoSides, side_errors, sides_of
from events_app.features.networking.tables import NetworkingRoom, Seat
from events_app.infra import audit
from events_app.infra.database import execute, retried, row, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotAllowed, NotFound, RevisionMismatch

ROWS_A_STATEMENT = 500


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
        guests = await guests_of(event.id)
        if errors := _settings_errors(settings, event, session, guests):
            raise InvalidInput(errors)
        _, revision = await settings_of(session.id)
        if expected_revision is not None and expected_revision != revision:
            raise RevisionMismatch(revision=revision)
        await _save_settings(world, session, settings, revision)
        await note(world, actor, event, session.id, "networking.configured")
        return revision + 1


@retried
async def move(
    world: World,
    actor: Actor,
    plan_id: UUID,
    moves: Sequence[SeatMove],
    expected_revision: int | None = None,
    locks: Sequence[Lock] | None = None,
) -> PlanRecord:
    """All of them or none. Also of a published plan. `locks`: all that there are from now on.

    Raises `NotFound`, `NotAllowed`, `InvalidInput`, `RevisionMismatch`, `PlanOver`."""
    _, event = await plan_for_editing(actor, plan_id)
    async with unit_of_work():
        await held(event.id)
        plan = await existing_plan(plan_id)
        if plan.status is PlanStatus.SUPERSEDED:
            raise PlanOver
        if expected_revision is not None and expected_revision != plan.revision:
            raise RevisionMismatch(revision=plan.revision)
        rounds, two = await rounds_of(plan), await two_sides(plan)
        announced = (await announced_of([plan.id])).get(plan.id, {})
        if any(each.round in announced for each in moves):
            raise RoundsAnnounced
        if errors := move_errors(rounds, moves, two) + lock_errors(rounds, locks or ()):
            raise InvalidInput(errors)
        for each in moves:
            await _sit(world, plan.id, each)
        if locks is not None:
            await _lock(plan.id, locks)
        await execute("UPDATE seating_plan SET revision = revision + 1 WHERE id = {}", plan.id)
        await note(world, actor, event, plan.id, "networking.moved", people=len(moves))
        return await existing_plan(plan_id)


async def two_sides(plan: PlanRecord) -> TwoSides | None:
    """Of speed-dating."""
    if plan.settings.sides is None:
        return None
    return sides_of(await guests_of(plan.event_id), plan.settings.sides)


async def _sit(world: World, plan_id: UUID, move: SeatMove) -> None:
    where = "plan = {} AND registration = {} AND round_number = {}"
    whose = plan_id, move.registration, move.round
    if move.table is None:
        await execute(f"DELETE FROM seat WHERE {where}", *whose)
    elif await row(f"SELECT 1 FROM seat WHERE {where}", *whose):
        await execute(f"UPDATE seat SET table_number = {{}} WHERE {where}", move.table, *whose)
    else:
        await Seat(
            id=world.new_id(),
            plan=plan_id,
            registration=move.registration,
            round_number=move.round,
            table_number=move.table,
        ).save()


async def _lock(plan_id: UUID, locks: Sequence[Lock]) -> None:
    """These and no others."""
    await execute("UPDATE seat SET locked = {} WHERE plan = {} AND locked", False, plan_id)
    for lock in locks:
        one = " AND registration = {}" if lock.registration else ""
        await execute(
            "UPDATE seat SET locked = {} WHERE plan = {} AND round_number = {}" + one,
            True,
            plan_id,
            lock.round,
            *([lock.registration] if lock.registration else []),
        )


async def plan_for_editing(actor: Actor, plan_id: UUID) -> tuple[PlanRecord, EventRecord]:
    """Raises `NotFound` where there is no such plan, or its event is another body's; `NotAllowed`."""
    plan = await plan_by_id(plan_id)
    event = await event_by_id(plan.event_id) if plan else None
    if plan is None or event is None or not may_read_registrations(actor, event):
        raise NotFound
    if not may_edit(actor, event):
        raise NotAllowed
    return plan, event


def _settings_errors(
    settings: RoomSettings, event: EventRecord, session: SessionRecord, guests: Sequence[Guest]
) -> list[FieldError]:
    errors = arrangement.settings_errors(settings, session.starts_at, session.ends_at, event.questions)
    if settings.names_by and settings.names_by not in {each.code for each in event.consents}:
        errors.append(FieldError("/names_by", "unknown", N_("Please choose one of the values offered.")))
    errors += pair_rules.rule_errors(settings, {guest.registration_id for guest in guests})
    if session.kind is SessionKind.SPEED_DATING:
        return errors + side_errors(settings, guests, event.questions)
    if settings.sides is not None:
        errors.append(FieldError("/sides", "invalid", N_("Only speed-dating has two sides.")))
    if not errors and guests:
        errors = arrangement.table_errors(settings, len(guests))
    if not errors:
        known = {guest.registration_id for guest in guests}
        errors = pair_rules.host_errors(settings, known, arrangement.tables_for(settings, len(guests)))
        errors += pair_rules.chain_errors(settings, guests)
    return errors


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


async def save_seats(
    world: World, plan_id: UUID, rounds: Mapping[int, list[list[UUID]]], locks: Sequence[Lock] = ()
) -> None:
    """`rounds` by their number."""
    locked = {(lock.registration, lock.round) for lock in locks}
    seats = [
        Seat(
            id=world.new_id(),
            plan=plan_id,
            registration=person,
            round_number=round_number,
            table_number=table_number,
            locked=(person, round_number) in locked,
        )
        for round_number, tables in rounds.items()
        for table_number, table in enumerate(tables, 1)
        for person in table
    ]
    for start in range(0, len(seats), ROWS_A_STATEMENT):
        await Seat.insert(*seats[start : start + ROWS_A_STATEMENT])


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
