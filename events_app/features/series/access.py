"""Who may see a series: whoever of the body works on its events. Changing: `events/access.py`."""

from uuid import UUID

from events_app.kernel.actor import Actor, ActorKind, Role

_READING = (Role.ADMINISTRATOR, Role.ORGANISER, Role.READER)


def may_see_series(actor: Actor, body_id: UUID) -> bool:
    if actor.kind is ActorKind.SYSTEM:
        return True
    return actor.only_event is None and actor.role_in(body_id) in _READING
