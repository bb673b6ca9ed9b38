"""Giving a place back: the next in line gets it in the same transaction."""

from uuid import UUID

from events_app.features.registration import hooks, storage
from events_app.features.registration.access import is_theirs
from events_app.features.registration.job_kinds import CANCELLED, AboutWithdrawal
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import group_of, registration_by_id
from events_app.features.registration.reading import locked
from events_app.features.registration.rules import NotPossibleNow
from events_app.features.registration.service import promote_waiting
from events_app.infra import audit, jobs
from events_app.infra.database import retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor


@retried
async def cancel(
    world: World, actor: Actor, registration_id: UUID, expected_revision: int | None = None
) -> RegistrationRecord:
    """Whoever leads a group takes all of it along; a companion goes alone. Repeating it changes nothing.

    Raises `NotFound`, `NotAllowed`, `RevisionMismatch`; `NotPossibleNow` after a refusal, and to the
    participant once the event is over.
    """
    async with unit_of_work():
        registration, event = await locked(actor, registration_id, expected_revision)
        if registration.status is RegistrationStatus.CANCELLED:
            return registration
        theirs = is_theirs(actor, registration)
        if not registration.status.is_active or (theirs and event.is_over(world.now())):
            raise NotPossibleNow(status=registration.status.value)
        members = await group_of(registration.group_id) if registration.leads else [registration]
        leaving = [member for member in members if member.status.is_active]
        await storage.set_status([each.id for each in leaving], RegistrationStatus.CANCELLED, world.now())
        await audit.record(
            world,
            actor,
            "registration.cancelled",
            body_id=event.body_id,
            event_id=event.id,
            object_id=registration.id,
            people=len(leaving),
        )
        await jobs.enqueue(
            world,
            CANCELLED,
            AboutWithdrawal(
                registration.id, by="participant" if theirs else "organiser", was=registration.status
            ),
            event_id=event.id,
        )
        for member in leaving:
            await hooks.withdrawn(world, member)
        await promote_waiting(world, event)
        return await registration_by_id(registration_id) or registration
