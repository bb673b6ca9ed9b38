"""Use cases of a sitting but for its votes: which assembly meets, the agenda, answers, the roll call."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from events_app.features.committees.errors import AnotherAssembly, NotOpen, SittingOver
from events_app.features.committees.model import (
    AnswerKind,
    RollState,
    Sitting,
    SittingNow,
)
from events_app.features.committees.now import day_of, sitting_now
from events_app.features.committees.queries import assembly_by_slug, sitting_of
from events_app.features.committees.rules import rules_on
from events_app.features.committees.tables import RollEntry, SittingAnswer
from events_app.features.committees.tables import Sitting as SittingTable
from events_app.features.events.access import may_edit, may_read_registrations
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import visible_event
from events_app.infra import audit
from events_app.infra.database import execute, retried, row, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import N_, InvalidInput, NotAllowed, NotFound, RevisionMismatch
from events_app.kernel.text import clean_line

MOST_TEXT = 20_000
UNKNOWN_SEAT = N_("This person is no member in office on that day.")


class AnswerInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`to`: the seat that holds the proxy."""

    kind: AnswerKind
    substitute: str = ""
    to: UUID | None = None


async def event_for(actor: Actor, slug: str, *, to_change: bool) -> EventRecord:
    """Raises `NotFound`, `NotAllowed`. Members' answers are read by whoever reads registrations."""
    event = await visible_event(actor, slug)
    if not (may_edit if to_change else may_read_registrations)(actor, event):
        raise NotAllowed
    return event


async def existing_sitting(event: EventRecord) -> Sitting:
    found = await sitting_of(event.id)
    if found is None:
        raise NotFound
    return found


async def now_of(event: EventRecord) -> SittingNow:
    return await sitting_now(event, await existing_sitting(event))


@retried
async def seat_assembly(
    world: World, actor: Actor, event: EventRecord, assembly_slug: str, *, second: bool = False
) -> Sitting:
    """Says which assembly meets; again, while nothing was said or tapped. Raises `NotAllowed`,
    `InvalidInput`, `AnotherAssembly`."""
    if not may_edit(actor, event):
        raise NotAllowed
    async with unit_of_work():
        event = await held(event.id)
        assembly = await assembly_by_slug(assembly_slug)
        if assembly is None or assembly.body_id != event.body_id:
            message = N_("There is no such assembly in this organisation.")
            raise InvalidInput.one("/assembly", "unknown", message)
        rules = rules_on(assembly.family, day_of(event), assembly.statutes)
        if second and rules.second_after_days is None:
            message = N_("The rules of this committee know of no second sitting.")
            raise InvalidInput.one("/second", "invalid", message)
        before = await sitting_of(event.id)
        if before is None:
            await SittingTable(id=world.new_id(), event=event.id, assembly=assembly.id, second=second).save()
        else:
            same = (before.assembly_id, before.second) == (assembly.id, second)
            if not same and await _has_begun(before):
                raise AnotherAssembly
            await execute(
                "UPDATE sitting SET assembly = {}, second = {}, revision = revision + 1 WHERE id = {}",
                assembly.id,
                second,
                before.id,
            )
        await note(world, actor, event, "sitting.set", assembly=assembly.slug)
        return await existing_sitting(event)


async def _has_begun(sitting: Sitting) -> bool:
    for table in ("sitting_answer", "roll_entry"):
        if await row(f"SELECT 1 FROM {table} WHERE sitting = {{}} LIMIT 1", sitting.id):
            return True
    return False


@retried
async def answer(world: World, actor: Actor, event: EventRecord, seat_id: UUID, said: AnswerInput) -> None:
    """What a member says before the sitting; again, whatever was said before."""
    async with unit_of_work():
        now = await open_for_change(actor, event)
        seat = now.by_id.get(seat_id)
        if seat is None:
            raise NotFound
        substitute = clean_line(said.substitute)[:200] if said.kind is AnswerKind.SUBSTITUTE else ""
        to = said.to if said.kind is AnswerKind.PROXY else None
        if said.kind is AnswerKind.SUBSTITUTE and substitute not in seat.substitutes:
            message = N_("This is no substitute of this member.")
            raise InvalidInput.one("/substitute", "unknown", message)
        if said.kind is AnswerKind.PROXY:
            _check_proxy(now, seat_id, to)
        await execute("DELETE FROM sitting_answer WHERE sitting = {} AND seat = {}", now.sitting.id, seat_id)
        await SittingAnswer(
            id=world.new_id(),
            sitting=now.sitting.id,
            seat=seat_id,
            kind=said.kind.value,
            substitute=substitute,
            proxy_to=to,
            answered_at=world.now(),
        ).save()
        await note(world, actor, event, "sitting.answered", object_id=seat_id)


def _check_proxy(now: SittingNow, giver: UUID, to: UUID | None) -> None:
    if to is None or to not in now.by_id or to == giver:
        message = N_("Please choose another member who is in office.")
        raise InvalidInput.one("/to", "unknown", message)
    holders = [
        each for each in now.seats if each.proxy_to and each.proxy_to.id == to and each.seat.id != giver
    ]
    if len(holders) >= now.rules.proxies_each:
        message = N_("{name} holds {most} already, and may hold no more.")
        raise InvalidInput.one(
            "/to", "too_many", message, name=now.by_id[to].name, most=now.rules.proxies_each
        )
    holder = next(each for each in now.seats if each.seat.id == to)
    if holder.answer is not None and holder.answer.kind is not AnswerKind.SITS:
        message = N_("{name} has said not to be there: a proxy held by them counts for nothing.")
        raise InvalidInput.one("/to", "absent", message, name=now.by_id[to].name)


@retried
async def tap(
    world: World,
    actor: Actor,
    event: EventRecord,
    seat_id: UUID,
    state: RollState,
    sitter: str = "",
    at: datetime | None = None,
) -> SittingNow:
    """Somebody is there, as a member or as a substitute, or has left."""
    async with unit_of_work():
        now = await open_for_change(actor, event)
        if now.sitting.opened_at is None:
            raise NotOpen
        seat = now.by_id.get(seat_id)
        if seat is None:
            raise NotFound
        sitter = clean_line(sitter)
        if sitter and sitter not in seat.substitutes:
            message = N_("This is no substitute of this member.")
            raise InvalidInput.one("/sitter", "unknown", message)
        moment = min(at, world.now()) if at else world.now()
        await RollEntry(
            id=world.new_id(),
            sitting=now.sitting.id,
            seat=seat_id,
            state=state.value,
            sitter=sitter if state is RollState.PRESENT else "",
            at=moment,
        ).save()
        return await now_of(event)


class SittingChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`is_open`: true opens, false closes. Left out: as it is."""

    is_open: bool | None = None
    chair: UUID | msgspec.UnsetType | None = msgspec.UNSET
    secretary: UUID | msgspec.UnsetType | None = msgspec.UNSET
    convened_on: date | msgspec.UnsetType | None = msgspec.UNSET


@retried
async def change(
    world: World,
    actor: Actor,
    event: EventRecord,
    changes: SittingChanges,
    expected_revision: int | None = None,
) -> Sitting:
    """Who presides and keeps the minutes, when the letters went out, open and closed."""
    async with unit_of_work():
        now = await open_for_change(actor, event, also_closed=True)
        if expected_revision is not None and expected_revision != now.sitting.revision:
            raise RevisionMismatch(revision=now.sitting.revision)
        values: dict[str, object] = {}
        for name in ("chair", "secretary"):
            seat = getattr(changes, name)
            if seat is msgspec.UNSET:
                continue
            if seat is not None and seat not in now.by_id:
                raise InvalidInput.one(f"/{name}", "unknown", UNKNOWN_SEAT)
            values[name] = seat
        if changes.convened_on is not msgspec.UNSET:
            if changes.convened_on and changes.convened_on > to_wall(world.now(), event.timezone).date():
                message = N_("Please enter the day on which they went out: it cannot be to come.")
                raise InvalidInput.one("/convened_on", "range", message)
            values["convened_on"] = changes.convened_on.isoformat() if changes.convened_on else ""
        if changes.is_open is True:
            values |= {"opened_at": now.sitting.opened_at or world.now(), "closed_at": None}
        elif changes.is_open is False and now.sitting.opened_at is not None:
            values["closed_at"] = world.now()
        for name, value in values.items():
            await execute(f"UPDATE sitting SET {name} = {{}} WHERE id = {{}}", value, now.sitting.id)
        await execute("UPDATE sitting SET revision = revision + 1 WHERE id = {}", now.sitting.id)
        await note(world, actor, event, "sitting.changed")
        return await existing_sitting(event)


async def open_for_change(actor: Actor, event: EventRecord, *, also_closed: bool = False) -> SittingNow:
    """The sitting as this transaction holds it. Raises `NotAllowed`, `NotFound`, `SittingOver`."""
    fresh = await held(event.id)
    if not may_edit(actor, fresh):
        raise NotAllowed
    now = await now_of(fresh)
    if now.sitting.closed_at is not None and not also_closed:
        raise SittingOver
    return now


async def note(
    world: World,
    actor: Actor,
    event: EventRecord,
    action: str,
    *,
    object_id: UUID | None = None,
    **details: object,
) -> None:
    await audit.record(
        world,
        actor,
        action,
        body_id=event.body_id,
        event_id=event.id,
        object_id=object_id or event.id,
        **details,
    )
