"""Reads around tickets and doors."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from events_app.features.admission.facts import EVENT_DOOR
from events_app.features.admission.schemas import FoundPerson
from events_app.features.registration.finding import asked_words
from events_app.features.registration.search import among, look_for, whole_word
from events_app.infra.database import point, rows

MOST_FOUND = 20
LOOKED_AT = 100  # of many


class TicketRecord(Struct, frozen=True):
    """A registration as its ticket shows it."""

    registration_id: UUID
    event_id: UUID
    ticket_id: int
    ticket_generation: int
    short_code: str
    name: str
    organisation: str
    status: str
    language: str
    changed_at: datetime


_TICKET = (
    "SELECT r.id, r.event, r.ticket_id, r.ticket_generation, r.short_code, r.given_name, r.family_name,"
    " r.organisation, r.status, r.language, r.status_changed_at FROM registration r"
)


async def ticket_by_number(event_number: int, ticket_id: int) -> TicketRecord | None:
    """Unique on event(number), unique index registration_ticket."""
    found = await point(
        f"{_TICKET} JOIN event e ON e.id = r.event WHERE e.number = {{}} AND r.ticket_id = {{}}"
        " AND r.erased_at IS NULL",
        event_number,
        ticket_id,
    )
    return _ticket(found[0]) if found else None


async def ticket_of_registration(registration_id: UUID) -> TicketRecord | None:
    found = await point(f"{_TICKET} WHERE r.id = {{}} AND r.erased_at IS NULL", registration_id)
    return _ticket(found[0]) if found else None


def _ticket(row: dict[str, Any]) -> TicketRecord:
    return TicketRecord(
        registration_id=row["id"],
        event_id=row["event"],
        ticket_id=row["ticket_id"],
        ticket_generation=row["ticket_generation"],
        short_code=row["short_code"],
        name=f"{row['given_name']} {row['family_name']}".strip(),
        organisation=row["organisation"],
        status=row["status"],
        language=row["language"],
        changed_at=row["status_changed_at"],
    )


async def search_people(event_id: UUID, typed: str) -> list[FoundPerson]:
    """By the beginnings of words: name, organisation, address, code; those who may come in are first."""
    asked = asked_words(typed)
    if not asked:
        return []
    found_by = await look_for(event_id, asked)
    condition, args = found_by.condition()
    if found_by.arrivals is None and len(asked) == 1:
        condition, args = among(found_by.first)  # a name that is the beginning of many is found as a whole
    elif found_by.arrivals is None:
        condition = (
            f"r.arrival IN (SELECT r.arrival FROM registration r WHERE r.event = {{}} AND {condition}"
            f" ORDER BY r.arrival LIMIT {LOOKED_AT})"
        )
        args = [event_id, *args]
    found = await rows(
        "SELECT r.id, r.given_name, r.family_name, r.organisation, r.commune, r.short_code, r.status,"
        " p.inside FROM registration r LEFT JOIN presence p ON p.registration = r.id AND p.point = {}"
        f" WHERE r.event = {{}} AND r.erased_at IS NULL AND {condition}"
        " ORDER BY CASE WHEN r.search_words LIKE {} ESCAPE '!' THEN 0 ELSE 1 END,"
        " CASE r.status WHEN 'confirmed' THEN 0 WHEN 'waiting' THEN 1 WHEN 'pending' THEN 1 ELSE 2 END,"
        f" r.family_name, r.given_name, r.id LIMIT {MOST_FOUND}",
        EVENT_DOOR,
        event_id,
        *args,
        whole_word(asked[0]) if found_by.arrivals is None else "%",
    )
    return [
        FoundPerson(
            registration=row["id"],
            name=f"{row['given_name']} {row['family_name']}".strip(),
            organisation=row["organisation"],
            commune=row["commune"],
            short_code=row["short_code"],
            status=row["status"],
            inside=row["inside"],
        )
        for row in found
    ]


class Attendance(Struct, frozen=True):
    """One registered person and what the doors saw of them."""

    family_name: str
    given_name: str
    organisation: str
    commune: str
    status: str
    first_at: datetime | None
    first_gate: str
    inside: bool | None
    sessions: list[str]


async def attendance(event_id: UUID) -> list[Attendance]:
    """Everybody who was expected or came, by family name; `sessions` by the codes of their doors."""
    found = await rows(
        "SELECT r.id, r.family_name, r.given_name, r.organisation, r.commune, r.status, p.first_at,"
        " p.first_gate, p.inside FROM registration r"
        " LEFT JOIN presence p ON p.registration = r.id AND p.point = {}"
        " WHERE r.event = {} AND r.erased_at IS NULL AND (r.status = 'confirmed' OR p.id IS NOT NULL)"
        " ORDER BY r.family_name, r.given_name, r.id",
        EVENT_DOOR,
        event_id,
    )
    by_person = await _sessions_entered(event_id)
    return [
        Attendance(
            family_name=each["family_name"],
            given_name=each["given_name"],
            organisation=each["organisation"],
            commune=each["commune"],
            status=each["status"],
            first_at=each["first_at"],
            first_gate=each["first_gate"] or "",
            inside=each["inside"],
            sessions=by_person.get(each["id"], []),
        )
        for each in found
    ]


async def seen_inside(event_id: UUID) -> dict[UUID, tuple[bool, datetime]]:
    """Whoever the event's doors, or those of its sessions, have seen: whether inside, and since when."""
    found = await rows(
        "SELECT registration, inside, changed_at FROM presence WHERE event = {} ORDER BY changed_at", event_id
    )
    return {each["registration"]: (bool(each["inside"]), each["changed_at"]) for each in found}


async def _sessions_entered(event_id: UUID) -> dict[UUID, list[str]]:
    codes = {
        each["id"].hex: each["code"]
        for each in await rows("SELECT id, code FROM session WHERE event = {} ORDER BY starts_at", event_id)
    }
    found = await rows(
        "SELECT registration, point FROM presence WHERE event = {} AND point <> {} ORDER BY first_at",
        event_id,
        EVENT_DOOR,
    )
    entered: dict[UUID, list[str]] = {}
    for each in found:
        if each["point"] in codes:
            entered.setdefault(each["registration"], []).append(codes[each["point"]])
    return entered


async def came_in(event_ids: Sequence[UUID]) -> set[UUID]:
    """Whoever was let in at the doors of these events, since gone or not."""
    if not event_ids:
        return set()
    marks = ", ".join("{}" for _ in event_ids)
    found = await rows(f"SELECT registration FROM presence WHERE event IN ({marks})", *event_ids)
    return {each["registration"] for each in found}
