"""The agenda for news readers: Atom (RFC 4287) and JSON Feed 1.1. Pure but for the reading."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec

from events_app.features.calendars.filters import AgendaFilter
from events_app.features.calendars.queries import events_by_id, events_to_come
from events_app.features.events.calendar import venue_line
from events_app.features.events.model import EventRecord, EventStatus
from events_app.infra.database import read_snapshot
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.text import clean_block, clean_line

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


async def upcoming(world: World, wanted: AgendaFilter) -> list[EventRecord]:
    """Announced public events that are not over, what changed last first."""
    async with read_snapshot():
        found = await events_by_id(await events_to_come(wanted, world.now()))
    return sorted(found, key=lambda event: (event.updated_at, event.id), reverse=True)


def atom(world: World, wanted: AgendaFilter, events: Sequence[EventRecord]) -> bytes:
    here, page = world.url("/agenda.atom" + wanted.query), world.url("/")
    entries = "".join(_entry(world, event) for event in events)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{escape(here)}</id><title>{_text(_title(world))}</title>"
        f"<updated>{_moment(max((event.updated_at for event in events), default=_NEVER))}</updated>"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(here)}/><link href={quoteattr(page)}/>'
        f"<author><name>{_text(world.settings.territory)}</name></author>{entries}</feed>\n"
    ).encode()


def _entry(world: World, event: EventRecord) -> str:
    link = quoteattr(world.url(f"/events/{event.slug}"))
    return (
        f"<entry xml:lang={quoteattr(event.language)}><id>urn:uuid:{event.id}</id>"
        f"<title>{escape(_headline(event))}</title><link href={link}/>"
        f"<published>{_moment(event.published_at or event.created_at)}</published>"
        f"<updated>{_moment(event.updated_at)}</updated>"
        f"<author><name>{_text(event.body_name)}</name></author>"
        f'<content type="text">{escape(_words(event))}</content></entry>'
    )


def json_feed(world: World, wanted: AgendaFilter, events: Sequence[EventRecord]) -> bytes:
    items: list[dict[str, Any]] = [
        {
            "id": f"urn:uuid:{event.id}",
            "url": world.url(f"/events/{event.slug}"),
            "title": _headline(event),
            "content_text": _words(event),
            "date_published": _moment(event.published_at or event.created_at),
            "date_modified": _moment(event.updated_at),
            "authors": [{"name": event.body_name}],
            "language": event.language,
        }
        for event in events
    ]
    return msgspec.json.encode(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _title(world),
            "home_page_url": world.url("/"),
            "feed_url": world.url("/agenda.json" + wanted.query),
            "language": "fr",
            "items": items,
        }
    )


def _title(world: World) -> str:
    return f"{world.settings.site_name} - {world.settings.territory}"


def _headline(event: EventRecord) -> str:
    words = translator(event.language)
    said = {
        EventStatus.CANCELLED: words.gettext("Cancelled: %(title)s"),
        EventStatus.POSTPONED: words.gettext("Postponed: %(title)s"),
    }.get(event.status, "%(title)s")
    return clean_line(said % {"title": event.title})


def _words(event: EventRecord) -> str:
    when = translator(event.language).when(event.starts_at, event.ends_at, event.timezone)
    shown = when if event.status is not EventStatus.POSTPONED else ""
    return clean_block("\n".join(part for part in (shown, venue_line(event), event.summary) if part))


def _text(text: str) -> str:
    return escape(clean_line(text))


def _moment(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
