"""Making a proposed placement true, and telling those whom it concerns."""

from collections.abc import Collection, Iterable
from uuid import UUID

import msgspec

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import sessions_of
from events_app.features.events.records import note_placement
from events_app.features.events.telling import told_at
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.workshops import job_kinds
from events_app.features.workshops.errors import (
    AssignmentOver,
    ClosingsUnconfirmed,
    EventNotAnnounced,
    stale,
)
from events_app.features.workshops.inputs import Inputs, Person, digests_of, read_inputs
from events_app.features.workshops.job_kinds import AboutCoached
from events_app.features.workshops.model import (
    PlaceSource,
    RunPlaceRecord,
    RunRecord,
    RunStatus,
)
from events_app.features.workshops.queries import published_runs, run_by_id, run_places
from events_app.features.workshops.seating import (
    NewPlace,
    PresentPlace,
    present_places_in,
    replace_places,
)
from events_app.features.workshops.service import run_for_editing
from events_app.features.workshops.tally import Closing, close_and_open, closings_of
from events_app.infra import audit, jobs
from events_app.infra.database import execute, retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor


class Change(msgspec.Struct, frozen=True):
    """One place before and after; both None never happens."""

    registration_id: UUID
    before: UUID | None
    after: UUID | None

    @property
    def moves(self) -> bool:
        return self.before != self.after


class Recipients(msgspec.Struct, frozen=True):
    """Whom to write to, one mail a group: whoever registered it. `missing`: their place stays as it is, and a
    workshop that they wished for more does not take place; `coaches`: accounts, with that workshop."""

    placed: list[UUID]
    changed: list[UUID]
    missing: list[UUID] = []
    coaches: list[tuple[UUID, UUID]] = []


@retried
async def publish(
    world: World, actor: Actor, run_id: UUID, confirmed: Collection[str] | None = None
) -> RunRecord:
    """Publishing a published run again changes nothing. `confirmed`: codes of workshops of which the
    organiser was shown that they will not take place; None: whoever asks has read it in the proposal.

    Raises `NotFound`, `NotAllowed`, `AssignmentOver`, `AssignmentStale`, `EventNotAnnounced`,
    `ClosingsUnconfirmed`.
    """
    async with unit_of_work():
        _, event = await run_for_editing(actor, run_id)
        event = await held(event.id)
        if event.status in (EventStatus.DRAFT, EventStatus.CANCELLED):
            raise EventNotAnnounced
        run = await run_by_id(run_id)
        if run is None or run.status is RunStatus.SUPERSEDED:
            raise AssignmentOver
        if run.status is RunStatus.PUBLISHED:
            return run
        inputs = await read_inputs(event.id, run.slot or None)
        refuse_stale(run, inputs)
        wanted = await run_places(run_id)
        closings = closings_of(inputs, wanted)
        refuse_unseen(closings, confirmed)
        changes = await _make_true(world, inputs, wanted)
        await close_and_open(world, inputs.sessions, {closing.session.id for closing in closings})
        await notify(world, event, told_of(inputs, wanted, changes, closings))
        await _note(world, actor, event, run)
        found = await run_by_id(run_id)
    assert found is not None  # noqa: S101 - updated just above
    return found


def refuse_stale(run: RunRecord, inputs: Inputs) -> None:
    """Raises `AssignmentStale` that names what changed."""
    now = digests_of(inputs)
    changed = [name for name in now.__struct_fields__ if getattr(now, name) != getattr(run.digests, name)]
    if changed:
        raise stale(changed)


def refuse_unseen(closings: Iterable[Closing], confirmed: Collection[str] | None) -> None:
    """Raises `ClosingsUnconfirmed`: no workshop is closed without having been named."""
    unseen = [closing.session for closing in closings if closing.is_new]
    if confirmed is not None and any(session.code not in confirmed for session in unseen):
        raise ClosingsUnconfirmed(
            closed=[session.code for session in unseen],
            sessions=", ".join(f"“{session.title}”" for session in unseen),
        )


def changes_of(inputs: Inputs, wanted: Iterable[RunPlaceRecord]) -> list[Change]:
    """What publishing would change. Pure."""
    return [
        Change(place.registration_id, before, place.session_id)
        for place in wanted
        if (before := inputs.current.get((place.registration_id, place.slot))) or place.session_id
    ]


def recipients_of(
    people: Iterable[Person], changes: Iterable[Change], current: dict[tuple[UUID, str], UUID]
) -> Recipients:
    """`changed` for groups that had a place before, `placed` for those who get their first. Pure."""
    confirmed = {person.registration_id: person for person in people}
    had = {registration_id for registration_id, _ in current}
    told: dict[UUID, bool] = {}
    for change in changes:
        person = confirmed.get(change.registration_id)
        if person is None or not change.moves:
            continue
        lead = person.group_id if person.group_id in confirmed else person.registration_id
        told[lead] = told.get(lead, False) or change.registration_id in had
    return Recipients(
        placed=[lead for lead, again in told.items() if not again],
        changed=[lead for lead, again in told.items() if again],
    )


def told_of(
    inputs: Inputs, wanted: Iterable[RunPlaceRecord], changes: Iterable[Change], closings: Iterable[Closing]
) -> Recipients:
    """Of a publication: also those whom a workshop that no longer takes place concerns. Pure."""
    told = recipients_of(inputs.people, changes, inputs.current)
    closed = {closing.session.id: closing.session for closing in closings if closing.is_new}
    people, offered = inputs.person_by_id, inputs.offered()
    missing: dict[UUID, None] = {}
    for place in wanted if closed else ():
        person = people.get(place.registration_id)
        if person is None:
            continue
        wishes = offered.wishes_in(person.wishes, place.slot)
        better = wishes[: wishes.index(place.session_id)] if place.session_id in wishes else wishes
        if not closed.keys().isdisjoint(better):
            missing[person.group_id if person.group_id in people else person.registration_id] = None
    return msgspec.structs.replace(
        told,
        missing=[lead for lead in missing if lead not in {*told.placed, *told.changed}],
        coaches=[(one.coach_account_id, one.id) for one in closed.values() if one.coach_account_id],
    )


async def notify(world: World, event: EventRecord, recipients: Recipients) -> None:
    for kind, leads in (
        (job_kinds.PLACED, recipients.placed),
        (job_kinds.PLACE_CHANGED, recipients.changed),
        (job_kinds.WORKSHOP_CLOSED, recipients.missing),
    ):
        payloads = [AboutRegistration(lead) for lead in leads]
        await jobs.enqueue_many(world, kind, payloads, event_id=event.id, run_at=told_at(world, event))
    coached = [AboutCoached(account, session) for account, session in recipients.coaches]
    await jobs.enqueue_many(
        world, job_kinds.COACHED_CLOSED, coached, event_id=event.id, run_at=told_at(world, event)
    )


async def _make_true(world: World, inputs: Inputs, wanted: list[RunPlaceRecord]) -> list[Change]:
    """Replace the places of the run's slots. What stays as it is keeps its row and its calendar sequence.

    Slots are those of the programme as it is now; whoever had two places in one keeps none but that wanted.
    """
    by_id = inputs.session_by_id
    present: dict[tuple[UUID, str], list[PresentPlace]] = {}
    for one in await present_places_in(inputs.sessions):
        present.setdefault((one.registration_id, by_id[one.session_id].slot_key), []).append(one)
    gone, fresh, changes = [], [], []
    for place in wanted:
        had = present.pop((place.registration_id, place.slot), [])
        had.sort(key=lambda one: (one.session_id != place.session_id, one.id))
        before = had[0] if had else None
        for other in had[1:]:
            changes.append(Change(place.registration_id, other.session_id, None))
        if before and (before.session_id, before.rank) == (place.session_id, place.rank):
            gone += had[1:]
            continue
        gone += had
        changes.append(Change(place.registration_id, before.session_id if before else None, place.session_id))
        if place.session_id is not None:
            session = by_id[place.session_id]
            fresh.append(NewPlace(place.registration_id, session, place.rank, PlaceSource.RUN, before))
    gone += [place for left in present.values() for place in left]
    await replace_places(world, gone, fresh)
    return changes


async def _note(world: World, actor: Actor, event: EventRecord, run: RunRecord) -> None:
    now = world.now()
    # A run of all slots replaces every run; a run of one slot leaves those of the others in force.
    slots = {session.slot_key for session in await sessions_of(event.id)}
    for former in await published_runs(event.id):
        if run.slot in ("", former.slot) or (former.slot and former.slot not in slots):
            await execute(
                "UPDATE assignment_run SET status = {}, revision = revision + 1 WHERE id = {}",
                RunStatus.SUPERSEDED.value,
                former.id,
            )
    await execute(
        "UPDATE assignment_run SET status = {}, published_at = {}, revision = revision + 1 WHERE id = {}",
        RunStatus.PUBLISHED.value,
        now,
        run.id,
    )
    await note_placement(world, event.id)
    await audit.record(
        world,
        actor,
        "assignment.published",
        body_id=event.body_id,
        event_id=event.id,
        object_id=run.id,
        rank_counts=run.outcome.rank_counts,
        unassigned=run.outcome.unassigned,
        moved=run.outcome.moved,
    )
