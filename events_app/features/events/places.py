"""What somebody who registers now would get: one answer, for the decision and for what announces it. Pure."""

from enum import StrEnum

import msgspec


class Outlook(StrEnum):
    PLACE = "place"
    APPROVAL = "approval"  # the organiser decides first, full or not
    WAITING = "waiting"
    FULL = "full"


MANY = 11  # places; fewer are few


class EventCounts(msgspec.Struct, frozen=True):
    """People by status, companions one by one; groups that wait; the last number in the order of arrival.

    Kept by the database (docs/decisions/0065-kept-counts.md), never counted by a request.
    """

    confirmed: int = 0
    waiting: int = 0
    pending: int = 0
    cancelled: int = 0
    refused: int = 0
    waiting_groups: int = 0
    wishing: int = 0  # confirmed people who ranked workshops
    last_arrival: int = 0

    @property
    def all(self) -> int:
        return self.active + self.cancelled + self.refused

    @property
    def active(self) -> int:
        return self.confirmed + self.waiting + self.pending

    def left(self, capacity: int | None) -> int | None:
        """Places that whoever comes alone now can have: what is free while others wait is kept for them."""
        free = free_places(capacity, self.confirmed)
        return 0 if free is not None and self.waiting else free

    def announced(self, capacity: int | None) -> int | None:
        """At least so many are left: what everybody may read (docs/decisions/0097-places-in-words.md)."""
        left = self.left(capacity)
        return left if not left else (MANY if left >= MANY else 1)


def free_places(capacity: int | None, confirmed: int) -> int | None:
    """None: no limit. Never negative, also where the capacity was lowered below what is confirmed."""
    return None if capacity is None else max(0, capacity - confirmed)


def outlook(
    capacity: int | None,
    counts: EventCounts,
    *,
    approval: bool,
    waiting_list: bool,
    group_size: int = 1,
) -> Outlook:
    """Whoever arrives while others wait goes behind them, also when a place is free: it is kept for them."""
    if approval:
        return Outlook.APPROVAL
    left = counts.left(capacity)
    if left is None or group_size <= left:
        return Outlook.PLACE
    if not waiting_list or (capacity is not None and group_size > capacity):
        return Outlook.FULL
    return Outlook.WAITING
