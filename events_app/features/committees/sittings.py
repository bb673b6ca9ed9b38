"""Use cases of a sitting but for its votes: which assembly meets, the agenda, answers, the roll call."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.committees.errors import AnotherAssembly, NotOpen, SittingOver, VoteHeld
from events_app.features.committees.matters import MATTERS
from events_app.features.committees.model import (
    MOST_ITEMS,
    AnswerKind,
    Item,
    ItemKind,
    RollState,
    Sitting,
    SittingNow,
)
from events_app.features.committees.now import sitting_now
from events_app.features.committees.queries import assembly_by_slug, items_of, sitting_of
from events_app.features.committees.tables import AgendaItem, RollEntry, SittingAnswer
from events_app.features.committees.tables import Sitting as SittingTable
from events_app.features.committees.votes import Ballot
from events_app.features.events.access import may_edit, may_read_registrations
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import visible_event
from events_app.infra import audit
from events_app.infra.database import execute, retried, row, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotAllowed, NotFound, RevisionMismatch
from events_app.kernel.text import clean_block, clean_line

MOST_TEXT = 20_000
UNKNOWN_SEAT = N_("This person is no member in office on that day.")


class ItemInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    kind: ItemKind = ItemKind.DELIBERATION
    ballot: Ballot = Ballot.ORDINARY
    rapporteur: str = ""
    note: str = ""
    discussion: str = ""
    matter: str = ""
    recused: list[UUID] = []


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
        await held(event.id)
        assembly = await assembly_by_slug(assembly_slug)
        if assembly is None or assembly.body_id != event.body_id:
            message = N_("There is no such assembly in this organisation.")
            raise InvalidInput.one("/assembly", "unknown", message)
        before = await sitting_of(event.id)
        if before is None:
            await SittingTable(id=world.new_id(), event=event.id, assembly=assembly.id, second=second).save()
        else:
            if before.assembly_id != assembly.id and await _has_begun(before):
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
async def save_item(
    world: World, actor: Actor, event: EventRecord, item_id: UUID | None, wanted: ItemInput
) -> Item:
    """A new one comes last. Of an item that was voted on only what goes into the minutes can still change."""
    cleaned = _checked_item(wanted)
    async with unit_of_work():
        now = await open_for_change(actor, event)
        if unknown := [seat for seat in cleaned.recused if seat not in now.by_id]:
            raise InvalidInput([FieldError("/recused", "unknown", UNKNOWN_SEAT)] if unknown else [])
        columns = _item_columns(cleaned)
        if item_id is None:
            if len(now.items) >= MOST_ITEMS:
                message = N_("An agenda has {most} items at most.")
                raise InvalidInput.one("/title", "range", message, most=MOST_ITEMS)
            item_id = world.new_id()
            fresh: dict[str, Any] = {"id": item_id, "sitting": now.sitting.id, "number": _next(now)}
            await AgendaItem(**fresh, **columns).save()
        else:
            before = item_in(now, item_id)
            if before.vote is not None and _decides(before) != _decides(cleaned):
                raise VoteHeld
            names = ", ".join(f"{name} = {{}}" for name in columns)
            await execute(f"UPDATE agenda_item SET {names} WHERE id = {{}}", *columns.values(), item_id)
        await note(world, actor, event, "sitting.agenda")
        return next(each for each in await items_of(now.sitting.id) if each.id == item_id)


def _next(now: SittingNow) -> int:
    """Numbers have gaps where items went: what is shown counts from 1."""
    return len(now.items) + 1


def _decides(item: Item | ItemInput) -> tuple[object, ...]:
    return item.title, item.kind, item.ballot, sorted(item.recused), item.matter


@retried
async def arrange_items(world: World, actor: Actor, event: EventRecord, order: Sequence[UUID]) -> None:
    """All items in their new order; those left out go. What was voted on cannot go."""
    async with unit_of_work():
        now = await open_for_change(actor, event)
        items = {each.item.id: each.item for each in now.items}
        if len(set(order)) != len(order) or not set(order) <= items.keys():
            raise NotFound
        for gone in items.keys() - set(order):
            if items[gone].vote is not None:
                raise VoteHeld
            await execute("DELETE FROM agenda_item WHERE id = {}", gone)
        for number, item_id in enumerate(order, 1):
            await execute("UPDATE agenda_item SET number = {} WHERE id = {}", number, item_id)
        await note(world, actor, event, "sitting.agenda")


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


def item_in(now: SittingNow, item_id: UUID) -> Item:
    """Raises `NotFound`."""
    found = next((each.item for each in now.items if each.item.id == item_id), None)
    if found is None:
        raise NotFound
    return found


def _checked_item(wanted: ItemInput) -> ItemInput:
    title, rapporteur = clean_line(wanted.title), clean_line(wanted.rapporteur)
    note_text, discussion = clean_block(wanted.note), clean_block(wanted.discussion)
    errors = []
    if not title or len(title) > 300:
        errors.append(FieldError("/title", "required", N_("Please give a title of 300 characters at most.")))
    if len(rapporteur) > 200:
        too_long = N_("Please shorten this to {most} characters.")
        errors.append(FieldError("/rapporteur", "too_long", too_long, {"most": 200}))
    for name, text in (("note", note_text), ("discussion", discussion)):
        if len(text) > MOST_TEXT:
            too_long = N_("Please shorten this to {most} characters.")
            errors.append(FieldError(f"/{name}", "too_long", too_long, {"most": MOST_TEXT}))
    if wanted.matter and wanted.matter not in MATTERS:
        errors.append(FieldError("/matter", "unknown", N_("Please choose one of the values offered.")))
    if errors:
        raise InvalidInput(errors)
    ballot = Ballot.ELECTION if wanted.kind is ItemKind.ELECTION else wanted.ballot
    if wanted.kind is not ItemKind.ELECTION and ballot is Ballot.ELECTION:
        ballot = Ballot.SECRET
    return msgspec.structs.replace(
        wanted,
        title=title,
        rapporteur=rapporteur,
        note=note_text,
        discussion=discussion,
        ballot=ballot,
        recused=sorted(set(wanted.recused)),
    )


def _item_columns(item: ItemInput) -> dict[str, Any]:
    return {
        "title": item.title,
        "kind": item.kind.value,
        "ballot": item.ballot.value,
        "rapporteur": item.rapporteur,
        "note": item.note,
        "discussion": item.discussion,
        "matter": item.matter,
        "recused": msgspec.json.encode(item.recused).decode(),
    }


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
