"""How long somebody was there, by half-days: from the readings at the doors. Pure but for its one query.

Whoever came in and was not seen leaving stayed until what was open that day closed; whoever came early was
there from the opening on. A session's own door says that its session was attended from then on.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.infra.database import rows
from events_app.kernel.civil_time import to_wall, zone

NOON = time(13)  # where the morning ends, on the event's clock

Span = tuple[datetime, datetime]


class Reading(msgspec.Struct, frozen=True):
    """One that let somebody in or out. `session_id` None: at the event's own door."""

    scanned_at: datetime
    direction: str
    session_id: UUID | None


class HalfDay(msgspec.Struct, frozen=True):
    day: date
    is_morning: bool
    came_at: datetime
    left_at: datetime
    minutes: int


class Attendance(msgspec.Struct, frozen=True):
    """Until now, while the event goes on."""

    minutes: int
    half_days: list[HalfDay]


def opening_hours(event: EventRecord, sessions: Sequence[SessionRecord]) -> list[Span]:
    """Day by day: of a long event, from the first session of the day to its last."""
    where = event.timezone
    first, last = to_wall(event.starts_at, where), to_wall(event.ends_at, where)
    days = [first.date() + timedelta(days=number) for number in range((last.date() - first.date()).days + 1)]
    spans = []
    for day in days:
        midnight, next_midnight = _at(day, time(), where), _at(day + timedelta(days=1), time(), where)
        begun = [
            each for each in sessions if to_wall(each.starts_at, where).date() == day and each.takes_place
        ]
        opens, closes = max(event.starts_at, midnight), min(event.ends_at, next_midnight)
        if begun and len(days) > 1:
            opens = max(opens, min(each.starts_at for each in begun))
            closes = min(closes, max(each.ends_at for each in begun))
        elif len(days) > 1:  # nothing says when such a day ended: as the first began, as the last ended
            opens, closes = (
                max(opens, _at(day, first.time(), where)),
                min(closes, _at(day, last.time(), where)),
            )
        if opens < closes:
            spans.append((opens, closes))
    return spans


def attended(
    event: EventRecord, sessions: Sequence[SessionRecord], readings: Iterable[Reading], now: datetime
) -> Attendance:
    """No half-days for whoever was not there. `readings` in the order of time, none that was taken back."""
    by_door: dict[UUID | None, list[Reading]] = {}
    for reading in readings:
        by_door.setdefault(reading.session_id, []).append(reading)
    there: list[Span] = []
    for span in opening_hours(event, sessions):
        there += _within(span, by_door.get(None, []))
    for session in sessions:
        there += _within((session.starts_at, session.ends_at), by_door.get(session.id, []))
    past = [(start, min(end, now)) for start, end in _joined(there) if start < now]
    half_days = _half_days(past, event.timezone)
    return Attendance(sum(each.minutes for each in half_days), half_days)


def _within(span: Span, readings: Sequence[Reading]) -> list[Span]:
    """Of one door; what was read before the day of the span says nothing about it."""
    opens, closes = span
    found: list[Span] = []
    came: datetime | None = None
    for reading in readings:
        if not opens - timedelta(hours=6) <= reading.scanned_at < closes:
            continue
        if reading.direction == "in":
            came = came or max(reading.scanned_at, opens)
        elif came is not None:
            found.append((came, max(came, reading.scanned_at)))
            came = None
    if came is not None:
        found.append((came, closes))
    return [(start, end) for start, end in found if start < end]


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _half_days(spans: Iterable[Span], where: str) -> list[HalfDay]:
    parts: dict[tuple[date, bool], list[Span]] = {}
    for span in spans:
        start, end = span
        while start < end:
            wall = to_wall(start, where)
            is_morning = wall.time() < NOON
            day = wall.date()
            until = _at(day, NOON, where) if is_morning else _at(day + timedelta(days=1), time(), where)
            stop = min(end, until)
            parts.setdefault((day, is_morning), []).append((start, stop))
            start = stop
    return [
        HalfDay(
            day,
            is_morning,
            came_at=spent[0][0],
            left_at=spent[-1][1],
            minutes=round(sum((end - start).total_seconds() for start, end in spent) / 60),
        )
        for (day, is_morning), spent in sorted(parts.items(), key=lambda each: (each[0][0], not each[0][1]))
    ]


def _at(day: date, hour: time, zone_name: str) -> datetime:
    """Also where clocks skip that hour: then it is the hour after."""
    return datetime.combine(day, hour, tzinfo=zone(zone_name)).astimezone(UTC)


async def readings_of(registration_id: UUID) -> list[Reading]:
    """In the order of time, without those that were taken back (index scan_registration)."""
    found = await rows(
        "SELECT n.scanned_at, n.direction, n.session_id FROM scan n WHERE n.registration_id = {}"
        " AND n.outcome IN ('admitted', 'already_admitted', 'left') AND n.voids IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM scan v WHERE v.registration_id = n.registration_id"
        " AND v.voids = n.scan_id AND v.voids_device = n.device) ORDER BY n.scanned_at, n.id",
        registration_id,
    )
    return [msgspec.convert(each, Reading) for each in found]
