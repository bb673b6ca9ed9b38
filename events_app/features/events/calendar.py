"""What an event and its sessions say in a calendar: the same in every feed, in the API and in invitations."""

from datetime import UTC, date, datetime, timedelta

import msgspec

from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.infra.deployment import Addresses
from events_app.kernel.civil_time import to_wall
from events_app.outputs.calendar import CalendarEntry, EntryStatus

_PREFIXES = {
    ("fr", EventStatus.CANCELLED): "ANNULÉ : ",
    ("fr", EventStatus.POSTPONED): "REPORTÉ : ",
    ("en", EventStatus.CANCELLED): "CANCELLED: ",
    ("en", EventStatus.POSTPONED): "POSTPONED: ",
}


class CalendarAnswer(msgspec.Struct, frozen=True):
    """What the entry in the feeds says; start and end are instants in UTC, or dates with an exclusive end.

    They are texts here because no JSON schema of msgspec's can say "one or the other".
    """

    uid: str
    start: str
    end: str
    summary: str
    location: str
    status: str
    sequence: int


def event_entry(at: Addresses, event: EventRecord) -> CalendarEntry:
    """The public entry. An event of several days stands there as whole days; its sessions have their hours.

    Nothing takes place at the old time of a postponed event: its entry is struck out until a new date is set.
    """
    start: datetime | date = event.starts_at
    end: datetime | date = event.ends_at
    if event.several_days:
        start = to_wall(event.starts_at, event.timezone).date()
        # An end at midnight belongs to the day before it.
        end = to_wall(event.ends_at - timedelta(seconds=1), event.timezone).date() + timedelta(days=1)
    return CalendarEntry(
        uid=at.uid(f"event-{event.id}"),
        sequence=event.calendar_sequence,
        changed_at=event.calendar_changed_at,
        start=start,
        end=end,
        timezone=event.timezone,
        summary=event.title,
        status=_status(event),
        cancelled_prefix=_prefix(event),
        description=event.summary,
        location=venue_line(event),
        geo=_geo(event),
        url=f"{at.base_url}/events/{event.slug}",
        image_url=f"{at.base_url}/files/{event.image_id}" if event.image_id else "",
    )


def session_entry(at: Addresses, event: EventRecord, session: SessionRecord) -> CalendarEntry:
    """A session's own entry; it changes with the session and with its event."""
    return CalendarEntry(
        uid=at.uid(f"session-{session.id}"),
        sequence=session.calendar_sequence + event.calendar_sequence,
        changed_at=max(session.calendar_changed_at, event.calendar_changed_at),
        start=session.starts_at,
        end=session.ends_at,
        timezone=event.timezone,
        summary=session.title,
        status=_status(event) if session.takes_place else EntryStatus.CANCELLED,
        cancelled_prefix=_prefix(event) or _PREFIXES.get((event.language, EventStatus.CANCELLED), ""),
        description="\n\n".join(part for part in (event.title, session.description) if part),
        location=", ".join(part for part in (session.room, venue_line(event)) if part),
        geo=_geo(event),
        url=f"{at.base_url}/events/{event.slug}",
    )


def calendar_answer(entry: CalendarEntry) -> CalendarAnswer:
    cancelled = entry.status is EntryStatus.CANCELLED
    return CalendarAnswer(
        uid=entry.uid,
        start=_text(entry.start),
        end=_text(entry.end),
        summary=entry.cancelled_prefix + entry.summary if cancelled else entry.summary,
        location=entry.location,
        status=entry.status.value,
        sequence=entry.sequence,
    )


def _text(moment: datetime | date) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return moment.isoformat()


def venue_line(event: EventRecord) -> str:
    """« Maison syndicale des mineurs, 32 rue Casimir-Beugnet, Lens »."""
    address = event.venue_address
    commune = event.venue_commune if event.venue_commune.casefold() not in address.casefold() else ""
    return ", ".join(part for part in (event.venue_name, address, commune) if part)


def _status(event: EventRecord) -> EntryStatus:
    if event.status in (EventStatus.CANCELLED, EventStatus.POSTPONED):
        return EntryStatus.CANCELLED
    return EntryStatus.TENTATIVE if event.status is EventStatus.DRAFT else EntryStatus.CONFIRMED


def announced_title(event: EventRecord) -> str:
    """In the event's language: what is off says so before its title."""
    return _prefix(event) + event.title


def _prefix(event: EventRecord) -> str:
    return _PREFIXES.get((event.language, event.status), "")


def _geo(event: EventRecord) -> tuple[float, float] | None:
    if event.venue_latitude is None or event.venue_longitude is None:
        return None
    return event.venue_latitude, event.venue_longitude
