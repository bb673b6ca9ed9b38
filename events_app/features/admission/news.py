"""What a device asks for again and again: who came and went since, and which of its scans need a look."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from events_app.features.admission.door_list import list_id
from events_app.features.admission.facts import EVENT_DOOR
from events_app.features.admission.scan import Outcome, Reason
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import counts_of_one, sessions_of
from events_app.infra.database import rows

_MOST: Final = 5000
_MOST_CONFLICTS: Final = 100
_OVERLAP: Final = timedelta(seconds=20)
"""Of transactions that began before and were committed after: what a device has twice is the same twice."""


class Whereabouts(Struct, frozen=True, omit_defaults=True):
    """Somebody at one point: `id` as in the manifest, `point` a session's code or "" for the event's door.
    Without `first_at`: never came, or all of it was undone."""

    id: str
    point: str = ""
    inside: bool = False
    first_at: datetime | None = None
    first_gate: str = ""


class ScanConflict(Struct, frozen=True):
    """A scan that a supervisor should see, and what it met."""

    scan_id: str
    device: str
    name: str
    gate: str
    session: str
    scanned_at: datetime
    outcome: Outcome
    reason: Reason
    first_at: datetime | None
    first_gate: str
    detail: str = ""


class News(Struct, frozen=True):
    """`more`: ask again at once, with this `cursor`."""

    server_time: datetime
    cursor: str
    more: bool
    people: list[Whereabouts]
    inside: dict[str, int]
    """By session, how many are inside."""
    conflicts: list[ScanConflict]
    places_left: int | None
    """For whoever comes without a registration; null: no limit."""


async def news(
    event: EventRecord, deployment_id: bytes, now: datetime, since: str = "", device: str = ""
) -> News:
    """`since`: the last cursor; another text means from the beginning."""
    after, after_id = _read_cursor(since)
    codes = await codes_of(event.id)
    found = await rows(  # index presence_changed
        "SELECT p.id, p.point, p.inside, p.first_at, p.first_gate, p.changed_at, r.ticket_id FROM presence p"
        " JOIN registration r ON r.id = p.registration"
        " WHERE p.event = {} AND (p.changed_at > {} OR (p.changed_at = {} AND p.id > {}))"
        f" ORDER BY p.changed_at, p.id LIMIT {_MOST}",
        event.id,
        after,
        after,
        after_id,
    )
    people = [
        Whereabouts(
            list_id(deployment_id, event.number, each["ticket_id"]),
            codes[each["point"]],
            bool(each["inside"]),
            each["first_at"],
            each["first_gate"] or "",
        )
        for each in found
        if each["point"] in codes
    ]
    more = len(found) == _MOST
    if not more:
        people += await _gone(event, deployment_id, after, codes)
    last = _cursor(found[-1]["changed_at"], found[-1]["id"]) if more else ""
    return News(
        server_time=now,
        cursor=last or _cursor(now - _OVERLAP, UUID(int=0)),
        more=more,
        people=people,
        inside=await _inside(event.id, codes),
        conflicts=await conflicts_of(event.id, codes, device) if device else [],
        places_left=(await counts_of_one(event.id)).left(event.capacity),
    )


async def codes_of(event_id: UUID) -> dict[str, str]:
    """A session's code by its point; the event's own door is ""."""
    return {session.id.hex: session.code for session in await sessions_of(event_id)} | {EVENT_DOOR: ""}


def _cursor(moment: datetime, last: UUID) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{last.hex}"


def _read_cursor(text: str) -> tuple[datetime, UUID]:
    moment, _, last = text.partition("-")
    try:
        return datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), UUID(last)
    except ValueError:
        return datetime(2000, 1, 1, tzinfo=UTC), UUID(int=0)


async def _gone(
    event: EventRecord, deployment_id: bytes, after: datetime, codes: dict[str, str]
) -> list[Whereabouts]:
    """Whose only entry at a point was undone; partial index scan_undone."""
    found = await rows(
        "SELECT DISTINCT r.ticket_id, s.registration_id, s.session_id FROM scan s"
        " JOIN registration r ON r.id = s.registration_id"
        " WHERE s.event = {} AND s.received_at >= {} AND s.voids IS NOT NULL",
        event.id,
        after,
    )
    gone = []
    for each in found:
        point = each["session_id"].hex if each["session_id"] else EVENT_DOOR
        there = await rows(  # unique index presence_once
            "SELECT 1 FROM presence WHERE registration = {} AND point = {}", each["registration_id"], point
        )
        if not there and point in codes:
            gone.append(Whereabouts(list_id(deployment_id, event.number, each["ticket_id"]), codes[point]))
    return gone


async def _inside(event_id: UUID, codes: dict[str, str]) -> dict[str, int]:
    found = await rows(  # primary key
        "SELECT name, inside FROM presence_count WHERE event = {} AND kind = 'point'", event_id
    )
    return {codes[each["name"]]: each["inside"] for each in found if each["name"] in codes}


async def conflicts_of(event_id: UUID, codes: dict[str, str], device: str = "") -> list[ScanConflict]:
    """Newest first; with a device, those of its own scans and of people whom it let in; partial index
    scan_flagged."""
    concerned = (
        " AND (s.device = {} OR EXISTS (SELECT 1 FROM scan o WHERE o.registration_id = s.registration_id"
        " AND o.device = {} AND o.outcome = 'admitted'))"
    )
    found = await rows(
        "SELECT s.scan_id, s.device, s.gate, s.session_id, s.scanned_at, s.outcome, s.reason,"
        " r.given_name, r.family_name, p.first_at, p.first_gate FROM scan s"
        " LEFT JOIN registration r ON r.id = s.registration_id AND r.erased_at IS NULL"
        " LEFT JOIN presence p ON p.registration = s.registration_id AND p.point = ''"
        " WHERE s.event = {} AND s.flagged AND NOT EXISTS (SELECT 1 FROM scan v WHERE v.event = s.event"
        " AND v.voids IS NOT NULL AND v.voids = s.scan_id AND v.voids_device = s.device)"
        f"{concerned if device else ''} ORDER BY s.received_at DESC, s.id LIMIT {_MOST_CONFLICTS}",
        event_id,
        *([device, device] if device else []),
    )
    return [_conflict(each, codes) for each in found]


def _conflict(each: dict[str, Any], codes: dict[str, str]) -> ScanConflict:
    return ScanConflict(
        scan_id=each["scan_id"],
        device=each["device"],
        name=f"{each['given_name'] or ''} {each['family_name'] or ''}".strip(),
        gate=each["gate"],
        session=codes.get(each["session_id"].hex, "") if each["session_id"] else "",
        scanned_at=each["scanned_at"],
        outcome=Outcome(each["outcome"]),
        reason=Reason(each["reason"]),
        first_at=each["first_at"],
        first_gate=each["first_gate"] or "",
    )
