"""What higher features tell here, handed over at the start by `app.py` as one object: accounts knows none."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import msgspec


class Hooks(msgspec.Struct, frozen=True, kw_only=True):
    event_slugs: Callable[[Sequence[UUID]], Awaitable[dict[UUID, str]]] | None = None
    """The address of each event, by id: a key may be bound to one."""


_given = Hooks()


def hand_over(hooks: Hooks) -> None:
    global _given  # noqa: PLW0603  # at the start, by `app.py` alone
    _given = hooks


async def event_slugs(event_ids: Sequence[UUID]) -> dict[UUID, str]:
    return await _given.event_slugs(event_ids) if _given.event_slugs and event_ids else {}
