"""Functions of higher features that must hear, inside the transaction, that an announced event changed.

`app.py` fills the list. Each gets the event as it now is and what happened: "changed" (time or place),
"postponed" or "cancelled".
"""

from collections.abc import Awaitable, Callable

from events_app.features.events.model import EventRecord
from events_app.infra.world import World

ANNOUNCED_CHANGE: list[Callable[[World, EventRecord, str], Awaitable[None]]] = []

PLACES_CHANGED: list[Callable[[World, EventRecord], Awaitable[object]]] = []
"""The capacity changed, or a postponed event is on again: places may be free for who waits."""


async def places_changed(world: World, event: EventRecord) -> None:
    for hear in PLACES_CHANGED:
        await hear(world, event)


async def announce(world: World, event: EventRecord, what: str) -> None:
    for hear in ANNOUNCED_CHANGE:
        await hear(world, event, what)
