"""Opening one registration, or one event's list, for somebody who may."""

from uuid import UUID

from events_app.features.events.access import may_read_registrations, may_see
from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import event_by_id, visible_event
from events_app.features.registration.access import may_change, may_read, participant
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import by_manage_token, registration_by_id
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed, NotFound, RevisionMismatch


async def readable(actor: Actor, registration_id: UUID) -> tuple[RegistrationRecord, EventRecord]:
    """Raises `NotFound`, `NotAllowed`."""
    registration, event = await _existing(actor, registration_id)
    if not may_read(actor, event, registration):
        raise NotAllowed
    return registration, event


async def locked(
    actor: Actor, registration_id: UUID, expected_revision: int | None = None
) -> tuple[RegistrationRecord, EventRecord]:
    """In a transaction: the registration and its event as they stand while the event's row is held, for
    whoever may change the registration. Raises `NotFound`, `NotAllowed`, `RevisionMismatch`.

    Nothing that was read before the lock is used behind it: another transaction may have lowered the capacity
    or withdrawn the person while this one waited.
    """
    _, event = await _existing(actor, registration_id)
    await held(event.id)
    registration, event = await _existing(actor, registration_id)
    if not may_change(actor, event, registration):
        raise NotAllowed
    if expected_revision is not None and expected_revision != registration.revision:
        raise RevisionMismatch(revision=registration.revision)
    return registration, event


async def readable_list(actor: Actor, slug: str) -> EventRecord:
    """The event whose registrations this actor may read. Raises `NotFound`, `NotAllowed`."""
    event = await visible_event(actor, slug)
    if not may_read_registrations(actor, event):
        raise NotAllowed
    return event


async def actor_by_link(token: str) -> Actor | None:
    """Who holds this secret link; None for no link of ours, or one whose registration was erased."""
    registration = await by_manage_token(token)
    return participant(registration.id) if registration and registration.erased_at is None else None


async def _existing(actor: Actor, registration_id: UUID) -> tuple[RegistrationRecord, EventRecord]:
    registration = await registration_by_id(registration_id)
    event = await event_by_id(registration.event_id) if registration else None
    if registration is None or event is None:
        raise NotFound
    if not may_see(actor, event) and not may_read(actor, event, registration):
        raise NotFound
    return registration, event
