"""One request to register, inside a write transaction that holds the event's row: decide, then record."""

from datetime import timedelta
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit
from events_app.features.events.model import EventRecord, Visibility
from events_app.features.events.queries import sessions_of
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
from events_app.features.registration.storage import Situation
from events_app.infra import audit, jobs
from events_app.infra.database import DatabaseBusy, row
from events_app.infra.i18n import LANGUAGES
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import AppError, NotAllowed
from events_app.kernel.short_code import short_code
from events_app.kernel.text import clean_email

REMIND_AT_MOST_EVERY = timedelta(hours=1)

MAIL_BY_STATUS = {
    RegistrationStatus.CONFIRMED: "mail.confirmation",
    RegistrationStatus.WAITING: "mail.waiting",
    RegistrationStatus.PENDING: "mail.pending",
}

Outcome = RegistrationAnswer | AppError | DatabaseBusy


class Submission(msgspec.Struct, frozen=True):
    """A request on its way. `event`: as the caller read it, then as it stands behind its lock."""

    world: World
    actor: Actor
    event: EventRecord
    request: RegistrationRequest
    source: Source

    @property
    def openly(self) -> bool:
        """Whether the caller may know who is registered."""
        return may_edit(self.actor, self.event) and self.source is not Source.PAGE

    @property
    def by_hand(self) -> bool:
        return self.source is Source.WALK_IN


class _Decision(msgspec.Struct, frozen=True):
    event: EventRecord
    applicant: Applicant
    status: RegistrationStatus
    situation: Situation
    waiting_position: int | None


async def take(submission: Submission) -> Outcome:
    """A refusal is returned, since nothing was written by then; whatever is raised comes from writing."""
    try:
        decision = await _decide(submission)
    except AppError as refusal:
        return refusal
    return await _record(submission, decision)


async def announce(world: World, group: list[RegistrationRecord]) -> None:
    for heard in hooks.REGISTERED:
        for registration in group:
            await heard(world, registration)


async def _decide(submission: Submission) -> _Decision:
    world, event, request = submission.world, submission.event, submission.request
    if submission.by_hand and not submission.openly:
        raise NotAllowed
    situation = await storage.situation(event.id, clean_email(request.email) or "")
    if (reason := rules.closed_because(event, world.now(), submission.by_hand)) is not None:
        raise rules.RegistrationClosed(reason=reason)
    if event.visibility is Visibility.INVITED and not submission.openly:
        await require_invitation(event, request)
    sessions = await sessions_of(event.id) if request.preferences else []
    applicant = applicants.check(request, event, sessions, LANGUAGES, submission.by_hand)
    if submission.openly and situation.known is not None:
        raise rules.AlreadyRegistered(registration_id=str(situation.known))
    counts = situation.counts
    status = rules.decide_registration(event, counts, applicant.group_size, approved=submission.by_hand)
    place = counts.waiting_groups + 1 if status is RegistrationStatus.WAITING else None
    return _Decision(event, applicant, status, situation, place)


async def _record(submission: Submission, decision: _Decision) -> RegistrationAnswer:
    world, event, status = submission.world, decision.event, decision.status
    if decision.situation.known is not None:
        receipt_id = await _recognise(world, submission.actor, event, decision.situation.known)
        return RegistrationAnswer(receipt_id, status, decision.waiting_position, None)
    group = await _new_group(submission, decision)
    lead = group[0]
    await storage.insert_registrations(world, group)
    await storage.insert_preferences(world, lead.id, decision.applicant.preferences)
    await storage.insert_consents(world, lead.id, decision.applicant.consents, lead.created_at)
    await audit.record(
        world,
        submission.actor,
        "registration.created",
        body_id=event.body_id,
        event_id=event.id,
        object_id=lead.id,
        status=status.value,
        people=len(group),
        source=submission.source.value,
    )
    await jobs.enqueue(world, MAIL_BY_STATUS[status], event_id=event.id, registration_id=lead.id)
    if status is RegistrationStatus.CONFIRMED:
        await announce(world, group)
    return RegistrationAnswer(lead.id, status, decision.waiting_position, lead if submission.openly else None)


async def _recognise(world: World, actor: Actor, event: EventRecord, known: UUID) -> UUID:
    """Write to the person who is registered already, at most once an hour; the receipt's id."""
    receipt_id = world.new_id()
    await remind(world, actor, event, known, receipt=str(receipt_id))
    return receipt_id


async def remind(world: World, actor: Actor, event: EventRecord, known: UUID, **details: str) -> None:
    """The mail to somebody whose address was entered again, at most once an hour."""
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
        **details,
    )
    if lately is None:
        await jobs.enqueue(world, "mail.already_registered", event_id=event.id, registration_id=known)


async def _new_group(submission: Submission, decision: _Decision) -> list[RegistrationRecord]:
    """The person who asks, then the companions: a row, a ticket and a link for each."""
    world, event, applicant = submission.world, decision.event, decision.applicant
    tickets = await storage.new_ticket_ids(world, event.id, applicant.group_size)
    now = world.now()
    lead_id = world.new_id()
    names = [(applicant.given_name, applicant.family_name)]
    names += [(companion.given_name, companion.family_name) for companion in applicant.companions]
    return [
        RegistrationRecord(
            id=lead_id if index == 0 else world.new_id(),
            event_id=event.id,
            group_id=lead_id,
            arrival=decision.situation.counts.last_arrival + 1 + index,
            status=decision.status,
            email=applicant.email if index == 0 else "",
            given_name=given,
            family_name=family,
            organisation=applicant.organisation,
            insee=applicant.insee,
            commune=applicant.commune,
            profile=applicant.profile if index == 0 else "",
            language=applicant.language,
            answers=applicant.answers if index == 0 else {},
            accepts_any=applicant.accepts_any,
            token_generation=0,
            ticket_id=ticket_id,
            short_code=short_code(ticket_id),
            ticket_generation=0,
            source=submission.source.value,
            created_at=now,
            status_changed_at=now,
            erased_at=None,
            revision=1,
            calendar_sequence=0,
            calendar_changed_at=now,
        )
        for index, ((given, family), ticket_id) in enumerate(zip(names, tickets, strict=True))
    ]
