"""Who comes off the waiting list. Pure.

The rule (docs/decisions/0012-waiting-list.md): the list is served from its front, in order of arrival, as
long as the group in front fits whole into the free places. Nobody passes anybody.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec


class WaitingGroup(msgspec.Struct, frozen=True):
    """People who come together. `arrival` is that of whoever brought them."""

    group_id: UUID
    arrival: int
    size: int


def free_places(capacity: int | None, confirmed: int) -> int | None:
    """None: no limit. Never negative, also where the capacity was lowered below what is confirmed."""
    return None if capacity is None else max(0, capacity - confirmed)


def promotable(free: int | None, waiting: Sequence[WaitingGroup]) -> list[WaitingGroup]:
    """The groups that get a place now, in order of arrival; O(n log n)."""
    promoted = []
    for group in sorted(waiting, key=lambda group: group.arrival):
        if free is not None:
            if group.size > free:
                break
            free -= group.size
        promoted.append(group)
    return promoted


def position(group_id: UUID, waiting: Sequence[WaitingGroup]) -> int | None:
    """1 for the group that is served next; None when it does not wait."""
    ordered = sorted(waiting, key=lambda group: group.arrival)
    return next((place for place, group in enumerate(ordered, start=1) if group.group_id == group_id), None)
