"""Moving and locking people by hand, in a proposal or in what is published, with the effect shown first."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.workshops.changes import WantedPlace, apply, present_places
from events_app.features.workshops.closing import close_and_open
from events_app.features.workshops.errors import AssignmentOver
from events_app.features.workshops.inputs import Inputs, read_inputs
from events_app.features.workshops.model import (
    KeptOutcome,
    Outcome,
    PlaceSource,
    RunPlaceRecord,
    RunRecord,
    RunStatus,
)
from events_app.features.workshops.publication import Change, notify, recipients_of
from events_app.features.workshops.queries import published_runs, run_by_id, run_places
from events_app.features.workshops.seating import NewPlace, present_places_in, replace_places
from events_app.features.workshops.service import run_for_editing
from events_app.features.workshops.standing import in_force
from events_app.features.workshops.tally import Requests, outcome_of, sizes_of
from events_app.infra import audit
from events_app.infra.database import execute, read_snapshot, retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotFound, RevisionMismatch


class Effect(msgspec.Struct, frozen=True):
    """What changes by hand do: the counts and the people in each session, before and after."""

    before: Outcome
    after: Outcome
    sizes_before: dict[UUID, int]
    sizes: dict[UUID, int]
    changed: list[RunPlaceRecord]


class _State(msgspec.Struct, frozen=True):
    run: RunRecord
    inputs: Inputs
    places: list[RunPlaceRecord]
    requests: Requests


async def places_now(run: RunRecord, inputs: Inputs) -> list[RunPlaceRecord]:
    """A proposal's places; of a published run what has become of them since."""
    return present_places(inputs) if run.status is RunStatus.PUBLISHED else await run_places(run.id)


async def effect_of(actor: Actor, run_id: UUID, wanted: Sequence[WantedPlace]) -> Effect:
    """Without changing anything. Raises as `adjust`."""
    _, event = await run_for_editing(actor, run_id)
    async with read_snapshot():
        state = await _state(event, run_id, None)
    return _effect(state, apply(state.inputs, state.places, wanted))


@retried
async def adjust(
    world: World, actor: Actor, run_id: UUID, wanted: Sequence[WantedPlace], revision: int | None = None
) -> RunRecord:
    """In a published placement, those who were moved are told.

    Raises `NotFound`, `NotAllowed`, `InvalidInput`, `SessionFull`, `AssignmentOver`, `RevisionMismatch`.
    """
    async with unit_of_work():
        _, event = await run_for_editing(actor, run_id)
        event = await held(event.id)
        state = await _state(event, run_id, revision)
        after = apply(state.inputs, state.places, wanted)
        effect = _effect(state, after)
        if state.run.status is RunStatus.PUBLISHED:
            await _move_published(world, event, state, effect.changed)
        else:
            await _change_proposal(state, effect, after)
        await execute("UPDATE assignment_run SET revision = revision + 1 WHERE id = {}", run_id)
        await audit.record(
            world,
            actor,
            "assignment.changed",
            body_id=event.body_id,
            event_id=event.id,
            object_id=run_id,
            moves=len(effect.changed),
        )
        found = await run_by_id(run_id)
    assert found is not None  # noqa: S101 - read in the same transaction
    return found


async def _state(event: EventRecord, run_id: UUID, revision: int | None) -> _State:
    run = await run_by_id(run_id)
    if run is None:
        raise NotFound
    if run.status is RunStatus.SUPERSEDED:
        raise AssignmentOver
    if revision is not None and run.revision != revision:
        raise RevisionMismatch
    inputs = await read_inputs(event.id, run.slot or None)
    places, requests = await places_now(run, inputs), run.request
    if run.status is RunStatus.PUBLISHED:
        return _State(run, inputs, places, in_force(inputs, await published_runs(event.id))[1])
    return _State(run, inputs, places, requests)


def _effect(state: _State, after: list[RunPlaceRecord]) -> Effect:
    before = set(state.places)
    return Effect(
        before=outcome_of(state.inputs, state.places, state.requests),
        after=outcome_of(state.inputs, after, state.requests),
        sizes_before=dict(sizes_of(state.places)),
        sizes=dict(sizes_of(after)),
        changed=[place for place in after if place not in before],
    )


async def _change_proposal(state: _State, effect: Effect, after: list[RunPlaceRecord]) -> None:
    was = {(place.registration_id, place.slot): place.session_id for place in state.places}
    for place in effect.changed:
        await execute(
            "UPDATE run_place SET session = {}, rank = {}, reason = {}, locked = {}"
            " WHERE run = {} AND registration = {} AND slot = {}",
            place.session_id,
            place.rank,
            place.reason,
            place.locked,
            state.run.id,
            place.registration_id,
            place.slot,
        )
    moved = any(was[place.registration_id, place.slot] != place.session_id for place in effect.changed)
    kept = KeptOutcome(
        effect.after, state.run.digests, state.run.proven and not moved, by_hand=state.run.by_hand or moved
    )
    await execute(
        "UPDATE assignment_run SET outcome = {}, certificate = {} WHERE id = {}",
        msgspec.json.encode(kept).decode(),
        "null" if kept.by_hand else bytes(state.run.certificate).decode(),
        state.run.id,
    )


async def _move_published(
    world: World, event: EventRecord, state: _State, changed: list[RunPlaceRecord]
) -> None:
    by_id, changes, gone, fresh = state.inputs.session_by_id, [], [], []
    present = {(one.registration_id, one.session_id): one for one in await present_places_in(by_id.values())}
    for place in changed:
        session_id = state.inputs.current.get((place.registration_id, place.slot))
        change = Change(place.registration_id, session_id, place.session_id)
        if not change.moves:
            continue  # a published place has no lock: it stays unless somebody moves it
        changes.append(change)
        before = present.get((place.registration_id, session_id)) if session_id else None
        gone += [before] if before else []
        if place.session_id is not None:
            session = by_id[place.session_id]
            fresh.append(NewPlace(place.registration_id, session, place.rank, PlaceSource.MOVED, before))
    await replace_places(world, gone, fresh)
    # Whoever moves people into a closed workshop opens it; nothing closes without a publication.
    closed = {session.id for session in state.inputs.sessions if not session.takes_place}
    opened = {change.after for change in changes}
    await close_and_open(world, state.inputs.sessions, closed - opened)
    await notify(world, event, recipients_of(state.inputs.people, changes, state.inputs.current))
