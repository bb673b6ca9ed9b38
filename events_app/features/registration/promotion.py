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
