"""Reads of assemblies, seats and sittings, as records."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.committees.model import (
    AnswerKind,
    Assembly,
    Item,
    ItemKind,
    RollEntry,
    RollState,
    Seat,
    SeatAnswer,
    Sitting,
    Vote,
)
from events_app.features.committees.rules import Statutes
from events_app.features.committees.votes import Ballot
from events_app.infra.database import row, rows
from events_app.kernel.text import is_slug

_ASSEMBLY = (
    "SELECT a.id, a.body AS body_id, b.name AS body_name, a.slug, a.name, a.family, a.statutes, a.siret,"
    " a.revision FROM assembly a JOIN body b ON b.id = a.body"
)


def day_in(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


async def assembly_by_slug(slug: str) -> Assembly | None:
    if not is_slug(slug):
        return None
    found = await row(f"{_ASSEMBLY} WHERE a.slug = {{}}", slug)
    return _assembly(found) if found else None


async def assembly_by_id(assembly_id: UUID) -> Assembly | None:
    found = await row(f"{_ASSEMBLY} WHERE a.id = {{}}", assembly_id)
    return _assembly(found) if found else None


async def assemblies_of(body_ids: Collection[UUID]) -> list[Assembly]:
    if not body_ids:
        return []
    marks = ", ".join("{}" for _ in body_ids)
    found = await rows(f"{_ASSEMBLY} WHERE a.body IN ({marks}) ORDER BY a.name, a.slug", *body_ids)
    return [_assembly(each) for each in found]


async def seats_of(assembly_id: UUID) -> list[Seat]:
    found = await rows("SELECT * FROM assembly_seat WHERE assembly = {} ORDER BY position, id", assembly_id)
    return [_seat(each) for each in found]


async def sitting_of(event_id: UUID) -> Sitting | None:
    found = await row("SELECT * FROM sitting WHERE event = {}", event_id)
    if found is None:
        return None
    return Sitting(
        id=found["id"],
        event_id=found["event"],
        assembly_id=found["assembly"],
        second=bool(found["second"]),
        convened_on=day_in(found["convened_on"]),
        opened_at=found["opened_at"],
        closed_at=found["closed_at"],
        chair=found["chair"],
        secretary=found["secretary"],
        revision=int(found["revision"]),
    )


async def events_of(assembly_id: UUID) -> list[dict[str, Any]]:
    """Newest first: slug, title, start, zone, and when it was opened and closed."""
    return await rows(
        "SELECT e.slug, e.title, e.starts_at, e.timezone, s.opened_at, s.closed_at, s.second FROM sitting s"
        " JOIN event e ON e.id = s.event WHERE s.assembly = {} ORDER BY e.starts_at DESC, e.id LIMIT 100",
        assembly_id,
    )


async def items_of(sitting_id: UUID) -> list[Item]:
    found = await rows("SELECT * FROM agenda_item WHERE sitting = {} ORDER BY number, id", sitting_id)
    return [_item(each, number) for number, each in enumerate(found, 1)]


async def answers_of(sitting_id: UUID) -> dict[UUID, SeatAnswer]:
    """By seat, in the order in which they were given."""
    found = await rows("SELECT * FROM sitting_answer WHERE sitting = {} ORDER BY answered_at, id", sitting_id)
    return {
        each["seat"]: SeatAnswer(
            each["seat"],
            AnswerKind(each["kind"]),
            each["substitute"],
            each["proxy_to"],
            each["answered_at"],
        )
        for each in found
    }


async def roll_of(sitting_id: UUID) -> list[RollEntry]:
    """In the order in which they were tapped (ids sort by creation)."""
    found = await rows("SELECT * FROM roll_entry WHERE sitting = {} ORDER BY id", sitting_id)
    return [RollEntry(each["seat"], RollState(each["state"]), each["sitter"], each["at"]) for each in found]


def last_of(roll: Sequence[RollEntry]) -> dict[UUID, RollEntry]:
    return {each.seat: each for each in roll}


def _assembly(found: dict[str, Any]) -> Assembly:
    statutes = msgspec.json.decode(found["statutes"], type=Statutes)
    return msgspec.convert(dict(found) | {"statutes": statutes}, Assembly)


def _seat(found: dict[str, Any]) -> Seat:
    return Seat(
        id=found["id"],
        position=int(found["position"]),
        name=found["name"],
        represents=found["represents"],
        function=found["function"],
        email=found["email"],
        substitutes=msgspec.json.decode(found["substitutes"], type=list[str]),
        since=day_in(found["since"]),
        until=day_in(found["until"]),
    )


def _item(found: dict[str, Any], number: int) -> Item:
    return Item(
        id=found["id"],
        number=number,
        title=found["title"],
        kind=ItemKind(found["kind"]),
        ballot=Ballot(found["ballot"]),
        rapporteur=found["rapporteur"],
        note=found["note"],
        discussion=found["discussion"],
        matter=found["matter"],
        recused=msgspec.json.decode(found["recused"], type=list[UUID]),
        vote=msgspec.json.decode(found["vote"], type=Vote) if found["vote"] else None,
    )
