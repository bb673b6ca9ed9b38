"""Requests to register, inside a write transaction that holds the event's row: decide, then record."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from events_app.features.events.access import may_edit, may_scan
from events_app.features.events.hooks import occupancy
from events_app.features.events.model import EventRecord, SessionRecord, Visibility
from events_app.features.events.places import EventCounts
from events_app.features.events.queries import sessions_of
from events_app.features.registration import applicant as applicants
from events_app.features.registration import choices, hooks, job_kinds, rules, storage
from events_app.features.registration.answers import means_absence
from events_app.features.registration.applicant import Applicant
from events_app.features.registration.invitations import require_invitation
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.model import (
    RegistrationAnswer,
    RegistrationRecord,
    RegistrationRequest,
    RegistrationStatus,
    Source,
)
from events_app.infra import audit, jobs
from events_app.infra.database import DatabaseBusy, insert_together, row
from events_app.infra.i18n import LANGUAGES
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import AppError, NotAllowed
from events_app.kernel.text import clean_email, fold_email

REMIND_AT_MOST_EVERY = timedelta(hours=1)

MAIL_BY_STATUS = {
    RegistrationStatus.CONFIRMED: job_kinds.CONFIRMATION,
    RegistrationStatus.WAITING: job_kinds.WAITING,
    RegistrationStatus.PENDING: job_kinds.PENDING,
}

Outcome = RegistrationAnswer | AppError | DatabaseBusy


class Submission(msgspec.Struct, frozen=True):
    """A request on its way. `event`: as the caller read it, then as it stands behind its lock.

    `approved` None: what comes by the organiser's hand is. `quiet`: nobody is written to. `is_inside`: they
    were let in already, so they are on the list as what they are, with a place or without.
    """

    world: World
    actor: Actor
    event: EventRecord
    request: RegistrationRequest
    source: Source
    approved: bool | None = None
    quiet: bool = False
    is_inside: bool = False

    @property
    def openly(self) -> bool:
        """Whether the caller may know who is registered."""
        if self.source is Source.DOOR:
            return may_scan(self.actor, self.event)
        return may_edit(self.actor, self.event) and self.source is not Source.PAGE

    @property
    def at_once(self) -> bool:
        """Whether a new person goes on to their own page (docs/decisions/0152-the-ticket-at-once.md)."""
        return self.event.ticket_at_once and self.source is Source.PAGE

    @property
    def by_hand(self) -> bool:
        return self.source in (Source.WALK_IN, Source.IMPORT, Source.DOOR)

    @property
    def is_approved(self) -> bool:
        if self.approved is not None:
            return self.approved
        return self.by_hand and may_edit(self.actor, self.event)

    @property
    def needs_approval(self) -> bool:
        """Whoever holds a door does not decide who is invited."""
        uninvited = self.source is Source.DOOR and self.event.visibility is Visibility.INVITED
        return (self.event.approval or uninvited) and not self.is_approved


class _Decision(msgspec.Struct, frozen=True):
    applicant: Applicant
    status: RegistrationStatus
    waiting_position: int | None
    known: UUID | None
    sessions: list[SessionRecord] = []


class _Entry(msgspec.Struct, frozen=True):
    """Somebody new: a row, a ticket and a link for each of the group, whoever asked first."""

    submission: Submission
    decision: _Decision
    group: list[RegistrationRecord]


async def take_all(event: EventRecord, submissions: Sequence[Submission]) -> list[Outcome]:
    """Decides in order of arrival, then writes all rows at once: a few statements, however many requests.

    A refusal is returned, since it wrote nothing; whatever is raised comes from writing.
    """
    standing = await _Standing.read(event, submissions)
    outcomes: list[Outcome | _Entry] = []
    for submission in submissions:
        try:
            decision = await _decide(submission, standing)
        except AppError as refusal:
            outcomes.append(refusal)
            continue
        if decision.known is not None:
            outcomes.append(await _recognise(submission, decision, decision.known))
        else:
            entry = _entry(submission, decision, standing.counts.last_arrival)
            standing.enter(entry)
            outcomes.append(entry)
    entries = [outcome for outcome in outcomes if isinstance(outcome, _Entry)]
    written = iter(await _write(event, entries))
    return [next(written) if isinstance(outcome, _Entry) else outcome for outcome in outcomes]


class _Standing:
    """What is decided from: read once behind the event's lock, then as each decision leaves it."""

    def __init__(self, counts: EventCounts, known: dict[str, UUID]) -> None:
        self.counts = counts
        self.known = known  # who is registered already, by address
        self._sessions: list[SessionRecord] | None = None
        self._taken: dict[UUID, int] | None = None

    @classmethod
    async def read(cls, event: EventRecord, submissions: Sequence[Submission]) -> "_Standing":
        addresses = {_address(submission) for submission in submissions} - {""}
        return cls(*await storage.situation(event.id, sorted(addresses)))

    async def sessions(self, event: EventRecord) -> list[SessionRecord]:
        if self._sessions is None:
            self._sessions = await sessions_of(event.id)
        return self._sessions

    async def taken(self, event: EventRecord) -> dict[UUID, int]:
        """Places in sessions."""
        if self._taken is None:
            self._taken = await occupancy(event.id)
        return self._taken

    def enter(self, entry: _Entry) -> None:
        name, size = entry.decision.status.value, len(entry.group)
        changed = {name: getattr(self.counts, name) + size, "last_arrival": self.counts.last_arrival + size}
        if entry.decision.status is RegistrationStatus.WAITING:
            changed["waiting_groups"] = self.counts.waiting_groups + 1
        self.counts = msgspec.structs.replace(self.counts, **changed)
        if self._taken is not None and entry.decision.status is RegistrationStatus.CONFIRMED:
            for session in entry.decision.sessions:
                self._taken[session.id] = self._taken.get(session.id, 0) + size
        if entry.decision.status.is_active:
            self.known[fold_email(entry.group[0].email)] = entry.group[0].id


def _address(submission: Submission) -> str:
    return fold_email(clean_email(submission.request.email) or "")


async def announce(world: World, event: EventRecord, group: Sequence[RegistrationRecord]) -> None:
    """`event` as it stands behind its lock."""
    for registration in group:
        await hooks.registered(world, event, registration)


async def _decide(submission: Submission, standing: _Standing) -> _Decision:
    world, event, request = submission.world, submission.event, submission.request
    if submission.by_hand and not submission.openly:
        raise NotAllowed
    reason = rules.closed_because(event, world.now(), submission.by_hand)
    if reason is not None and not submission.is_inside:
        raise rules.RegistrationClosed(reason=reason)
    if event.visibility is Visibility.INVITED and not submission.openly:
        await require_invitation(event, request)
    sessions = await standing.sessions(event) if request.preferences or request.sessions else []
    applicant = applicants.check(
        request,
        event,
        sessions,
        LANGUAGES,
        submission.by_hand,
        at_door=submission.source is Source.DOOR,
        is_inside=submission.is_inside,
    )
    known = standing.known.get(_address(submission))
    if submission.openly and known is not None:
        raise rules.AlreadyRegistered(registration_id=str(known))
    counts = standing.counts
    if means_absence(event.questions, applicant.answers):
        status = RegistrationStatus.CANCELLED  # noted, without a place: docs/decisions/0088-excused.md
    else:
        status = _status_of(submission, counts, applicant.group_size)
    wanted = choices.chosen(request.sessions, sessions)
    choices.check_hours(wanted)
    if wanted and status is RegistrationStatus.CONFIRMED:
        choices.check_room(wanted, await standing.taken(event), applicant.group_size)
    # Nobody else learns a rank: it would tell a person who is on the list from one who is not.
    waits = submission.openly and status is RegistrationStatus.WAITING
    place = counts.waiting_groups + 1 if waits else None
    return _Decision(applicant, status, place, known, wanted if status.is_active else [])


def _status_of(submission: Submission, counts: EventCounts, size: int) -> RegistrationStatus:
    asked = msgspec.structs.replace(submission.event, approval=submission.needs_approval)
    try:
        status = rules.decide_registration(asked, counts, size)
    except rules.EventFull:
        if not submission.is_inside:
            raise
        return RegistrationStatus.WAITING
    # Nobody waits before a door for a place that may be free tomorrow.
    if submission.source is Source.DOOR and status is RegistrationStatus.WAITING and not submission.is_inside:
        raise rules.EventFull(reason="full")
    return status


async def _write(event: EventRecord, entries: Sequence[_Entry]) -> list[RegistrationAnswer]:
    if not entries:
        return []
    world = entries[0].submission.world
    groups = await storage.with_free_tickets(world, event.id, [entry.group for entry in entries])
    leads = [group[0] for group in groups]
    people = storage.registration_rows(world, [member for group in groups for member in group])
    lines = audit.rows_of(world, [_audit_line(event, entry) for entry in entries])
    mails = [
        (MAIL_BY_STATUS.get(lead.status, job_kinds.EXCUSED), AboutRegistration(lead.id))
        for lead, entry in zip(leads, entries, strict=True)
        if not entry.submission.quiet
    ]
    await insert_together(people, lines, jobs.rows_of(world, mails, event_id=event.id))
    await storage.insert_preferences(
        world,
        [(lead.id, entry.decision.applicant.preferences) for lead, entry in zip(leads, entries, strict=True)],
    )
    await storage.insert_consents(
        world, [(lead, entry.decision.applicant.consents) for lead, entry in zip(leads, entries, strict=True)]
    )
    chosen = [
        (member.id, session)
        for group, entry in zip(groups, entries, strict=True)
        for member in group
        for session in entry.decision.sessions
    ]
    await hooks.seat(world, chosen)
    for group in groups:
        if group[0].status is RegistrationStatus.CONFIRMED:
            await announce(world, event, group)
    return [
        RegistrationAnswer(
            lead.id,
            lead.status,
            entry.decision.waiting_position,
            lead if entry.submission.openly or entry.submission.at_once else None,
        )
        for lead, entry in zip(leads, entries, strict=True)
    ]


def _audit_line(event: EventRecord, entry: _Entry) -> audit.Line:
    return audit.Line(
        entry.submission.actor,
        "registration.created",
        body_id=event.body_id,
        event_id=event.id,
        object_id=entry.group[0].id,
        details={
            "status": entry.decision.status.value,
            "people": len(entry.group),
            "source": entry.submission.source.value,
        },
    )


async def _recognise(submission: Submission, decision: _Decision, known: UUID) -> RegistrationAnswer:
    """Write to the person who is registered already, at most once an hour; the answer is a new person's."""
    world = submission.world
    receipt_id = world.new_id()
    await remind(world, submission.actor, submission.event, known, receipt=str(receipt_id))
    return RegistrationAnswer(receipt_id, decision.status, decision.waiting_position, None)


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
        await jobs.enqueue(world, job_kinds.ALREADY_REGISTERED, AboutRegistration(known), event_id=event.id)


def _entry(submission: Submission, decision: _Decision, last_arrival: int) -> _Entry:
    """The person who asks, then the companions."""
    world, event, applicant = submission.world, submission.event, decision.applicant
    now = world.now()
    lead_id = world.new_id()
    names = [(applicant.given_name, applicant.family_name)]
    names += [(companion.given_name, companion.family_name) for companion in applicant.companions]
    group = [
        RegistrationRecord(
            id=lead_id if index == 0 else world.new_id(),
            event_id=event.id,
            group_id=lead_id,
            arrival=last_arrival + 1 + index,
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
            ticket_id=0,  # until `with_free_tickets`
            short_code="",
            ticket_generation=0,
            source=submission.source.value,
            created_at=now,
            status_changed_at=now,
            erased_at=None,
            revision=1,
            calendar_sequence=0,
            calendar_changed_at=now,
        )
        for index, (given, family) in enumerate(names)
    ]
    return _Entry(submission, decision, group)
