"""Who did what to what, in the same transaction as the deed. Details carry no personal data."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from events_app.infra.database import Rows, insert_together
from events_app.infra.world import World
from events_app.kernel.actor import Actor


class Line(msgspec.Struct, frozen=True):
    """`action` is `<noun>.<verb in the past>`, for example `event.published`."""

    actor: Actor
    action: str
    body_id: UUID | None = None
    event_id: UUID | None = None
    object_id: UUID | None = None
    details: dict[str, Any] = {}


async def record(
    world: World,
    actor: Actor,
    action: str,
    *,
    body_id: UUID | None = None,
    event_id: UUID | None = None,
    object_id: UUID | None = None,
    **details: Any,
) -> None:
    await record_all(world, [Line(actor, action, body_id, event_id, object_id, details)])


async def record_all(world: World, lines: Sequence[Line]) -> None:
    """Several deeds of one transaction, in one statement."""
    await insert_together(rows_of(world, lines))


_COLUMNS = (
    "id", "at", "actor_kind", "actor_id", "actor_name", "body_id", "event_id", "action", "object_id",
    "details",
)  # fmt: skip


def rows_of(world: World, lines: Sequence[Line]) -> Rows:
    """Raw: they stand in the hottest transactions, and `save()` takes 190 µs where this takes 30."""
    now = world.now()
    return Rows(
        "audit_entry",
        _COLUMNS,
        [
            (
                world.new_id(),
                now,
                line.actor.kind.value,
                line.actor.id,
                line.actor.name,
                line.body_id,
                line.event_id,
                line.action,
                line.object_id,
                msgspec.json.encode(line.details).decode(),
            )
            for line in lines
        ],
    )
