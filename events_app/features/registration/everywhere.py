"""One field for all that one may see: events, people, sessions, organisations.

People are found by the index of their words, as in one event (docs/decisions/0066-search.md): the longest
word leads through the index of each of the reader's events, the others narrow.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.accounts.bodies import BodyRecord, worked_for
from events_app.features.registration.finding import HIGHEST, asked_together, asked_words
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import COLUMNS, registration_record
from events_app.features.registration.search import having
from events_app.infra.database import read_snapshot, rows
from events_app.kernel.actor import Actor, Role
from events_app.kernel.text import fold

MOST = 12  # of each kind
LOOKED_AT = 60  # people, before the newest events come first
EVENTS_READ = 2_000
PROGRAMMES_READ = 400  # of the newest events
SESSIONS_READ = 4_000


class OwnEvent(msgspec.Struct, frozen=True):
    """As little of it as is shown beside what was found in it."""

    id: UUID
    number: int
    slug: str
    title: str
    body: UUID
    starts_at: datetime
    ends_at: datetime
    timezone: str
    search_text: str


class FoundPerson(msgspec.Struct, frozen=True):
    registration: RegistrationRecord
    event: OwnEvent


class FoundSession(msgspec.Struct, frozen=True):
    slug: str
    event: str
    code: str
    title: str
    room: str
    coach: str


class Everything(msgspec.Struct, frozen=True):
    events: list[OwnEvent] = []
    people: list[FoundPerson] = []
    sessions: list[FoundSession] = []
    bodies: list[BodyRecord] = []

    @property
    def nothing(self) -> bool:
        return not (self.events or self.people or self.sessions or self.bodies)


async def look_everywhere(actor: Actor, typed: str) -> Everything:
    """Nothing for fewer than two letters. Lists of people are for those who may read them."""
    words = asked_words(typed)
    if not words:
        return Everything()
    bodies = [body for body, role in actor.roles.items() if role is not Role.COACH]
    async with read_snapshot():
        theirs = await _own_events(actor, bodies)
        return Everything(
            events=[event for event in theirs if _has(event.search_text, words)][:MOST],
            people=await _people(actor, theirs, words),
            sessions=await _sessions(theirs, words),
            bodies=[each for each in await worked_for(actor) if _has(fold(each.name), words)][:MOST],
        )


async def _own_events(actor: Actor, bodies: Sequence[UUID]) -> list[OwnEvent]:
    """The newest first (index event_body)."""
    if not bodies:
        return []
    marks = ", ".join("{}" for _ in bodies)
    found = await rows(
        "SELECT id, number, slug, title, body, starts_at, ends_at, timezone, search_text FROM event"
        f" WHERE body IN ({marks}) ORDER BY starts_at DESC, id LIMIT {EVENTS_READ}",
        *bodies,
    )
    events = [msgspec.convert(each, OwnEvent, strict=False) for each in found]
    return [event for event in events if actor.only_event in (None, event.id)]


async def _people(actor: Actor, events: Sequence[OwnEvent], words: Sequence[str]) -> list[FoundPerson]:
    readers = (Role.ADMINISTRATOR, Role.ORGANISER, Role.READER)
    readable = {body for body, role in actor.roles.items() if role in readers}
    by_id = {event.id: event for event in events if event.body in readable}
    if not by_id:
        return []
    lead, *others = sorted(words, key=len, reverse=True)
    found = await _by_words(list(by_id.values()), lead, others)
    if together := asked_together(words):
        known = {each.id for each in found}
        found += [
            each for each in await _by_words(list(by_id.values()), together, []) if each.id not in known
        ]
    people = [FoundPerson(each, by_id[each.event_id]) for each in found]
    return sorted(people, key=lambda each: (each.event.starts_at, each.registration.arrival), reverse=True)[
        :MOST
    ]


async def _by_words(events: Sequence[OwnEvent], lead: str, others: Sequence[str]) -> list[RegistrationRecord]:
    """Some of those whom all the words are about; the index is (event, word, arrival)."""
    marks = ", ".join("{}" for _ in events)
    condition, patterns = having(others) if others else ("1 = 1", [])
    found: list[dict[str, Any]] = await rows(
        f"SELECT {COLUMNS} FROM registration_word w JOIN event e ON e.number = w.event"
        " JOIN registration r ON r.event = e.id AND r.arrival = w.arrival"
        f" WHERE w.event IN ({marks}) AND w.word >= {{}} AND w.word < {{}} AND {condition} LIMIT {{}}",
        *[event.number for event in events],
        lead,
        lead + HIGHEST,
        *patterns,
        LOOKED_AT,
    )
    return list({each["id"]: registration_record(each) for each in found}.values())


async def _sessions(events: Sequence[OwnEvent], words: Sequence[str]) -> list[FoundSession]:
    """Of the newest programmes, compared here: titles are not folded in the database."""
    if not events:
        return []
    newest = {event.id: event for event in events[:PROGRAMMES_READ]}
    marks = ", ".join("{}" for _ in newest)
    found = await rows(
        f"SELECT event, code, title, room, coach FROM session WHERE event IN ({marks})"
        f" ORDER BY starts_at DESC LIMIT {SESSIONS_READ}",
        *newest,
    )
    fitting = [each for each in found if _has(fold(f"{each['title']} {each['room']} {each['coach']}"), words)]
    return [
        FoundSession(
            newest[each["event"]].slug,
            newest[each["event"]].title,
            each["code"],
            each["title"],
            each["room"],
            each["coach"],
        )
        for each in fitting[:MOST]
    ]


def _has(text: str, words: Sequence[str]) -> bool:
    """Each word begins one of the text's."""
    return all(f" {word}" in f" {text}" for word in words)
