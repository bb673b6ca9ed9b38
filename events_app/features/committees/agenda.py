"""The agenda of a sitting: its items, written, put in order, taken away."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.committees.errors import VoteHeld
from events_app.features.committees.matters import MATTERS
from events_app.features.committees.model import MOST_ITEMS, Item, ItemKind, SittingNow
from events_app.features.committees.queries import items_of
from events_app.features.committees.sittings import MOST_TEXT, UNKNOWN_SEAT, note, open_for_change
from events_app.features.committees.tables import AgendaItem
from events_app.features.committees.votes import Ballot
from events_app.features.events.model import EventRecord
from events_app.infra.database import execute, retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotFound
from events_app.kernel.text import clean_block, clean_line


class ItemInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    kind: ItemKind = ItemKind.DELIBERATION
    ballot: Ballot = Ballot.ORDINARY
    rapporteur: str = ""
    note: str = ""
    discussion: str = ""
    matter: str = ""
    recused: list[UUID] = []


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
