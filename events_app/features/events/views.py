"""What pages show of an event, in words: days, places, the programme, what can be done now."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec
from babel.dates import format_date

from events_app.features.events.calendar import venue_line
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord, Visibility
from events_app.features.events.places import MANY, EventCounts, Outlook, free_places, outlook
from events_app.infra.i18n import Translator
from events_app.kernel.civil_time import to_wall


class Standing(msgspec.Struct, frozen=True):
    """Where registration stands. `state` is a badge of the look; `action` is the label of the one button."""

    state: str
    places: str
    action: str = ""
    remark: str = ""


class Announcement(msgspec.Struct, frozen=True):
    """One line of the agenda."""

    event: EventRecord
    tile: dict[str, str]
    when: str
    where: str
    standing: Standing
    day: str
    hours: str
    """On one day only: empty for an event of several."""


def day_tile(event: EventRecord, words: Translator) -> dict[str, str]:
    day = to_wall(event.starts_at, event.timezone).date()
    return {
        "month": format_date(day, "MMM", locale=words.language),
        "day": str(day.day),
        "weekday": format_date(day, "EEE", locale=words.language),
        "iso": day.isoformat(),
    }


def month_of(event: EventRecord, words: Translator) -> str:
    return month_words(to_wall(event.starts_at, event.timezone).date(), words)


def month_words(day: date, words: Translator) -> str:
    """« Avril 2018 »."""
    label = format_date(day, "LLLL y", locale=words.language)
    return label[:1].upper() + label[1:]


def standing(event: EventRecord, counts: EventCounts, now: datetime, words: Translator) -> Standing:
    _ = words.gettext
    if event.status is not EventStatus.PUBLISHED:
        return Standing(event.status.value, "")
    if event.ends_at <= now:
        return Standing("past", _("This event is over."))
    if not event.registration_required:
        return Standing("published", _("Free entry, no registration"))
    places = _places_left(event, counts, words)
    promise = outlook(event.capacity, counts, approval=event.approval, waiting_list=event.waiting_list)
    if not event.registration_is_open(now):
        opens = event.registration_opens_at
        if opens is not None and now < opens:
            return Standing(
                "closed", places, remark=_("Registration opens on %s.") % words.moment(opens, event.timezone)
            )
        return Standing("closed", _("Registration is closed"))
    if promise is Outlook.FULL:
        return Standing("full", places)
    if event.visibility is Visibility.INVITED:
        remark = _("By invitation: please use the link in your invitation.")
        return Standing("full" if counts.left(event.capacity) == 0 else "open", places, "", remark)
    if promise is Outlook.WAITING:
        return Standing("full", places, _("Join the waiting list"))
    remark = _("The organiser confirms each registration.") if event.approval else ""
    full = counts.left(event.capacity) == 0
    return Standing("full" if full else "open", places, _("Register"), remark)


def _places_left(event: EventRecord, counts: EventCounts, words: Translator) -> str:
    _ = words.gettext
    left = counts.left(event.capacity)
    if left is None:
        return _("Places are available")
    if left:
        if left >= MANY:
            return _("More than %s places left") % words.number(MANY - 1)
        small = event.capacity is not None and event.capacity < MANY
        return _("Places are available") if small else _("Few places left")
    if free_places(event.capacity, counts.confirmed):
        return _("No place left: what is free is kept for the waiting list")
    return _("All places are taken")


def announcement(event: EventRecord, counts: EventCounts, now: datetime, words: Translator) -> Announcement:
    return Announcement(
        event.spoken_in(words.language),
        day_tile(event, words),
        words.when(event.starts_at, event.ends_at, event.timezone),
        ", ".join(part for part in (event.venue_name, event.venue_commune) if part),
        standing(event, counts, now, words),
        words.date(to_wall(event.starts_at, event.timezone).date()),
        "" if _over_days(event) else words.times(event.starts_at, event.ends_at, event.timezone),
    )


def _over_days(event: EventRecord) -> bool:
    starts, ends = (to_wall(moment, event.timezone).date() for moment in (event.starts_at, event.ends_at))
    return starts != ends


def next_change(event: EventRecord, now: datetime) -> datetime:
    """Until when the page says the same, as far as the clock alone changes it."""
    moments = (event.registration_opens_at, event.registration_until, event.ends_at)
    return min((moment for moment in moments if moment and moment > now), default=now + timedelta(days=1))


def programme_days(
    event: EventRecord, sessions: Sequence[SessionRecord], words: Translator
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Slots of each day, with the day's name where there are several days."""
    days: dict[str, dict[tuple[datetime, datetime], list[SessionRecord]]] = {}
    for session in sessions:
        day = words.date(to_wall(session.starts_at, event.timezone).date())
        days.setdefault(day, {}).setdefault((session.starts_at, session.ends_at), []).append(session)
    return [
        (
            day if len(days) > 1 else "",
            [
                {
                    "start": words.time(to_wall(start, event.timezone)),
                    "end": words.time(to_wall(end, event.timezone)),
                    "starts_iso": start.isoformat(),
                    "sessions": [_session_view(session, words) for session in together],
                }
                for (start, end), together in slots.items()
            ],
        )
        for day, slots in days.items()
    ]


def _session_view(session: SessionRecord, words: Translator) -> dict[str, Any]:
    places = ""
    if session.capacity_max is not None:
        places = words.ngettext("%(num)s place", "%(num)s places", session.capacity_max) % {
            "num": words.number(session.capacity_max)
        }
    return {
        "title": session.title,
        "kind": session.kind.value,
        "summary": session.description,
        "room": session.room,
        "coach": session.coach,
        "places": places if session.takes_place else "",
        "closed": words.gettext("Does not take place") if session.closed_at else "",
    }


def map_link(event: EventRecord) -> str:
    """OpenStreetMap at the exact point, or its search for the address; empty without a place.
    An address on the web is none on the ground."""
    if event.venue_latitude is not None and event.venue_longitude is not None:
        at = f"{event.venue_latitude:.5f}/{event.venue_longitude:.5f}"
        latitude, _, longitude = at.partition("/")
        return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{at}"
    parts = (event.venue_address or event.venue_name, event.venue_commune)
    place = ", ".join(part for part in parts if part and not _WEB_ADDRESS.search(part))
    return "https://www.openstreetmap.org/search?query=" + quote(place) if place else ""


_WEB_ADDRESS = re.compile(r"://|\bwww\.", re.IGNORECASE)
_SCHEMA_STATUS = {
    EventStatus.CANCELLED: "EventCancelled",
    EventStatus.POSTPONED: "EventPostponed",
}


def json_ld(base_url: str, event: EventRecord, counts: EventCounts, standing_now: Standing) -> str:
    """schema.org/Event for search engines; `<`, `>` and `&` are escaped, so no text can end its element."""
    url = f"{base_url}/events/{event.slug}"
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": event.title,
        "description": event.summary,
        "startDate": _local(event.starts_at, event.timezone),
        "endDate": _local(event.ends_at, event.timezone),
        "inLanguage": event.language_of("title"),
        "isAccessibleForFree": True,
        "eventAttendanceMode": f"https://schema.org/{_attendance(event)}EventAttendanceMode",
        "eventStatus": f"https://schema.org/{_SCHEMA_STATUS.get(event.status, 'EventScheduled')}",
        "organizer": {"@type": "Organization", "name": event.body_name},
        "location": _location(url, event),
    }
    if event.image_id:
        data["image"] = f"{base_url}/files/{event.image_id}"
    if event.capacity is not None:
        data["maximumAttendeeCapacity"] = event.capacity
        if counts.left(event.capacity) == 0:
            data["remainingAttendeeCapacity"] = 0
    if standing_now.action:
        available = "InStock" if standing_now.state == "open" else "SoldOut"
        data["offers"] = {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "EUR",
            "url": f"{url}/register",
            "availability": f"https://schema.org/{available}",
        }
    text = msgspec.json.encode(data).decode()
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _local(instant: datetime, zone_name: str) -> str:
    """ISO 8601 wall time with its offset, as search engines want it."""
    wall = to_wall(instant, zone_name)
    offset = wall - instant.replace(tzinfo=None)
    sign = "-" if offset < timedelta(0) else "+"
    minutes = abs(int(offset.total_seconds())) // 60
    return f"{wall.isoformat(timespec='minutes')}{sign}{minutes // 60:02}:{minutes % 60:02}"


def _attendance(event: EventRecord) -> str:
    if not event.online_url:
        return "Offline"
    return "Mixed" if venue_line(event) else "Online"


def _location(url: str, event: EventRecord) -> dict[str, Any]:
    """Of an online event its page, which says who gets the link."""
    if _attendance(event) == "Online":
        return {"@type": "VirtualLocation", "url": url}
    place: dict[str, Any] = {
        "@type": "Place",
        "name": event.venue_name or event.venue_commune,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": event.venue_address,
            "addressLocality": event.venue_commune,
            "addressCountry": "FR",
        },
    }
    if event.venue_latitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": event.venue_latitude,
            "longitude": event.venue_longitude,
        }
    return place
