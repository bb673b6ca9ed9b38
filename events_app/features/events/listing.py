"""Lists of events by date: filters, and cursors that stay right while events are added."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import EVENT_COLUMNS, EVENT_FROM, event_record
from events_app.infra.database import rows
from events_app.kernel.errors import N_, InvalidInput
from events_app.kernel.text import fold

MOST_SEARCH_WORDS = 8


class EventFilter(msgspec.Struct, frozen=True, kw_only=True):
    """`since`/`until`: events that are not over at the one and have begun before the other.
    Whoever organises also finds there what waits for a new date.

    `bodies`: also their drafts and unlisted events. `public`: what everybody finds in the agenda.
    """

    q: str = ""
    insee: str = ""
    insee_among: Sequence[str] = ()
    format: str = ""
    since: datetime | None = None
    until: datetime | None = None
    over_before: datetime | None = None
    statuses: Sequence[EventStatus] = ()
    bodies: Sequence[UUID] = ()
    public: bool = True
    only_event: UUID | None = None


async def list_events(
    wanted: EventFilter, limit: int, cursor: str | None = None
) -> tuple[list[EventRecord], str | None]:
    """Earliest first, with the next page's cursor. Raises `InvalidInput` for a cursor that is not ours."""
    where, args = _conditions(wanted)
    if cursor:
        starts_at, event_id = _decoded(cursor)
        where.append("(e.starts_at > {} OR (e.starts_at = {} AND e.id > {}))")
        args += [starts_at, starts_at, event_id]
    found = await rows(  # index event_agenda
        f"SELECT {EVENT_COLUMNS} FROM {EVENT_FROM} WHERE {' AND '.join(where)}"
        " ORDER BY e.starts_at, e.id LIMIT {}",
        *args,
        limit + 1,
    )
    events = [event_record(event) for event in found[:limit]]
    return events, _cursor(events[-1]) if len(found) > limit else None


async def announced_addresses() -> list[tuple[str, str]]:
    """Path and day of the last change of what everybody finds, the newest dates first."""
    found = await rows(
        "SELECT e.slug, e.updated_at FROM event e WHERE e.visibility = 'public' AND e.status <> 'draft'"
        " ORDER BY e.starts_at DESC, e.id LIMIT 40000"
    )
    return [(f"/events/{each['slug']}", str(each["updated_at"])[:10]) for each in found]


async def count_events(wanted: EventFilter) -> int:
    where, args = _conditions(wanted)
    found = await rows(f"SELECT count(*) AS n FROM {EVENT_FROM} WHERE {' AND '.join(where)}", *args)
    return int(found[0]["n"])


async def count_by_commune(wanted: EventFilter) -> dict[str, int]:
    """By INSEE code; what takes place elsewhere is left out."""
    where, args = _conditions(wanted)
    found = await rows(
        f"SELECT e.venue_insee, count(*) AS n FROM {EVENT_FROM} WHERE {' AND '.join(where)}"
        " AND e.venue_insee IS NOT NULL GROUP BY e.venue_insee",
        *args,
    )
    return {each["venue_insee"]: int(each["n"]) for each in found}


async def formats_among(wanted: EventFilter) -> list[str]:
    where, args = _conditions(wanted)
    found = await rows(
        f"SELECT DISTINCT e.format FROM {EVENT_FROM} WHERE {' AND '.join(where)} ORDER BY e.format", *args
    )
    return [each["format"] for each in found]


def _conditions(wanted: EventFilter) -> tuple[list[str], list[object]]:
    where: list[str] = []
    args: list[object] = []
    seen = ["e.status <> 'draft' AND e.visibility = 'public'"] if wanted.public else []
    if wanted.bodies:
        seen.append(f"e.body IN ({', '.join('{}' for _ in wanted.bodies)})")
        args += wanted.bodies
    where.append(f"({' OR '.join(seen)})" if seen else "1 = 0")
    if wanted.only_event is not None:
        where.append("e.id = {}")
        args.append(wanted.only_event)
    for word in fold(wanted.q[:200]).split()[:MOST_SEARCH_WORDS]:
        # Folding has left letters, digits and spaces only: no wildcard survives.
        where.append("e.search_text LIKE {}")
        args.append(f"%{word}%")
    if wanted.insee:
        where.append("e.venue_insee = {}")
        args.append(wanted.insee)
    if wanted.insee_among:
        where.append(f"e.venue_insee IN ({', '.join('{}' for _ in wanted.insee_among)})")
        args += wanted.insee_among
    if wanted.format:
        where.append("e.format = {}")
        args.append(wanted.format)
    if wanted.since is not None:
        where.append("e.ends_at > {}" if wanted.public else "(e.ends_at > {} OR e.status = 'postponed')")
        args.append(wanted.since)
    if wanted.until is not None:
        where.append("e.starts_at < {}")
        args.append(wanted.until)
    if wanted.over_before is not None:
        where.append("e.ends_at <= {} AND e.status <> 'postponed'")
        args.append(wanted.over_before)
    if wanted.statuses:
        where.append(f"e.status IN ({', '.join('{}' for _ in wanted.statuses)})")
        args += [status.value for status in wanted.statuses]
    return where, args


def _cursor(event: EventRecord) -> str:
    return base64.urlsafe_b64encode(f"{event.starts_at.isoformat()}|{event.id}".encode()).decode()


def _decoded(cursor: str) -> tuple[datetime, UUID]:
    try:
        moment, _, event_id = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").partition("|")
        starts_at = datetime.fromisoformat(moment)
        if starts_at.tzinfo is None:
            raise ValueError(cursor)
        return starts_at, UUID(event_id)
    except (ValueError, binascii.Error):
        raise InvalidInput.one("/cursor", "invalid", N_("This value cannot be accepted.")) from None
