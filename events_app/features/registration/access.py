"""Who may read and change one registration: decided here and nowhere else."""

from uuid import UUID

from events_app.features.events.access import may_edit, may_read_registrations
from events_app.features.events.model import EventRecord
from events_app.features.registration.model import RegistrationRecord
from events_app.kernel.actor import Actor, ActorKind, Role


def participant(registration_id: UUID) -> Actor:
    """Whoever opened the secret link of this registration."""
    return Actor(ActorKind.PARTICIPANT, id=registration_id)


def is_theirs(actor: Actor, registration: RegistrationRecord) -> bool:
    """One's own, or that of a companion whom one brought."""
    return actor.kind is ActorKind.PARTICIPANT and actor.id in (registration.id, registration.group_id)


def may_read(actor: Actor, event: EventRecord, registration: RegistrationRecord) -> bool:
    return is_theirs(actor, registration) or may_read_registrations(actor, event)


def may_change(actor: Actor, event: EventRecord, registration: RegistrationRecord) -> bool:
    """Own data, wishes, withdrawal, erasure."""
    return is_theirs(actor, registration) or may_edit(actor, event)


def bodies_read(actor: Actor) -> list[UUID]:
    """Of which bodies' people this actor reads all lists."""
    if actor.only_event is not None:
        return []
    readers = (Role.ADMINISTRATOR, Role.ORGANISER, Role.READER)
    return [body for body, role in actor.roles.items() if role in readers]


def may_decide(actor: Actor, event: EventRecord) -> bool:
    """Approve, refuse, give somebody a place, enter people by hand, invite."""
    return may_edit(actor, event)
