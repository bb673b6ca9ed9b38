"""Functions of higher features that must hear, inside the transaction, that an announced event changed.

`app.py` fills the list. Each gets the event as it now is and what happened: "changed" (time or place),
"postponed" or "cancelled".
"""

from collections.abc import Awaitable, Callable

import msgspec

from events_app.features.events.model import EventRecord
from events_app.infra.i18n import Translator
from events_app.infra.world import World

ANNOUNCED_CHANGE: list[Callable[[World, EventRecord, str], Awaitable[None]]] = []

PLACES_CHANGED: list[Callable[[World, EventRecord], Awaitable[object]]] = []
"""The capacity changed, or a postponed event is on again: places may be free for who waits."""


class Task(msgspec.Struct, frozen=True):
    """Something that waits for the organiser."""

    text: str
    href: str
    action: str


TASKS: list[Callable[[EventRecord, Translator], Awaitable[list[Task]]]] = []
"""What higher features want of the organiser of a published event that is not over."""


async def places_changed(world: World, event: EventRecord) -> None:
    for hear in PLACES_CHANGED:
        await hear(world, event)


async def announce(world: World, event: EventRecord, what: str) -> None:
    for hear in ANNOUNCED_CHANGE:
        await hear(world, event, what)
