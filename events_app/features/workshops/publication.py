"""Making a proposed placement true, and telling those whom it concerns."""

from collections.abc import Collection, Iterable
from uuid import UUID

import msgspec

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.registration.storage import appointments_changed
from events_app.features.workshops.closing import Closing, close_and_open, closings_of
from events_app.features.workshops.errors import (
    AssignmentOver,
    ClosingsUnconfirmed,
    EventNotAnnounced,
    stale,
)
from events_app.features.workshops.inputs import Inputs, Person, digests_of, read_inputs
from events_app.features.workshops.model import (
    PlaceSource,
    RunPlaceRecord,
    RunRecord,
    RunStatus,
)
from events_app.features.workshops.queries import run_by_id, run_places
from events_app.features.workshops.service import ROWS_A_STATEMENT, run_for_editing
from events_app.features.workshops.tables import Place
from events_app.infra import audit, jobs
from events_app.infra.database import execute, retried, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor


class PresentPlace(msgspec.Struct, frozen=True):
    id: UUID
    registration_id: UUID
    slot: str
    session_id: UUID
    rank: int | None
    calendar_sequence: int


class Change(msgspec.Struct, frozen=True):
    """One place before and after; both None never happens."""

    registration_id: UUID
    before: UUID | None
    after: UUID | None

    @property
    def moves(self) -> bool:
        return self.before != self.after


class Recipients(msgspec.Struct, frozen=True):
    """Whom to write to, one mail a group: whoever registered it."""

    placed: list[UUID]
    changed: list[UUID]


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
        changes = await _make_true(world, event, inputs, wanted)
        await close_and_open(world, inputs.sessions, {closing.session.id for closing in closings})
        await notify(world, event, recipients_of(inputs.people, changes, inputs.current))
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


async def notify(world: World, event: EventRecord, recipients: Recipients) -> None:
    for kind, leads in (("mail.placed", recipients.placed), ("mail.place_changed", recipients.changed)):
        payloads = [{"registration_id": lead} for lead in leads]
        await jobs.enqueue_many(world, kind, payloads, event_id=event.id)


async def _make_true(
    world: World, event: EventRecord, inputs: Inputs, wanted: list[RunPlaceRecord]
) -> list[Change]:
    """Replace the places of the run's slots. What stays as it is keeps its row and its calendar sequence."""
    found = await rows(
        "SELECT p.id, p.registration AS registration_id, p.slot, p.session AS session_id, p.rank,"
        " p.calendar_sequence FROM place p JOIN session s ON s.id = p.session WHERE s.event = {}",
        event.id,
    )
    present = {
        (place.registration_id, place.slot): place
        for place in (msgspec.convert(line, PresentPlace) for line in found)
        if place.slot in inputs.slots
    }
    gone, fresh, changes = [], [], []
    for place in wanted:
        before = present.pop((place.registration_id, place.slot), None)
        if before and (before.session_id, before.rank) == (place.session_id, place.rank):
            continue
        change = Change(place.registration_id, before.session_id if before else None, place.session_id)
        changes.append(change)
        if before:
            gone.append(before.id)
        if place.session_id is not None:
            sequence = before.calendar_sequence + change.moves if before else 0
            fresh.append(_place_row(world, place, sequence))
    gone += [place.id for place in present.values()]
    for start in range(0, len(gone), ROWS_A_STATEMENT):
        part = gone[start : start + ROWS_A_STATEMENT]
        await execute(f"DELETE FROM place WHERE id IN ({', '.join('{}' for _ in part)})", *part)
    for start in range(0, len(fresh), ROWS_A_STATEMENT):
        await Place.insert(*fresh[start : start + ROWS_A_STATEMENT])
    moved = [change.registration_id for change in changes if change.moves]
    await appointments_changed((*moved, *(place.registration_id for place in present.values())), world.now())
    return changes


def _place_row(world: World, place: RunPlaceRecord, sequence: int) -> Place:
    return Place(
        id=world.new_id(),
        registration=place.registration_id,
        session=place.session_id,
        slot=place.slot,
        rank=place.rank,
        source=PlaceSource.RUN.value,
        assigned_at=world.now(),
        calendar_sequence=sequence,
    )


async def _note(world: World, actor: Actor, event: EventRecord, run: RunRecord) -> None:
    now = world.now()
    # A run of all slots replaces every run; a run of one slot leaves those of the others in force.
    await execute(
        "UPDATE assignment_run SET status = {}, revision = revision + 1"
        " WHERE event = {} AND status = {} AND ({} = '' OR slot = {})",
        RunStatus.SUPERSEDED.value,
        event.id,
        RunStatus.PUBLISHED.value,
        run.slot,
        run.slot,
    )
    await execute(
        "UPDATE assignment_run SET status = {}, published_at = {}, revision = revision + 1 WHERE id = {}",
        RunStatus.PUBLISHED.value,
        now,
        run.id,
    )
    await execute(
        "UPDATE event SET placement_published_at = {}, updated_at = {}, revision = revision + 1"
        " WHERE id = {}",
        now,
        now,
        event.id,
    )
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
