"""iCalendar (RFC 5545, 5546, 7986): entries of feeds, invitations and their cancellation.

Nothing here reads a clock: DTSTAMP and LAST-MODIFIED are the time of the entry's last change, so an unchanged
feed has unchanged bytes and a strong ETag works.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from icalendar import Calendar, Event, vCalAddress, vDuration, vGeo, vText, vUri
from msgspec import Struct
from msgspec.structs import replace

from events_app.kernel.civil_time import zone
from events_app.kernel.text import clean_block, clean_line
from events_app.outputs.timezones import timezone_bytes

PRODUCT_ID: Final = "-//Convive//Convive//FR"
REFRESH_EVERY: Final = timedelta(hours=6)

_END: Final = b"END:VCALENDAR\r\n"


class EntryStatus(StrEnum):
    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


class Method(StrEnum):
    """What an invitation file asks of the calendar program (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class CalendarEntry(Struct, frozen=True, kw_only=True):
    """One VEVENT. Texts may be anything; they are cleaned and escaped when written."""

    uid: str
    """Never changes: one for the public event, one per registration, one per session place."""
    sequence: int
    """The row's revision: grows with every change of time, place or status."""
    changed_at: datetime
    start: datetime | date
    """Aware for a timed entry, a date for an all-day one; `end` is of the same kind."""
    end: datetime | date
    """Exclusive, for dates too: a forum of 16-18 October ends on the 19th."""
    timezone: str = "Europe/Paris"
    """IANA name, in which a timed entry is written; unused for all-day entries."""
    summary: str
    status: EntryStatus = EntryStatus.CONFIRMED
    cancelled_prefix: str = "ANNULÉ : "
    """Goes before the summary of a cancelled entry, in the reader's language."""
    description: str = ""
    location: str = ""
    geo: tuple[float, float] | None = None
    """Latitude and longitude, in degrees."""
    url: str = ""
    image_url: str = ""
    categories: tuple[str, ...] = ()
    related_to: str = ""
    """The uid of the entry that this one follows (a second convocation) or belongs to."""
    transparent: bool = False
    """Whether the time stays free: an event that is only announced."""


class FeedHeader(Struct, frozen=True, kw_only=True):
    """What a subscribed calendar says of itself (RFC 7986)."""

    name: str
    description: str = ""
    source: str = ""
    """The feed's own address."""
    url: str = ""
    """The page that shows the same to people."""
    color: str = ""
    """A CSS3 colour name."""


class Mailbox(Struct, frozen=True):
    """One person or body with an e-mail address."""

    address: str
    name: str = ""


def entry_bytes(entry: CalendarEntry) -> bytes:
    """The serialised VEVENT, without organiser or attendee: what a feed holds. Costs 0.3 ms: keep it.

    Raises ValueError when start and end are not of one kind, when a time is naive, when the end precedes the
    start; its subclass UnknownZone when the zone has no such name.
    """
    return bytes(_event(entry).to_ical())


def feed(header: FeedHeader, entries: Iterable[bytes], timezones: Iterable[str]) -> bytes:
    """A calendar to subscribe to, from serialised entries; `timezones` are those that the entries name."""
    calendar = _calendar()
    calendar.add("NAME", _line(header.name))
    calendar.add("X-WR-CALNAME", _line(header.name))
    if header.description:
        calendar.add("DESCRIPTION", _block(header.description))
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH_EVERY), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH_EVERY))
    if header.color:
        calendar.add("COLOR", _line(header.color))
    if header.source:
        calendar.add("SOURCE", _uri(header.source), parameters={"VALUE": "URI"})
    if header.url:
        calendar.add("URL", _uri(header.url))
    return _assemble(calendar, timezones, entries)


def publication(entry: CalendarEntry) -> bytes:
    """One entry to be put into a calendar once (METHOD:PUBLISH, RFC 5546): nobody is asked to answer."""
    calendar = _calendar()
    calendar.add("METHOD", "PUBLISH")
    timezones = [entry.timezone] if isinstance(entry.start, datetime) else []
    return _assemble(calendar, timezones, [entry_bytes(entry)])


def invitation(entry: CalendarEntry, organizer: Mailbox, attendee: Mailbox, method: Method) -> bytes:
    """One entry sent to one person (iMIP, RFC 6047): accepted with a button, replaced by a later sequence.

    A CANCEL is written with STATUS:CANCELLED whatever the entry says; its sequence must already have grown.
    """
    if method is Method.CANCEL:
        entry = replace(entry, status=EntryStatus.CANCELLED)
    event = _event(entry)
    event.add("ORGANIZER", _calendar_address(organizer))
    guest = _calendar_address(attendee)
    guest.params["CUTYPE"] = "INDIVIDUAL"
    guest.params["ROLE"] = "REQ-PARTICIPANT"
    if method is Method.REQUEST:
        guest.params["PARTSTAT"] = "NEEDS-ACTION"
        guest.params["RSVP"] = "TRUE"
    event.add("ATTENDEE", guest)
    calendar = _calendar()
    calendar.add("METHOD", method.value)
    timezones = [entry.timezone] if isinstance(entry.start, datetime) else []
    return _assemble(calendar, timezones, [event.to_ical()])


class _Text(vText):
    """A text as RFC 5545 section 3.3.11 escapes it. icalendar's own escaping takes the two characters `\\N`
    in a text, as in `C:\\Nouveau dossier`, for a line break."""

    def to_ical(self) -> bytes:
        text = str(self)
        for character in "\\;,":
            text = text.replace(character, "\\" + character)
        return text.replace("\n", "\\n").encode()


def _line(text: str) -> _Text:
    return _Text(clean_line(text))


def _block(text: str) -> _Text:
    return _Text(clean_block(text))


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT_ID)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def _assemble(calendar: Calendar, timezones: Iterable[str], entries: Iterable[bytes]) -> bytes:
    head = calendar.to_ical().removesuffix(_END)
    zones = (timezone_bytes(name) for name in sorted(set(timezones)) if name != "UTC")
    return b"".join((head, *zones, *entries, _END))


def _event(entry: CalendarEntry) -> Event:
    start, end = _written_times(entry)
    cancelled = entry.status is EntryStatus.CANCELLED
    summary = entry.cancelled_prefix + entry.summary if cancelled else entry.summary
    event = Event()
    event.add("UID", _line(entry.uid))
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", entry.changed_at)
    event.add("LAST-MODIFIED", entry.changed_at)
    event.add("DTSTART", start)
    if end != start:  # DTEND must be later (RFC 5545 section 3.8.2.2); without it the entry is an instant
        event.add("DTEND", end)
    event.add("SUMMARY", _line(summary))
    event.add("STATUS", entry.status.value)
    event.add("TRANSP", "TRANSPARENT" if entry.transparent or cancelled else "OPAQUE")
    if entry.description:
        event.add("DESCRIPTION", _block(entry.description))
    if entry.location:
        event.add("LOCATION", _line(entry.location))
    if entry.geo:
        event.add("GEO", vGeo(entry.geo))
    if entry.url:
        event.add("URL", _uri(entry.url))
    if entry.image_url:
        event.add("IMAGE", _uri(entry.image_url), parameters={"VALUE": "URI", "DISPLAY": "BADGE"})
    if entry.categories:
        event.add(
            "CATEGORIES", [clean_line(category).replace("\\N", "\\ N") for category in entry.categories]
        )
    if entry.related_to:
        event.add("RELATED-TO", _line(entry.related_to))
    return event


def _written_times(entry: CalendarEntry) -> tuple[datetime | date, datetime | date]:
    """Local times of the entry's zone, or dates; UTC within a day of a clock change.

    A local time with TZID cannot say which of the two 02:30 is meant, readers guess differently, and some are
    an hour off on the whole day.
    """
    start, end = entry.start, entry.end
    if isinstance(start, datetime) and isinstance(end, datetime):
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError("calendar times must be aware")
        if end < start:
            raise ValueError("a calendar entry cannot end before it starts")
        local_zone = zone(entry.timezone)
        local = start.astimezone(local_zone), end.astimezone(local_zone)
        if any(_near_a_clock_change(time) for time in local):
            return start.astimezone(UTC), end.astimezone(UTC)
        return local
    if isinstance(start, datetime) or isinstance(end, datetime):
        raise ValueError("a calendar entry starts and ends either at times or on dates")
    if end <= start:
        raise ValueError("an all-day entry ends on the day after its last")
    return start, end


def _near_a_clock_change(time: datetime) -> bool:
    around = [time + timedelta(days=days) for days in (-1, 0, 1)]
    return len({moment.replace(fold=fold).utcoffset() for moment in around for fold in (0, 1)}) > 1


def _uri(address: str) -> vUri:
    """An address holds no blank and no line end; one that does could add a property of its own."""
    return vUri("".join(clean_line(address).split()))


def _calendar_address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress("mailto:" + "".join(clean_line(mailbox.address).split()))
    name = clean_line(mailbox.name).replace('"', "'")
    if name:
        address.params["CN"] = name
    return address
