"""What higher features do here, handed over at the start by `app.py` as one object: events knows none.

All but the questions run inside the transaction of the deed, so they must be short and reach nothing outside.
"""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from uuid import UUID

import msgspec

from events_app.features.events.model import ConsentPurpose, EventRecord, Question, SessionRecord
from events_app.features.events.renaming import Renames
from events_app.infra.i18n import Translator
from events_app.infra.world import World


class Task(msgspec.Struct, frozen=True):
    """Something that waits for the organiser."""

    text: str
    href: str
    action: str


class SessionUse(msgspec.Struct, frozen=True):
    """How many people wish for a session, and how many are placed in it."""

    wishes: int = 0
    placed: int = 0


class Beyond(msgspec.Struct, frozen=True):
    """Who has more already than limits that are wanted: groups with more companions, people with more
    wishes."""

    groups: int = 0
    wishing: int = 0


class Announced(StrEnum):
    CHANGED = "changed"  # in time or place
    RESCHEDULED = "rescheduled"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


ChangeHeard = Callable[[World, EventRecord, Announced, EventRecord], Awaitable[None]]
SessionChangeHeard = Callable[[World, EventRecord, SessionRecord, SessionRecord, bool], Awaitable[None]]


class Hooks(msgspec.Struct, frozen=True, kw_only=True):
    announced_change: tuple[ChangeHeard, ...] = ()
    """The event as it is, what is said of it, the event as it was."""
    session_changed: tuple[SessionChangeHeard, ...] = ()
    """The session before and after a change that calendars show, and whether people are told of it."""
    places_changed: tuple[Callable[[World, EventRecord], Awaitable[object]], ...] = ()
    """The capacity changed, or a postponed event is on again: places may be free for who waits."""
    choices_renamed: tuple[Callable[[EventRecord, Renames], Awaitable[None]], ...] = ()
    """Choices of the form have other words now: what was answered follows."""
    tasks: tuple[Callable[[EventRecord, Translator], Awaitable[list[Task]]], ...] = ()
    """What higher features want of the organiser of a published event that is not over."""
    programme_warnings: tuple[Callable[[EventRecord, Translator], Awaitable[list[str]]], ...] = ()
    """What higher features find difficult in a programme as it is."""
    paper_warnings: tuple[Callable[[EventRecord, Translator], Awaitable[list[str]]], ...] = ()
    """What papers of this event cannot show."""
    told_of_session: Callable[[EventRecord, SessionRecord], Awaitable[list[UUID]]] | None = None
    session_uses: tuple[Callable[[UUID], Awaitable[SessionUse]], ...] = ()
    """Each feature's part of who wants a session or sits in it."""
    answers_lost: Callable[[UUID, Sequence[Question], Renames], Awaitable[int]] | None = None
    """People whose answers to an event's form these questions would no longer show."""
    agreed_otherwise: Callable[[UUID, Sequence[ConsentPurpose]], Awaitable[int]] | None = None
    """People whose agreement was given to other words than these."""
    beyond: Callable[[UUID, int, int], Awaitable[Beyond]] | None = None
    """Of an event, with the companions and the wishes that each may have."""
    anybody_registered: Callable[[UUID], Awaitable[bool]] | None = None
    occupancy: Callable[[UUID], Awaitable[dict[UUID, int]]] | None = None
    """How many people have a place in each session of an event; without the empty ones."""


_given = Hooks()


def hand_over(hooks: Hooks) -> None:
    global _given  # noqa: PLW0603  # at the start, by `app.py` alone
    _given = hooks


def given() -> Hooks:
    return _given


async def places_changed(world: World, event: EventRecord) -> None:
    for hear in _given.places_changed:
        await hear(world, event)


async def choices_renamed(event: EventRecord, renames: Renames) -> None:
    for hear in _given.choices_renamed:
        await hear(event, renames)


async def announce(world: World, event: EventRecord, what: Announced, before: EventRecord) -> None:
    for hear in _given.announced_change:
        await hear(world, event, what, before)


async def session_changed(
    world: World, event: EventRecord, before: SessionRecord, after: SessionRecord, tell: bool
) -> None:
    for hear in _given.session_changed:
        await hear(world, event, before, after, tell)


async def told_of_session(event: EventRecord, session: SessionRecord) -> int:
    """How many mails a change of this session's time, room or coach is worth."""
    return len(await _given.told_of_session(event, session)) if _given.told_of_session else 0


async def tasks(event: EventRecord, words: Translator) -> list[Task]:
    return [task for ask in _given.tasks for task in await ask(event, words)]


async def programme_warnings(event: EventRecord, words: Translator) -> list[str]:
    return [warning for ask in _given.programme_warnings for warning in await ask(event, words)]


async def paper_warnings(event: EventRecord, words: Translator) -> list[str]:
    return [warning for ask in _given.paper_warnings for warning in await ask(event, words)]


async def use_of_session(session_id: UUID) -> SessionUse:
    parts = [await ask(session_id) for ask in _given.session_uses]
    return SessionUse(sum(part.wishes for part in parts), sum(part.placed for part in parts))


async def answers_lost(event_id: UUID, questions: Sequence[Question], renames: Renames) -> int:
    return await _given.answers_lost(event_id, questions, renames) if _given.answers_lost else 0


async def agreed_otherwise(event_id: UUID, purposes: Sequence[ConsentPurpose]) -> int:
    return await _given.agreed_otherwise(event_id, purposes) if _given.agreed_otherwise else 0


async def beyond(event_id: UUID, companions: int, wishes: int) -> Beyond:
    return await _given.beyond(event_id, companions, wishes) if _given.beyond else Beyond()


async def anybody_registered(event_id: UUID) -> bool:
    return await _given.anybody_registered(event_id) if _given.anybody_registered else False


async def occupancy(event_id: UUID) -> dict[UUID, int]:
    return await _given.occupancy(event_id) if _given.occupancy else {}
