"""The three feeds: the territory's agenda, one event with its programme, one participant's appointments.

A feed is kept until something changed that it says: one indexed read tells. Serialising an event costs
0.3 ms, joining 5,000 serialised ones 2 ms: those of the agenda are kept by their revision.
"""

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from msgspec.structs import replace

from events_app.features.calendars.entries import place_entry, registration_entry, seats_entry
from events_app.features.calendars.feeds import CANCELLED_STAYS, Feed, FeedEntry, assemble, leaves_at
from events_app.features.calendars.filters import AgendaFilter
from events_app.features.calendars.queries import (
    Version,
    agenda_changed_at,
    event_version,
    events_by_id,
    listed_events,
)
from events_app.features.events.calendar import event_entry, session_entry
from events_app.features.events.model import EventStatus
from events_app.features.events.queries import event_by_id, event_by_slug, sessions_of
from events_app.features.networking.personal import appointments_of
from events_app.features.registration.model import RegistrationStatus
from events_app.features.registration.queries import by_feed_token
from events_app.features.workshops.queries import places_of
from events_app.infra.database import Engine, change_stamp, engine, read_snapshot
from events_app.infra.deployment import addresses
from events_app.infra.world import World
from events_app.kernel.errors import NotFound
from events_app.kernel.text import is_slug
from events_app.outputs.calendar import EntryStatus, FeedHeader, entry_bytes, publication

EVENT_FEEDS_KEPT = 300  # in memory, 2-20 kB each
WHOLE_AGENDA = AgendaFilter()
_COLOUR = "brown"  # the nearest of CSS3's names to our brick
# Two changes can carry one millisecond, and a transaction can be longer on its way than a later one: what was
# made so soon after the last change is made again.
_SETTLED_AFTER = timedelta(seconds=2)

Kept = tuple[datetime | None, datetime, Feed]


class KeptFeed(msgspec.Struct):
    """`stamp` is the database's own (`change_stamp`) when the feed was last known to be true."""

    version: Version
    feed: Feed
    stamp: tuple[int, int] | None


class _Kept:
    """What this process keeps of one database's feeds."""

    def __init__(self) -> None:
        self.serialised: dict[UUID, tuple[int, bytes]] = {}
        self.agenda: Kept | None = None
        self.of_event: OrderedDict[str, KeptFeed] = OrderedDict()
        self.making_agenda = asyncio.Lock()  # one request makes it, the others wait for it


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def _of_this_database() -> _Kept:
    return _kept.setdefault(engine(), _Kept())


async def agenda_feed(world: World, wanted: AgendaFilter = WHOLE_AGENDA) -> Feed:
    """Announced public events; their sessions stand in each event's own feed. Only the whole is kept."""
    kept = _of_this_database()
    if wanted != WHOLE_AGENDA:
        return await _make_agenda(world, kept, world.now(), wanted)
    if found := _still_good(kept.agenda, await agenda_changed_at(), world.now()):
        return found
    async with kept.making_agenda:
        changed_at, now = await agenda_changed_at(), world.now()
        found = _still_good(kept.agenda, changed_at, now)
        if found is None:
            found = await _make_agenda(world, kept, now, WHOLE_AGENDA)
            kept.agenda = changed_at, now, found
        return found


def _still_good(kept: Kept | None, changed_at: datetime | None, now: datetime) -> Feed | None:
    if kept is None or kept[0] != changed_at:
        return None
    _, made_at, feed = kept
    settled = changed_at is None or made_at - changed_at >= _SETTLED_AFTER
    return feed if settled and feed.is_good(now) else None


async def _make_agenda(world: World, kept: _Kept, now: datetime, wanted: AgendaFilter) -> Feed:
    known, at = kept.serialised, await addresses(world)
    async with read_snapshot():
        listed = await listed_events(wanted)
        fresh = [event.id for event in listed if known.get(event.id, (0,))[0] != event.revision]
        records = await events_by_id(fresh)

    def serialise() -> dict[UUID, tuple[int, bytes]]:
        return {event.id: (event.revision, entry_bytes(event_entry(at, event))) for event in records}

    # In a thread: after a start 5,000 events take more than a second.
    made = await asyncio.to_thread(serialise)
    present = {event.id: made.get(event.id) or known[event.id] for event in listed}
    kept.serialised = present if wanted == WHOLE_AGENDA else known | made
    header = FeedHeader(
        name=f"{world.settings.site_name} - {world.settings.territory}",
        source=world.url("/calendar.ics" + wanted.query),
        url=world.url("/"),
        color=_COLOUR,
    )
    entries = [
        FeedEntry(present[event.id][1], event.updated_at, leaves_at(event.status, event.cancelled_at))
        for event in listed
    ]
    return assemble(header, entries, {event.timezone for event in listed}, now)


async def event_feed(world: World, slug: str) -> Feed:
    """The event and all sessions of its programme. Raises `NotFound`, also for a draft.

    Sessions leave the time free: several run at once, and the event itself is what fills the day.
    """
    kept, now, stamp = _of_this_database(), world.now(), change_stamp()
    found = kept.of_event.get(slug)
    if found is not None and stamp is not None and found.stamp == stamp and found.feed.is_good(now):
        kept.of_event.move_to_end(slug)
        return found.feed
    version = await event_version(slug) if is_slug(slug) else None
    if version is None:
        kept.of_event.pop(slug, None)
        raise NotFound
    if found is not None and found.version == version and found.feed.is_good(now):
        kept.of_event.move_to_end(slug)
        found.stamp = stamp
        return found.feed
    made = await _make_event_feed(world, slug, now)
    kept.of_event[slug] = KeptFeed(version, made, stamp)
    if len(kept.of_event) > EVENT_FEEDS_KEPT:
        kept.of_event.popitem(last=False)
    return made


async def _make_event_feed(world: World, slug: str, now: datetime) -> Feed:
    async with read_snapshot():
        event = await event_by_slug(slug)
        sessions = await sessions_of(event.id) if event else []
    if event is None or event.status is EventStatus.DRAFT:
        raise NotFound
    at, leaves = await addresses(world), leaves_at(event.status, event.cancelled_at)
    whole = event_entry(at, event)
    entries = [FeedEntry(entry_bytes(whole), event.updated_at, leaves)]
    for session in sessions:
        entry = replace(session_entry(at, event, session), related_to=whole.uid, transparent=True)
        gone = session.closed_at + CANCELLED_STAYS if session.closed_at else None
        entries.append(FeedEntry(entry_bytes(entry), entry.changed_at, leaves or gone))
    header = FeedHeader(
        name=event.title,
        description=event.summary,
        source=world.url(f"/events/{event.slug}/calendar.ics"),
        url=world.url(f"/events/{event.slug}"),
        color=_COLOUR,
    )
    return assemble(header, entries, [event.timezone], now)


async def session_feed(world: World, slug: str, code: str) -> Feed:
    """One session of a programme, to be followed wherever it is moved. Raises `NotFound`."""
    async with read_snapshot():
        event = await event_by_slug(slug) if is_slug(slug) else None
        sessions = await sessions_of(event.id) if event else []
    session = next((each for each in sessions if each.code == code), None)
    if event is None or session is None or event.status is EventStatus.DRAFT:
        raise NotFound
    entry = session_entry(await addresses(world), event, session)
    gone = session.closed_at + CANCELLED_STAYS if session.closed_at else None
    leaves = leaves_at(event.status, event.cancelled_at) or gone
    header = FeedHeader(
        name=session.title,
        source=world.url(f"/events/{event.slug}/sessions/{session.code}/calendar.ics"),
        url=world.url(f"/events/{event.slug}"),
        color=_COLOUR,
    )
    entries = [FeedEntry(entry_bytes(entry), entry.changed_at, leaves)]
    return assemble(header, entries, [event.timezone], world.now())


async def event_file(world: World, slug: str) -> bytes:
    """The event as one entry, to be put into a calendar once. Raises `NotFound`, also for a draft."""
    event = await event_by_slug(slug) if is_slug(slug) else None
    if event is None or event.status is EventStatus.DRAFT:
        raise NotFound
    return publication(event_entry(await addresses(world), event))


async def personal_feed(world: World, token: str) -> Feed:
    """One registration and its session places. Raises `NotFound`, also once the link was revoked.

    Not the person's other registrations: whoever registered somebody else's address would read them here.
    The feed's own address stays out of it, for people share what their calendar shows.
    """
    async with read_snapshot():
        registration = await by_feed_token(token)
        if registration is None or registration.erased_at is not None:
            raise NotFound
        event = await event_by_id(registration.event_id)
        places = await places_of(registration.id)
        confirmed = registration.status is RegistrationStatus.CONFIRMED
        seats = await appointments_of(event, registration.id) if event and confirmed else []
    if event is None:
        raise NotFound
    at = await addresses(world)
    entries = [registration_entry(at, event, registration, places)]
    entries += [place_entry(at, event, registration, place) for place in places]
    entries += [seats_entry(at, event, registration, each) for each in seats]
    postponed = event.status is EventStatus.POSTPONED
    header = FeedHeader(name=event.title, url=world.url(f"/events/{event.slug}"), color=_COLOUR)
    return assemble(
        header,
        [
            FeedEntry(
                entry_bytes(entry),
                max(entry.changed_at, event.updated_at),
                entry.changed_at + CANCELLED_STAYS
                if entry.status is EntryStatus.CANCELLED and not postponed
                else None,
            )
            for entry in entries
        ],
        [event.timezone],
        world.now(),
    )
