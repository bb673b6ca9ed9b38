"""Who may see and change assemblies. Their sittings are events: `events/access.py` says who may change
those."""

from uuid import UUID

from events_app.features.events.access import may_create_in
from events_app.kernel.actor import Actor, ActorKind, Role

_READING = (Role.ADMINISTRATOR, Role.ORGANISER, Role.READER)


def may_change_assembly(actor: Actor, body_id: UUID) -> bool:
    return may_create_in(actor, body_id)


def may_see_assembly(actor: Actor, body_id: UUID) -> bool:
    """Members' names and addresses: for those of the body who work on its events."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    return actor.only_event is None and actor.role_in(body_id) in _READING
