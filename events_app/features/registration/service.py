"""Registering: never one place too many, the waiting list in order, the same person recognised."""

from datetime import timedelta
from uuid import UUID

from events_app.features.events.access import may_edit
from events_app.features.events.model import EventRecord, Visibility
from events_app.features.events.queries import event_by_id, sessions_of
from events_app.features.events.tables import Event
from events_app.features.registration import applicant as applicants
from events_app.features.registration import hooks, rules, storage
from events_app.features.registration.applicant import Applicant
from events_app.features.registration.invitations import require_invitation
from events_app.features.registration.model import (
    RegistrationAnswer,
    RegistrationRecord,
    RegistrationRequest,
    RegistrationStatus,
    Source,
)
from events_app.features.registration.promotion import free_places, promotable
from events_app.features.registration.queries import group_of, registration_by_id, waiting_groups
from events_app.features.registration.storage import Situation
from events_app.infra import audit, jobs
from events_app.infra.database import lock, row, unit_of_work
from events_app.infra.i18n import LANGUAGES
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed, NotFound
from events_app.kernel.short_code import short_code
from events_app.kernel.text import clean_email

REMIND_AT_MOST_EVERY = timedelta(hours=1)

MAIL_BY_STATUS = {
    RegistrationStatus.CONFIRMED: "mail.confirmation",
    RegistrationStatus.WAITING: "mail.waiting",
    RegistrationStatus.PENDING: "mail.pending",
}


async def register(
    world: World, actor: Actor, event: EventRecord, request: RegistrationRequest, source: Source = Source.API
) -> RegistrationAnswer:
    """Raises `RegistrationClosed`, `EventFull`, `InvitationNeeded`, `InvalidInput`; and `AlreadyRegistered`
    to those only who may read the event's registrations: everybody else gets a new person's answer."""
    openly = may_edit(actor, event) and source is not Source.PAGE
    by_hand = source is Source.WALK_IN
    if by_hand and not openly:
        raise NotAllowed
    async with unit_of_work():
        await lock(Event, event.id)
        situation = await storage.situation(event.id, clean_email(request.email) or "")
        if situation.event_revision != event.revision:
            event = await _event(event.id)
        if (reason := rules.closed_because(event, world.now(), by_hand)) is not None:
            raise rules.RegistrationClosed(reason=reason)
        if event.visibility is Visibility.INVITED and not openly:
            await require_invitation(event, request)
        sessions = await sessions_of(event.id) if request.preferences else []
        applicant = applicants.check(request, event, sessions, LANGUAGES, by_hand)
        if openly and situation.known is not None:
            raise rules.AlreadyRegistered(registration_id=str(situation.known))
        occupancy = rules.Occupancy(situation.confirmed, situation.waiting)
        status = rules.decide_registration(
            event, occupancy, applicant.group_size, approved=openly and by_hand
        )
        place = situation.waiting_groups + 1 if status is RegistrationStatus.WAITING else None
        if situation.known is not None:
            receipt_id = await _recognise(world, actor, event, situation.known)
            return RegistrationAnswer(receipt_id, status, place, None)
        group = await _record(world, event, applicant, status, situation, source)
        lead = group[0]
        await audit.record(
            world,
            actor,
            "registration.created",
            body_id=event.body_id,
            event_id=event.id,
            object_id=lead.id,
            status=status.value,
            people=len(group),
            source=source.value,
        )
        await jobs.enqueue(world, MAIL_BY_STATUS[status], event_id=event.id, registration_id=lead.id)
        if status is RegistrationStatus.CONFIRMED:
            await announce(world, group)
    return RegistrationAnswer(lead.id, status, place, lead if openly else None)


async def promote_waiting(world: World, event: EventRecord) -> list[UUID]:
    """Give free places to the front of the waiting list; the groups that got one.

    Call it in the transaction that freed a place or raised the capacity (the event's row locked).
    """
    async with unit_of_work():
        await lock(Event, event.id)
        waiting = await waiting_groups(event.id)
        if not waiting:
            return []
        fresh = await _event(event.id)
        if rules.closed_because(fresh, world.now(), by_hand=True) is not None:
            return []
        free = free_places(fresh.capacity, await confirmed_count(event.id))
        promoted = [group.group_id for group in promotable(free, waiting)]
        for group_id in promoted:
            members = [member for member in await group_of(group_id) if member.status == "waiting"]
            await confirm(world, event, members, "mail.promoted")
        return promoted


async def confirm(world: World, event: EventRecord, members: list[RegistrationRecord], mail: str) -> None:
    """Places were counted by the caller; all `members` are of one group."""
    await storage.set_status([member.id for member in members], RegistrationStatus.CONFIRMED, world.now())
    lead_id = members[0].group_id
    await jobs.enqueue(world, mail, event_id=event.id, registration_id=lead_id)
    confirmed = [found for member in members if (found := await registration_by_id(member.id))]
    await announce(world, confirmed)


async def announce(world: World, group: list[RegistrationRecord]) -> None:
    for heard in hooks.REGISTERED:
        for registration in group:
            await heard(world, registration)


async def confirmed_count(event_id: UUID) -> int:
    found = await row(  # index registration_queue
        "SELECT count(*) AS n FROM registration WHERE event = {} AND status = 'confirmed'", event_id
    )
    return int(found["n"]) if found else 0


async def _event(event_id: UUID) -> EventRecord:
    event = await event_by_id(event_id)
    if event is None:
        raise NotFound
    return event


async def _recognise(world: World, actor: Actor, event: EventRecord, known: UUID) -> UUID:
    """Write to the person who is registered already, at most once an hour; the receipt's id."""
    receipt_id = world.new_id()
    lately = await row(  # index audit_event
        "SELECT 1 AS one FROM audit_entry WHERE event_id = {} AND at > {} AND object_id = {}"
        " AND action = 'registration.repeated'",
        event.id,
        world.now() - REMIND_AT_MOST_EVERY,
        known,
    )
    await audit.record(
        world,
        actor,
        "registration.repeated",
        body_id=event.body_id,
        event_id=event.id,
        object_id=known,
        receipt=str(receipt_id),
    )
    if lately is None:
        await jobs.enqueue(world, "mail.already_registered", event_id=event.id, registration_id=known)
    return receipt_id


async def _record(
    world: World,
    event: EventRecord,
    applicant: Applicant,
    status: RegistrationStatus,
    situation: Situation,
    source: Source,
) -> list[RegistrationRecord]:
    """The person who asks, then the companions: a row, a ticket and a link for each."""
    tickets = await storage.new_ticket_ids(world, event.id, applicant.group_size)
    now = world.now()
    lead_id = world.new_id()
    names = [(applicant.given_name, applicant.family_name)]
    names += [(companion.given_name, companion.family_name) for companion in applicant.companions]
    group = [
        RegistrationRecord(
            id=lead_id if index == 0 else world.new_id(),
            event_id=event.id,
            group_id=lead_id,
            arrival=situation.last_arrival + 1 + index,
            status=status,
            email=applicant.email if index == 0 else "",
            given_name=given,
            family_name=family,
            organisation=applicant.organisation,
            insee=applicant.insee,
            commune=applicant.commune,
            profile=applicant.profile if index == 0 else "",
            language=applicant.language,
            answers=applicant.answers if index == 0 else {},
            token_generation=0,
            ticket_id=ticket_id,
            short_code=short_code(ticket_id),
            ticket_generation=0,
            source=source.value,
            created_at=now,
            status_changed_at=now,
            erased_at=None,
            revision=1,
            calendar_sequence=0,
            calendar_changed_at=now,
        )
        for index, ((given, family), ticket_id) in enumerate(zip(names, tickets, strict=True))
    ]
    await storage.insert_registrations(world, group)
    await storage.insert_preferences(world, lead_id, applicant.preferences)
    await storage.insert_consents(world, lead_id, applicant.consents, now)
    return group
