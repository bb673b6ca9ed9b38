"""Whose outbox somebody may read. One mail: whoever may edit its event (`events.access.may_edit`).

Sign-in links belong to no event and are shown to nobody: whoever reads one is that person.
"""

from uuid import UUID

from events_app.kernel.actor import Actor, Role


def bodies_to_read(actor: Actor) -> list[UUID]:
    """The organising bodies whose whole outbox is open to this actor."""
    if actor.only_event is not None:
        return []
    return [body for body, role in actor.roles.items() if role in (Role.ADMINISTRATOR, Role.ORGANISER)]
