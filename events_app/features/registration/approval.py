"""The organiser's own decisions: yes, no, and a place given out of turn."""

from uuid import UUID

from events_app.features.events.model import EventRecord
from events_app.features.events.places import free_places
from events_app.features.events.queries import counts_of_one
from events_app.features.registration import job_kinds, rules, storage
from events_app.features.registration.access import may_decide
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import group_of, registration_by_id
from events_app.features.registration.reading import locked
from events_app.features.registration.service import confirm, promote_waiting
from events_app.infra import audit, jobs
from events_app.infra.database import retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, NotAllowed
from events_app.kernel.text import clean_block

REASON_LENGTH = 500


@retried
async def approve(
    world: World, actor: Actor, registration_id: UUID, expected_revision: int | None = None
) -> RegistrationRecord:
    """A pending group gets its places, or goes to the waiting list at its time of arrival.

    Somebody who waits already is given a place before the others, as the organiser says, if there is one:
    `NoPlaceLeft` otherwise. Confirmed already: nothing changes. Raises also `NotFound`, `NotAllowed`,
    `RevisionMismatch`, and `NotPossibleNow` after a withdrawal or refusal.
    """
    async with unit_of_work():
        registration, event = await _decidable(actor, registration_id, expected_revision)
        status = registration.status
        if status is RegistrationStatus.CONFIRMED:
            return registration
        members = [each for each in await group_of(registration.group_id) if each.status is status]
        if not status.is_active:
            raise rules.NotPossibleNow(status=status.value)
        counts = await counts_of_one(event.id)
        free = free_places(event.capacity, counts.confirmed)
        fits = free is None or len(members) <= free
        if status is RegistrationStatus.WAITING and not fits:
            raise rules.NoPlaceLeft(free=free)
        if status is RegistrationStatus.WAITING:
            await confirm(world, event, members, job_kinds.PROMOTED)
        elif fits and not counts.waiting:
            await confirm(world, event, members, job_kinds.APPROVED)
        elif event.waiting_list:
            await _queue(world, event, members)
        else:
            raise rules.NoPlaceLeft(free=free)
        await _note(world, actor, event, registration, "registration.approved")
        return await registration_by_id(registration_id) or registration


@retried
async def refuse(
    world: World,
    actor: Actor,
    registration_id: UUID,
    expected_revision: int | None = None,
    reason: str = "",
) -> RegistrationRecord:
    """Of a group that is pending or waits. `reason` is read by the person, in the mail and on the personal
    page. Raises as `approve`, and `InvalidInput`."""
    reason = cleaned_reason(reason)
    async with unit_of_work():
        registration, event = await _decidable(actor, registration_id, expected_revision)
        if registration.status is RegistrationStatus.REFUSED:
            return registration
        if registration.status not in (RegistrationStatus.PENDING, RegistrationStatus.WAITING):
            raise rules.NotPossibleNow(status=registration.status.value)
        members = [each for each in await group_of(registration.group_id) if each.status.is_active]
        await storage.set_status(
            [each.id for each in members], RegistrationStatus.REFUSED, world.now(), reason=reason
        )
        lead_id = registration.group_id
        await jobs.enqueue(world, job_kinds.REFUSED, AboutRegistration(lead_id), event_id=event.id)
        await _note(world, actor, event, registration, "registration.refused")
        await promote_waiting(world, event)  # a group that blocked the front of the list may be gone
        return await registration_by_id(registration_id) or registration


def cleaned_reason(typed: str) -> str:
    reason = clean_block(typed)
    if len(reason) > REASON_LENGTH:
        message = N_("Please shorten this to {most} characters.")
        raise InvalidInput.one("/reason", "length", message, most=REASON_LENGTH)
    return reason


async def _decidable(
    actor: Actor, registration_id: UUID, expected_revision: int | None
) -> tuple[RegistrationRecord, EventRecord]:
    registration, event = await locked(actor, registration_id, expected_revision)
    if not may_decide(actor, event):
        raise NotAllowed
    return registration, event


async def _queue(world: World, event: EventRecord, members: list[RegistrationRecord]) -> None:
    await storage.set_status([each.id for each in members], RegistrationStatus.WAITING, world.now())
    lead = AboutRegistration(members[0].group_id)
    await jobs.enqueue(world, job_kinds.APPROVED_WAITING, lead, event_id=event.id)


async def _note(
    world: World, actor: Actor, event: EventRecord, registration: RegistrationRecord, action: str
) -> None:
    await audit.record(
        world, actor, action, body_id=event.body_id, event_id=event.id, object_id=registration.id
    )
