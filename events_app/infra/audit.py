"""Who did what to what, in the same transaction as the deed. Details carry no personal data."""

from typing import Any
from uuid import UUID

import msgspec

from events_app.infra.database import execute
from events_app.infra.world import World
from events_app.kernel.actor import Actor


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
    """`action` is `<noun>.<verb in the past>`, for example `event.published`."""
    # Written by hand: it stands in the hottest transactions, and `save()` takes 190 µs where this takes 30.
    await execute(
        "INSERT INTO audit_entry (id, at, actor_kind, actor_id, actor_name, body_id, event_id, action,"
        " object_id, details) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        world.new_id(),
        world.now(),
        actor.kind.value,
        actor.id,
        actor.name,
        body_id,
        event_id,
        action,
        object_id,
        msgspec.json.encode(details).decode(),
    )
