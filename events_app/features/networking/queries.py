"""Reads of networking sessions and their plans, as records."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.hooks import SessionUse
from events_app.features.events.model import EventRecord, SessionKind, SessionRecord
from events_app.features.events.queries import session_record, sessions_of
from events_app.features.networking.arrangement import round_times
from events_app.features.networking.model import (
    Guest,
    Lock,
    PlanRecord,
    PlanStatus,
    RoomSettings,
    Rounds,
    SeatRecord,
    Wishes,
)
from events_app.infra.database import row, rows
from events_app.kernel.errors import NotFound

_PLAN = (
    "SELECT p.id, p.session AS session_id, s.event AS event_id, p.status, p.seed, p.settings, p.tables,"
    " p.possible, p.digest, p.revision, p.created_at, p.published_at"
    " FROM seating_plan p JOIN session s ON s.id = p.session"
)


async def networking_session(event: EventRecord, code: str) -> SessionRecord:
    """Raises `NotFound`, also for a session of another kind."""
    found = next((each for each in await sessions_of(event.id) if each.code == code), None)
    if found is None or found.kind not in (SessionKind.NETWORKING, SessionKind.SPEED_DATING):
        raise NotFound
    return found


async def session_by_id(session_id: UUID) -> SessionRecord:
    found = await row("SELECT * FROM session WHERE id = {}", session_id)
    if found is None:
        raise NotFound
    return session_record(found)


async def guests_of(event_id: UUID) -> list[Guest]:
    """Everybody who is confirmed, in order of arrival (index registration_queue)."""
    found = await rows(
        "SELECT id AS registration_id, given_name, family_name, organisation, profile, answers"
        " FROM registration WHERE event = {} AND status = 'confirmed' ORDER BY arrival",
        event_id,
    )
    return [
        Guest(
            each["registration_id"],
            f"{each['given_name']} {each['family_name']}".strip(),
            each["organisation"],
            each["profile"],
            _words_said(each["answers"]),
            each["family_name"],
        )
        for each in found
    ]


def _words_said(encoded: str) -> dict[str, str | list[str]]:
    return {code: said for code, said in msgspec.json.decode(encoded).items() if isinstance(said, str | list)}


async def wishes_of(session_id: UUID) -> Wishes:
    """Of those who still hold a place, about those who do."""
    found = await rows(
        "SELECT w.registration, w.about, w.value FROM meeting_wish w"
        " JOIN registration r ON r.id = w.registration AND r.status = 'confirmed'"
        " JOIN registration o ON o.id = w.about AND o.status = 'confirmed'"
        " WHERE w.session = {} ORDER BY w.id",
        session_id,
    )
    return {(each["registration"], each["about"]): each["value"] for each in found}


async def settings_of(session_id: UUID) -> tuple[RoomSettings | None, int]:
    """With their revision; None, 0 before they were saved."""
    found = await row("SELECT settings, revision FROM networking_room WHERE session = {}", session_id)
    if found is None:
        return None, 0
    return msgspec.json.decode(found["settings"], type=RoomSettings), int(found["revision"])


async def plan_by_id(plan_id: UUID) -> PlanRecord | None:
    found = await row(f"{_PLAN} WHERE p.id = {{}}", plan_id)
    return _plan(found) if found else None


async def plans_of(session_id: UUID, limit: int = 10) -> list[PlanRecord]:
    """Newest first (ids sort by creation)."""
    found = await rows(f"{_PLAN} WHERE p.session = {{}} ORDER BY p.id DESC LIMIT {{}}", session_id, limit)
    return [_plan(each) for each in found]


async def published_plan(session_id: UUID) -> PlanRecord | None:
    found = await row(
        f"{_PLAN} WHERE p.session = {{}} AND p.status = {{}}", session_id, PlanStatus.PUBLISHED.value
    )
    return _plan(found) if found else None


async def seated_in_published(session_id: UUID) -> SessionUse:
    """Who finds a table in this session on their page, of those who still hold a place."""
    found = await row(
        "SELECT count(DISTINCT t.registration) AS n FROM seat t JOIN seating_plan p ON p.id = t.plan"
        " JOIN registration r ON r.id = t.registration AND r.status = 'confirmed'"
        " WHERE p.session = {} AND p.status = {}",
        session_id,
        PlanStatus.PUBLISHED.value,
    )
    return SessionUse(placed=found["n"] if found else 0)


async def rounds_of(plan: PlanRecord) -> Rounds:
    """Who sits where, of those who still hold a place; in order of arrival at each table."""
    found = await rows(
        "SELECT t.registration, t.round_number, t.table_number FROM seat t"
        " JOIN registration r ON r.id = t.registration AND r.status = 'confirmed'"
        " WHERE t.plan = {} ORDER BY t.round_number, t.table_number, r.arrival",
        plan.id,
    )
    rounds: Rounds = [[[] for _ in range(plan.tables)] for _ in range(plan.settings.rounds)]
    for seat in found:
        rounds[seat["round_number"] - 1][seat["table_number"] - 1].append(seat["registration"])
    return rounds


async def locks_of(plan_id: UUID) -> list[Lock]:
    """Of those who still hold a place."""
    found = await rows(
        "SELECT t.registration, t.round_number, t.table_number FROM seat t"
        " JOIN registration r ON r.id = t.registration AND r.status = 'confirmed'"
        " WHERE t.plan = {} AND t.locked ORDER BY t.round_number, t.table_number, r.arrival",
        plan_id,
    )
    return [Lock(each["round_number"], each["registration"]) for each in found]


async def announced_of(plan_ids: Sequence[UUID]) -> dict[UUID, dict[int, datetime]]:
    """When rounds began, by plan and number."""
    if not plan_ids:
        return {}
    marks = ", ".join("{}" for _ in plan_ids)
    found = await rows(
        f"SELECT plan, number, starts_at FROM announced_round WHERE plan IN ({marks}) ORDER BY number",
        *plan_ids,
    )
    announced: dict[UUID, dict[int, datetime]] = {}
    for each in found:
        announced.setdefault(each["plan"], {})[each["number"]] = each["starts_at"]
    return announced


async def planned_in(plan_id: UUID) -> int:
    """How many pairs would have met, when it was published."""
    found = await row("SELECT planned FROM seating_plan WHERE id = {}", plan_id)
    return int(found["planned"]) if found else 0


async def taps_of(session_id: UUID) -> dict[UUID, tuple[str, datetime]]:
    """What was tapped of each person, and when."""
    found = await rows("SELECT registration, state, at FROM room_presence WHERE session = {}", session_id)
    return {each["registration"]: (each["state"], each["at"]) for each in found}


async def seats_of(registration_ids: Sequence[UUID]) -> dict[UUID, list[SeatRecord]]:
    """Of published plans, by person, in order of time; one statement for any number of people."""
    if not registration_ids:
        return {}
    marks = ", ".join("{}" for _ in registration_ids)
    found = await rows(
        "SELECT t.registration, t.round_number, t.table_number, p.id AS plan, p.settings,"
        " s.id AS session_id, s.starts_at"
        " FROM seat t JOIN seating_plan p ON p.id = t.plan AND p.status = 'published'"
        " JOIN session s ON s.id = p.session"
        " JOIN registration r ON r.id = t.registration AND r.status = 'confirmed'"
        f" WHERE t.registration IN ({marks}) ORDER BY s.starts_at, t.round_number",
        *registration_ids,
    )
    announced = await announced_of(list({each["plan"] for each in found}))
    times = {
        each["plan"]: round_times(
            msgspec.json.decode(each["settings"], type=RoomSettings),
            each["starts_at"],
            announced.get(each["plan"]),
        )
        for each in found
    }
    seats: dict[UUID, list[SeatRecord]] = {}
    for each in found:
        time = times[each["plan"]][each["round_number"] - 1]
        seats.setdefault(each["registration"], []).append(
            SeatRecord(
                each["registration"],
                each["session_id"],
                each["round_number"],
                each["table_number"],
                time.starts_at,
                time.ends_at,
            )
        )
    return seats


async def at_the_tables_of(registration_id: UUID, plan_id: UUID, consent: str) -> dict[int, list[str]]:
    """The names of who sits with somebody in each round, of those who agreed to it."""
    found = await rows(
        "SELECT o.round_number, r.given_name, r.family_name FROM seat m"
        " JOIN seat o ON o.plan = m.plan AND o.round_number = m.round_number"
        " AND o.table_number = m.table_number AND o.registration <> m.registration"
        " JOIN registration r ON r.id = o.registration AND r.status = 'confirmed'"
        " WHERE m.registration = {} AND m.plan = {} AND EXISTS (SELECT 1 FROM consent c"
        " WHERE c.registration = r.id AND c.code = {} AND c.withdrawn_at IS NULL)"
        " ORDER BY o.round_number, r.family_name, r.given_name",
        registration_id,
        plan_id,
        consent,
    )
    names: dict[int, list[str]] = {}
    for each in found:
        name = f"{each['given_name']} {each['family_name']}".strip()
        names.setdefault(each["round_number"], []).append(name)
    return names


def _plan(found: dict[str, Any]) -> PlanRecord:
    found = dict(found)
    found["settings"] = msgspec.json.decode(found["settings"], type=RoomSettings)
    found["seed"] = int(found["seed"])
    return msgspec.convert(found, PlanRecord)
