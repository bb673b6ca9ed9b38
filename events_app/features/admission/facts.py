"""The statements of a scan: raw and wide, a handful for a whole batch.

Measured on SQLite with 16 scans a batch (benchmarks/scans.py): Piccolo's own queries compile in 76 µs each
and write one row a statement; these take about 20 µs a scan all together.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from msgspec import Struct

from events_app.features.admission.scan import FirstScan, Outcome, PastScan, Presence, SessionPoint
from events_app.infra.database import execute, rows

EVENT_DOOR = ""
"""The point of the event's own door; a session's point is its id in hex."""

_SCAN_COLUMNS = (
    "id",
    "event",
    "scan_id",
    "device",
    "registration_id",
    "session_id",
    "code_hash",
    "gate",
    "direction",
    "device_id",
    "actor_name",
    "scanned_at",
    "received_at",
    "outcome",
    "reason",
    "decided",
    "flagged",
    "voids",
    "voids_device",
    "answer",
)
_PERSON = (
    "id, ticket_id, ticket_generation, ticket_issued_at, status, status_before, status_changed_at,"
    " given_name, family_name, organisation"
)
_PRESENCE_COLUMNS = (
    "id",
    "event",
    "registration",
    "point",
    "inside",
    "first_scan_id",
    "first_at",
    "first_gate",
    "changed_at",
)


class ScanFact(Struct, frozen=True):
    """One row of `scan`, in the table's order."""

    id: UUID
    event: UUID
    scan_id: str
    device: str
    registration_id: UUID | None
    session_id: UUID | None
    code_hash: str
    gate: str
    direction: str
    device_id: UUID | None
    actor_name: str
    scanned_at: datetime
    received_at: datetime
    outcome: str
    reason: str
    decided: str
    flagged: bool
    voids: str | None
    voids_device: str | None
    answer: str


class PresenceFact(Struct, frozen=True):
    """One row of `presence` as it is after the batch."""

    id: UUID
    event: UUID
    registration: UUID
    point: str
    inside: bool
    first_scan_id: str
    first_at: datetime
    first_gate: str
    changed_at: datetime


class ListedPerson(Struct, frozen=True):
    """What the door needs of a registration."""

    id: UUID
    event_id: UUID
    ticket_id: int
    generation: int
    issued_at: datetime | None  # anew, by the generation that it has now
    status: str
    status_before: str
    status_changed_at: datetime
    name: str
    organisation: str
    given_name: str = ""


@lru_cache(maxsize=1024)
def _marks(count: int) -> str:
    return ",".join(["{}"] * count)


@lru_cache(maxsize=1024)
def _row_marks(columns: int, count: int) -> str:
    return ",".join([f"({_marks(columns)})"] * count)


ScanKey = tuple[str, str]
"""Whose id it is, and the id."""


class GivenAnswer(Struct, frozen=True):
    """An earlier scan: what it said and, to know it again, what it was of."""

    answer: str
    code_hash: str
    direction: str
    voids: str | None
    voids_device: str | None


async def answers_given(event_id: UUID, keys: Collection[ScanKey]) -> dict[ScanKey, GivenAnswer]:
    """Answers of earlier scans with these ids, as they were stored. Unique index scan_once."""
    ids = sorted({scan_id for _, scan_id in keys})
    found = await rows(
        "SELECT device, scan_id, answer, code_hash, direction, voids, voids_device FROM scan"
        f" WHERE event = {{}} AND scan_id IN ({_marks(len(ids))})",
        event_id,
        *ids,
    )
    return {
        (row["device"], row["scan_id"]): GivenAnswer(
            row["answer"], row["code_hash"], row["direction"], row["voids"], row["voids_device"]
        )
        for row in found
    }


async def people_by_ticket(event_id: UUID, ticket_ids: Sequence[int]) -> dict[int, ListedPerson]:
    """By ticket id. On PostgreSQL they stay locked, always in the same order, until the batch is committed:
    two processes that scan one ticket come one after the other. Unique index registration_ticket."""
    if not ticket_ids:
        return {}
    found = await rows(
        f"SELECT {_PERSON} FROM registration WHERE event = {{}} AND ticket_id IN ({_marks(len(ticket_ids))})",
        event_id,
        *ticket_ids,
    )
    return {row["ticket_id"]: _person(event_id, row) for row in found}


async def people(event_id: UUID, registration_ids: Sequence[UUID]) -> dict[UUID, ListedPerson]:
    if not registration_ids:
        return {}
    found = await rows(
        f"SELECT {_PERSON} FROM registration WHERE event = {{}} AND id IN ({_marks(len(registration_ids))})",
        event_id,
        *registration_ids,
    )
    return {row["id"]: _person(event_id, row) for row in found}


def _person(event_id: UUID, row: dict[str, Any]) -> ListedPerson:
    return ListedPerson(
        id=row["id"],
        event_id=event_id,
        ticket_id=row["ticket_id"],
        generation=row["ticket_generation"] % 256,
        issued_at=row["ticket_issued_at"],
        status=row["status"],
        status_before=row["status_before"],
        status_changed_at=row["status_changed_at"],
        name=f"{row['given_name']} {row['family_name']}".strip(),
        organisation=row["organisation"],
        given_name=row["given_name"],
    )


async def companions(leads: Sequence[UUID]) -> dict[UUID, list[ListedPerson]]:
    """Whom these people brought, in order of arrival (index registration_group)."""
    if not leads:
        return {}
    found = await rows(
        f"SELECT event, group_id, {_PERSON}"
        f" FROM registration WHERE group_id IN ({_marks(len(leads))}) AND id <> group_id"
        " AND erased_at IS NULL ORDER BY arrival",
        *leads,
    )
    brought: dict[UUID, list[ListedPerson]] = {}
    for row in found:
        brought.setdefault(row["group_id"], []).append(_person(row["event"], row))
    return brought


async def presences(registration_ids: Sequence[UUID]) -> dict[tuple[UUID, str], Presence]:
    """By registration and point. A statement of its own after the lock, to see what others wrote.
    Unique index presence_once."""
    if not registration_ids:
        return {}
    found = await rows(
        "SELECT registration, point, inside, first_scan_id, first_at, first_gate FROM presence"
        f" WHERE registration IN ({_marks(len(registration_ids))})",
        *registration_ids,
    )
    return {
        (row["registration"], row["point"]): Presence(
            row["inside"], FirstScan(row["first_scan_id"], row["first_gate"], row["first_at"])
        )
        for row in found
    }


async def standing_scans(registration_ids: Sequence[UUID]) -> dict[tuple[UUID, str], list[PastScan]]:
    """What happened to these people at each point, less what was undone. Index scan_registration."""
    if not registration_ids:
        return {}
    found = await rows(
        "SELECT registration_id, scan_id, device, outcome, decided, gate, scanned_at, session_id, voids,"
        f" voids_device FROM scan WHERE registration_id IN ({_marks(len(registration_ids))})"
        " ORDER BY received_at, id",
        *registration_ids,
    )
    undone = {(scan["voids_device"], scan["voids"]) for scan in found}
    standing: dict[tuple[UUID, str], list[PastScan]] = {}
    for scan in found:
        if (scan["device"], scan["scan_id"]) not in undone and scan["voids"] is None:
            point = scan["session_id"].hex if scan["session_id"] else EVENT_DOOR
            happened = Outcome.ADMITTED if scan["decided"] == Outcome.ADMITTED else scan["outcome"]
            past = PastScan(scan["scan_id"], happened, scan["gate"], scan["scanned_at"])
            standing.setdefault((scan["registration_id"], point), []).append(past)
    return standing


async def sessions_by_code(event_id: UUID, codes: Collection[str]) -> dict[str, SessionPoint]:
    """By code, with how many are inside now. On PostgreSQL they stay locked, so that capacity is counted by
    one process at a time. Unique index session_code."""
    if not codes:
        return {}
    found = await rows(
        "SELECT id, code, slot, capacity_max FROM session"
        f" WHERE event = {{}} AND code IN ({_marks(len(codes))})",
        event_id,
        *sorted(codes),
    )
    counts = await inside_counts(event_id, [row["id"].hex for row in found])
    return {
        row["code"]: SessionPoint(
            row["id"], row["slot"] or row["code"], row["capacity_max"], counts.get(row["id"].hex, 0)
        )
        for row in found
    }


async def inside_counts(event_id: UUID, points: Sequence[str]) -> dict[str, int]:
    """As they are kept (primary key)."""
    if not points:
        return {}
    found = await rows(
        "SELECT name, inside FROM presence_count"
        f" WHERE event = {{}} AND kind = 'point' AND name IN ({_marks(len(points))})",
        event_id,
        *points,
    )
    return {row["name"]: row["inside"] for row in found}


async def write_scans(facts: Sequence[ScanFact]) -> None:
    """Raises UniqueViolation when another process recorded one of these ids meanwhile."""
    await _insert("scan", _SCAN_COLUMNS, facts)


async def write_presences(facts: Sequence[PresenceFact]) -> None:
    await _insert(
        "presence",
        _PRESENCE_COLUMNS,
        facts,
        " ON CONFLICT (registration, point) DO UPDATE SET inside = excluded.inside,"
        " first_scan_id = excluded.first_scan_id, first_at = excluded.first_at,"
        " first_gate = excluded.first_gate, changed_at = excluded.changed_at",
    )


async def _insert(
    table: str, columns: Sequence[str], facts: Sequence[ScanFact] | Sequence[PresenceFact], tail: str = ""
) -> None:
    if facts:
        names = ", ".join(columns)
        await execute(
            f"INSERT INTO {table} ({names}) VALUES {_row_marks(len(columns), len(facts))}{tail}",
            *(value for fact in facts for value in _values(fact, columns)),
        )


def _values(fact: ScanFact | PresenceFact, columns: Iterable[str]) -> Iterable[Any]:
    return (getattr(fact, name) for name in columns)
