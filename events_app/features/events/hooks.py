"""Functions of higher features that must hear, inside the transaction, that an announced event changed.

`app.py` fills the list. Each gets the event as it now is and what happened: "changed" (time or place),
"postponed" or "cancelled".
"""

from collections.abc import Awaitable, Callable

from events_app.features.events.model import EventRecord
from events_app.infra.world import World

ANNOUNCED_CHANGE: list[Callable[[World, EventRecord, str], Awaitable[None]]] = []


async def announce(world: World, event: EventRecord, what: str) -> None:
    for hear in ANNOUNCED_CHANGE:
        await hear(world, event, what)
