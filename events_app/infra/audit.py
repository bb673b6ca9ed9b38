"""Who did what to what, in the same transaction as the deed. Details carry no personal data."""

from typing import Any
from uuid import UUID

import msgspec

from events_app.infra.tables import AuditEntry
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
    await AuditEntry(
        id=world.new_id(),
        at=world.now(),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        actor_name=actor.name,
        body_id=body_id,
        event_id=event_id,
        action=action,
        object_id=object_id,
        details=msgspec.json.encode(details).decode(),
    ).save()
