"""Reads of placements, as records. A place counts only while its registration is confirmed."""

from collections import defaultdict
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.hooks import SessionUse
from events_app.features.events.queries import session_record
from events_app.features.workshops.model import (
    KeptOutcome,
    PlaceRecord,
    PlaceSource,
    RunPlaceRecord,
    RunRecord,
    RunRequest,
    RunStatus,
    SeatedPerson,
)
from events_app.infra.database import row, rows

_PLACE = (
    "SELECT s.*, p.registration AS p_registration, p.slot AS p_slot, p.rank AS p_rank, p.source AS p_source,"
    " p.assigned_at AS p_assigned_at, p.calendar_sequence AS p_calendar_sequence"
    " FROM place p JOIN session s ON s.id = p.session"
    " JOIN registration r ON r.id = p.registration AND r.status = 'confirmed'"
)


async def places_of(registration_id: UUID) -> list[PlaceRecord]:
    """In programme order."""
    found = await rows(
        f"{_PLACE} WHERE p.registration = {{}} ORDER BY s.starts_at, s.position", registration_id
    )
    return [_place_record(place) for place in found]


async def places_of_each(registration_ids: list[UUID]) -> dict[UUID, list[PlaceRecord]]:
    """In one statement, for the few people of one batch; without those who have no place."""
    if not registration_ids:
        return {}
    marks = ", ".join("{}" for _ in registration_ids)
    found = await rows(
        f"{_PLACE} WHERE p.registration IN ({marks}) ORDER BY s.starts_at, s.position", *registration_ids
    )
    return _by_registration(found)


async def places_of_event(event_id: UUID) -> dict[UUID, list[PlaceRecord]]:
    """By registration; without those who have no place."""
    found = await rows(f"{_PLACE} WHERE s.event = {{}} ORDER BY s.starts_at, s.position", event_id)
    return _by_registration(found)


async def seated_in(session_id: UUID) -> list[UUID]:
    """The registrations that have a place in this session."""
    found = await rows(
        "SELECT p.registration FROM place p JOIN registration r ON r.id = p.registration"
        " WHERE p.session = {} AND r.status = 'confirmed'",
        session_id,
    )  # index on place(session)
    return [place["registration"] for place in found]


async def people_in(session_id: UUID) -> list[SeatedPerson]:
    """A session's list, by family name."""
    found = await rows(
        "SELECT r.id AS registration_id, r.given_name, r.family_name, r.organisation, r.commune, r.profile,"
        " p.rank FROM place p JOIN registration r ON r.id = p.registration"
        " WHERE p.session = {} AND r.status = 'confirmed' ORDER BY r.family_name, r.given_name, r.id",
        session_id,
    )
    return [msgspec.convert(person, SeatedPerson) for person in found]


async def occupancy_of(event_id: UUID) -> dict[UUID, int]:
    """How many people each session has; without the empty ones."""
    found = await rows(
        "SELECT p.session, count(*) AS n FROM place p JOIN session s ON s.id = p.session"
        " JOIN registration r ON r.id = p.registration AND r.status = 'confirmed'"
        " WHERE s.event = {} GROUP BY p.session",
        event_id,
    )
    return {place["session"]: place["n"] for place in found}


async def ranks_in(event_id: UUID) -> dict[UUID, list[tuple[int | None, int]]]:
    """For each session how many have it as which wish (None: not ranked), as it was when they were placed."""
    found = await rows(
        "SELECT p.session, p.rank, count(*) AS n FROM place p JOIN session s ON s.id = p.session"
        " JOIN registration r ON r.id = p.registration AND r.status = 'confirmed'"
        " WHERE s.event = {} GROUP BY p.session, p.rank ORDER BY p.rank IS NULL, p.rank",
        event_id,
    )
    ranks = defaultdict(list)
    for line in found:
        ranks[line["session"]].append((line["rank"], int(line["n"])))
    return dict(ranks)


async def wishes_of_each(registration_ids: list[UUID]) -> dict[UUID, list[UUID]]:
    """Sessions, best first, for the few people of one page; without those who wish for nothing."""
    marks = ", ".join("{}" for _ in registration_ids)
    found = await rows(
        f"SELECT registration, session FROM preference WHERE registration IN ({marks}) ORDER BY rank",
        *registration_ids,
    )
    wishes = defaultdict(list)
    for wish in found:
        wishes[wish["registration"]].append(wish["session"])
    return dict(wishes)


async def run_by_id(run_id: UUID) -> RunRecord | None:
    found = await row("SELECT * FROM assignment_run WHERE id = {}", run_id)
    return _run_record(found) if found else None


async def runs_of(event_id: UUID, before: UUID | None = None, limit: int = 100) -> list[RunRecord]:
    """Newest first; `before` is the last id of the page before (ids sort by creation)."""
    if before is None:
        found = await rows(
            "SELECT * FROM assignment_run WHERE event = {} ORDER BY id DESC LIMIT {}", event_id, limit
        )
    else:
        found = await rows(
            "SELECT * FROM assignment_run WHERE event = {} AND id < {} ORDER BY id DESC LIMIT {}",
            event_id,
            before,
            limit,
        )
    return [_run_record(run) for run in found]


async def published_runs(event_id: UUID) -> list[RunRecord]:
    """Those in force, the newest first."""
    found = await rows(
        "SELECT * FROM assignment_run WHERE event = {} AND status = {} ORDER BY published_at DESC, id DESC",
        event_id,
        RunStatus.PUBLISHED.value,
    )
    return [_run_record(run) for run in found]


async def people_at_two_places(event_id: UUID) -> int:
    """How many have places in two sessions that are at the same time."""
    found = await rows(
        "SELECT count(DISTINCT a.registration) AS n FROM session s JOIN place a ON a.session = s.id"
        " JOIN registration r ON r.id = a.registration AND r.status = 'confirmed'"
        " JOIN place b ON b.registration = a.registration AND b.id <> a.id"
        " JOIN session t ON t.id = b.session"
        " WHERE s.event = {} AND s.starts_at < t.ends_at AND t.starts_at < s.ends_at",
        event_id,
    )
    return int(found[0]["n"])


async def placed_then(event_id: UUID) -> set[UUID]:
    """Whom the published placement was computed for."""
    found = await rows(
        "SELECT DISTINCT p.registration FROM run_place p JOIN assignment_run a ON a.id = p.run"
        " WHERE a.event = {} AND a.status = {}",
        event_id,
        RunStatus.PUBLISHED.value,
    )
    return {place["registration"] for place in found}


async def run_places(run_id: UUID) -> list[RunPlaceRecord]:
    """In order of registration (the waiting list's order), then of slot."""
    found = await rows(
        "SELECT p.registration AS registration_id, p.session AS session_id, p.slot, p.rank, p.reason,"
        " p.locked FROM run_place p JOIN registration r ON r.id = p.registration"
        " WHERE p.run = {} ORDER BY r.arrival, p.slot",
        run_id,
    )
    return [msgspec.convert(place, RunPlaceRecord) for place in found]


def _place_record(found: dict[str, Any]) -> PlaceRecord:
    return PlaceRecord(
        registration_id=found["p_registration"],
        session=(session := session_record({k: v for k, v in found.items() if not k.startswith("p_")})),
        slot=session.slot_key,
        rank=found["p_rank"],
        source=PlaceSource(found["p_source"]),
        assigned_at=found["p_assigned_at"],
        calendar_sequence=found["p_calendar_sequence"],
        entry_key=found["p_slot"],
    )


def _by_registration(found: list[dict[str, Any]]) -> dict[UUID, list[PlaceRecord]]:
    places = defaultdict(list)
    for place in found:
        places[place["p_registration"]].append(_place_record(place))
    return dict(places)


def _run_record(found: dict[str, Any]) -> RunRecord:
    kept = msgspec.json.decode(found["outcome"], type=KeptOutcome)
    return RunRecord(
        id=found["id"],
        event_id=found["event"],
        slot=found["slot"],
        objective=found["objective"],
        seed=int(found["seed"]),
        status=RunStatus(found["status"]),
        inputs_digest=found["inputs_digest"],
        request=msgspec.json.decode(found["request"], type=RunRequest),
        digests=kept.digests,
        outcome=kept.outcome,
        proven=kept.proven,
        by_hand=kept.by_hand,
        certificate=msgspec.Raw(found["certificate"].encode()),
        revision=found["revision"],
        created_at=found["created_at"],
        created_by=found["created_by"],
        published_at=found["published_at"],
    )


async def places_in(session_id: UUID) -> SessionUse:
    found = await row("SELECT count(*) AS n FROM place WHERE session = {}", session_id)
    return SessionUse(placed=found["n"] if found else 0)
