"""Functions of higher features that must hear, inside the transaction, what happens to an announced event.

`app.py` fills the lists.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.infra.i18n import Translator
from events_app.infra.world import World

ANNOUNCED_CHANGE: list[Callable[[World, EventRecord, str, EventRecord], Awaitable[None]]] = []
"""The event as it now is; "changed" (time or place), "rescheduled", "postponed" or "cancelled"; as it was."""

SESSION_CHANGED: list[
    Callable[[World, EventRecord, SessionRecord, SessionRecord, bool], Awaitable[None]]
] = []
"""The session before and after a change that calendars show, and whether people are told of it."""

PLACES_CHANGED: list[Callable[[World, EventRecord], Awaitable[object]]] = []
"""The capacity changed, or a postponed event is on again: places may be free for who waits."""


class Task(msgspec.Struct, frozen=True):
    """Something that waits for the organiser."""

    text: str
    href: str
    action: str


TASKS: list[Callable[[EventRecord, Translator], Awaitable[list[Task]]]] = []
"""What higher features want of the organiser of a published event that is not over."""


PROGRAMME_WARNINGS: list[Callable[[EventRecord, Translator], Awaitable[list[str]]]] = []
"""What higher features find difficult in a programme as it is."""


class Providers:
    """Answers that only a higher feature has; None until `app.py` sets them."""

    told_of_session: Callable[[EventRecord, SessionRecord], Awaitable[list[UUID]]] | None = None


async def places_changed(world: World, event: EventRecord) -> None:
    for hear in PLACES_CHANGED:
        await hear(world, event)


async def announce(world: World, event: EventRecord, what: str, before: EventRecord) -> None:
    for hear in ANNOUNCED_CHANGE:
        await hear(world, event, what, before)


async def session_changed(
    world: World, event: EventRecord, before: SessionRecord, after: SessionRecord, tell: bool
) -> None:
    for hear in SESSION_CHANGED:
        await hear(world, event, before, after, tell)


async def told_of_session(event: EventRecord, session: SessionRecord) -> int:
    """How many mails a change of this session's time, room or coach is worth."""
    return len(await Providers.told_of_session(event, session)) if Providers.told_of_session else 0
