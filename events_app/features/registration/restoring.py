"""A way back: whoever withdrew or was refused is registered again, by the rules of that moment."""

from uuid import UUID

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import counts_of_one
from events_app.features.registration import intake, rules, storage
from events_app.features.registration.access import may_decide
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import active_lead, group_of, registration_by_id
from events_app.features.registration.reading import locked
from events_app.features.registration.service import confirm
from events_app.infra import audit, jobs
from events_app.infra.database import execute, retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed


@retried
async def restore(
    world: World, actor: Actor, registration_id: UUID, expected_revision: int | None = None
) -> RegistrationRecord:
    """Behind everybody who came meanwhile: a place if there is one for who registers now, else the waiting
    list. Whoever leads a group takes along those who left in the same way. Restoring who is registered
    changes nothing.

    Raises `NotFound`, `NotAllowed`, `RevisionMismatch`; `NotPossibleNow` after an erasure or while the leader
    of the group is away; `RegistrationClosed`, `EventFull`; `AlreadyRegistered` where the address was
    registered again.
    """
    async with unit_of_work():
        registration, event = await locked(actor, registration_id, expected_revision)
        if not may_decide(actor, event):
            raise NotAllowed
        if registration.status.is_active:
            return registration
        if registration.erased_at is not None:
            raise rules.NotPossibleNow(status=registration.status.value)
        if (reason := rules.closed_because(event, world.now(), by_hand=True)) is not None:
            raise rules.RegistrationClosed(reason=reason)
        members, status = await _coming_back(event, registration)
        await _register_again(world, event, members, status)
        await audit.record(
            world,
            actor,
            "registration.restored",
            body_id=event.body_id,
            event_id=event.id,
            object_id=registration.id,
            people=len(members),
            status=status.value,
        )
        return await registration_by_id(registration_id) or registration


async def _coming_back(
    event: EventRecord, registration: RegistrationRecord
) -> tuple[list[RegistrationRecord], RegistrationStatus]:
    group = await group_of(registration.group_id)
    counts = await counts_of_one(event.id)
    if registration.leads:
        known = await active_lead(event.id, registration.email)
        if known is not None:
            raise rules.AlreadyRegistered(registration_id=str(known.id))
        members = [each for each in group if each.status is registration.status]
        return members, rules.decide_registration(event, counts, len(members), approved=True)
    lead = next(each for each in group if each.leads)
    if not lead.status.is_active:
        raise rules.NotPossibleNow(status=lead.status.value)
    if lead.status is not RegistrationStatus.CONFIRMED:
        return [registration], lead.status
    # A companion never waits while the person it comes with has a place: groups stand in line, not people.
    if rules.decide_registration(event, counts, 1, approved=True) is not RegistrationStatus.CONFIRMED:
        raise rules.NoPlaceLeft(free=0)
    return [registration], RegistrationStatus.CONFIRMED


async def _register_again(
    world: World, event: EventRecord, members: list[RegistrationRecord], status: RegistrationStatus
) -> None:
    last = (await counts_of_one(event.id)).last_arrival
    if members[0].leads:  # a companion alone keeps its number: it stands in the line where its group stands
        for number, member in enumerate(members, last + 1):
            await execute("UPDATE registration SET arrival = {} WHERE id = {}", number, member.id)
    if status is RegistrationStatus.CONFIRMED:
        await confirm(world, event, members, intake.MAIL_BY_STATUS[status])
        return
    await storage.set_status([member.id for member in members], status, world.now())
    await jobs.enqueue(
        world, intake.MAIL_BY_STATUS[status], AboutRegistration(members[0].group_id), event_id=event.id
    )
