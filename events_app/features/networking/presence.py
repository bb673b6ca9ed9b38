"""Who is in the room: what was tapped and what the door saw, whichever is later. Pure but for the reader."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

State = Literal["here", "late", "left", "absent", "expected"]
TAPPED = ("here", "late", "left", "absent")

Seen = Mapping[UUID, tuple[bool, datetime]]
"""By person: whether the door saw them inside, and since when. Empty where no door scans."""

_readers: list[Callable[[UUID], Awaitable[Seen]]] = []


def read_door_with(reader: Callable[[UUID], Awaitable[Seen]]) -> None:
    """The door is a neighbour that this feature does not know: `app.py` hands over who reads it."""
    _readers[:] = [reader]


async def seen_at_door(event_id: UUID) -> Seen:
    return await _readers[0](event_id) if _readers else {}


def states_of(
    people: Iterable[UUID], taps: Mapping[UUID, tuple[str, datetime]], seen: Seen
) -> dict[UUID, State]:
    """Where the door scans, whoever it has not seen is only expected; where it does not, all are taken to be
    here until somebody says otherwise."""
    states: dict[UUID, State] = {}
    for person in people:
        tap, scan = taps.get(person), seen.get(person)
        if tap is not None and (scan is None or tap[1] >= scan[1]):
            states[person] = next(state for state in _ALL if state == tap[0])
        elif scan is not None:
            states[person] = "here" if scan[0] else "left"
        else:
            states[person] = "expected" if seen else "here"
    return states


_ALL: tuple[State, ...] = ("here", "late", "left", "absent")


def mask_of(state: State, announced: int, rounds: int) -> int:
    """Bit r where somebody is counted on in round r + 1. Who is late or only expected is not counted on in
    the next round, but keeps the seats behind it."""
    later = (1 << rounds) - 1
    if state == "here":
        return later
    if state in ("late", "expected"):
        return later >> (announced + 1) << (announced + 1)
    return 0
