"""Somebody more for a group that is registered: within the event's rules and its places."""

from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord
from events_app.features.events.places import free_places
from events_app.features.events.queries import counts_of_one
from events_app.features.registration import applicant as applicants
from events_app.features.registration import intake, rules, storage
from events_app.features.registration.access import may_decide
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.model import (
    Companion,
    RegistrationRecord,
    RegistrationStatus,
    Source,
)
from events_app.features.registration.queries import group_of
from events_app.features.registration.reading import locked
from events_app.infra import audit, jobs
from events_app.infra.database import unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput


async def add(
    world: World,
    actor: Actor,
    registration_id: UUID,
    wanted: Companion,
    expected_revision: int | None = None,
) -> RegistrationRecord:
    """The new person, with the status of whoever leads the group: a place is needed where that one has one.

    A participant may while registration is open, and does not pass those who wait; the organiser as when
    entering somebody by hand. Raises `InvalidInput`, `NotFound`, `NotAllowed`, `RevisionMismatch`,
    `NotPossibleNow`, `RegistrationClosed`, `NoPlaceLeft`.
    """
    async with unit_of_work():
        lead, event = await locked(actor, registration_id, expected_revision)
        by_hand = may_decide(actor, event)
        if not lead.leads or not lead.status.is_active:
            raise rules.NotPossibleNow(status=lead.status.value)
        if (reason := rules.closed_because(event, world.now(), by_hand)) is not None:
            raise rules.RegistrationClosed(reason=reason)
        group = [member for member in await group_of(lead.id) if member.status.is_active]
        named = _checked(wanted, event, len(group) - 1)
        added = await _record(world, event, lead, named, by_hand)
        await storage.insert_registrations(world, [added])
        await audit.record(
            world,
            actor,
            "registration.companion_added",
            body_id=event.body_id,
            event_id=event.id,
            object_id=added.id,
            group=str(lead.id),
        )
        kind = intake.MAIL_BY_STATUS[lead.status]
        await jobs.enqueue(world, kind, AboutRegistration(lead.id), event_id=event.id)
        if added.status is RegistrationStatus.CONFIRMED:
            await intake.announce(world, event, [added])
        return added


def may_add(
    event: EventRecord, lead: RegistrationRecord, companions: int, closed: str | None, left: int | None
) -> bool:
    """Whether a page should offer it."""
    room = companions < event.max_companions and (
        lead.status is not RegistrationStatus.CONFIRMED or left is None or left > 0
    )
    return lead.leads and lead.status.is_active and closed is None and room


def _checked(wanted: Companion, event: EventRecord, companions: int) -> Companion:
    errors: list[FieldError] = []
    named = Companion(*applicants.check_names(wanted.given_name, wanted.family_name, "", errors))
    if companions >= event.max_companions:
        message = (
            N_("You may bring at most {most} people.")
            if event.max_companions
            else N_("Each person registers alone for this event.")
        )
        errors.append(FieldError("/companions", "too-many", message, {"most": event.max_companions}))
    if errors:
        raise InvalidInput(errors)
    return named


async def _record(
    world: World, event: EventRecord, lead: RegistrationRecord, named: Companion, by_hand: bool
) -> RegistrationRecord:
    counts = await counts_of_one(event.id)
    if lead.status is RegistrationStatus.CONFIRMED:
        left = free_places(event.capacity, counts.confirmed) if by_hand else counts.left(event.capacity)
        if left == 0:
            raise rules.NoPlaceLeft(free=0)
    now = world.now()
    added = msgspec.structs.replace(
        lead,
        id=world.new_id(),
        arrival=counts.last_arrival + 1,
        email="",
        given_name=named.given_name,
        family_name=named.family_name,
        profile="",
        answers={},
        token_generation=0,
        ticket_generation=0,
        source=(Source.WALK_IN if by_hand else Source.PAGE).value,
        created_at=now,
        status_changed_at=now,
        revision=1,
        calendar_sequence=0,
        calendar_changed_at=now,
    )
    [[ticketed]] = await storage.with_free_tickets(world, event.id, [[added]])
    return ticketed
