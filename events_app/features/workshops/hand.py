"""Moving and locking people by hand, in a proposal or in what is published.

What is asked for is applied to what is there, and the effect is shown first.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.workshops.building import seats
from events_app.features.workshops.errors import AssignmentOver, SessionFull
from events_app.features.workshops.inputs import Inputs, excludes, read_inputs, workshop_keys
from events_app.features.workshops.model import (
    KeptOutcome,
    Outcome,
    PlaceSource,
    Reason,
    RunPlaceRecord,
    RunRecord,
    RunStatus,
)
from events_app.features.workshops.publication import Change, notify, recipients_of
from events_app.features.workshops.queries import published_runs, run_by_id, run_places
from events_app.features.workshops.seating import NewPlace, present_places_in, replace_places
from events_app.features.workshops.service import run_for_editing
from events_app.features.workshops.standing import in_force
from events_app.features.workshops.tally import Requests, close_and_open, outcome_of, present_places, sizes_of
from events_app.infra import audit
from events_app.infra.database import execute, read_snapshot, retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotFound, RevisionMismatch

Key = tuple[UUID, str]
"""A person in a slot."""


class WantedPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`session`: a code; None takes the place away; left out, the place stays. `slot`: needed with None where
    there are several. `locked`: kept when the placement is computed again; left out, a move locks."""

    registration: UUID
    session: str | msgspec.UnsetType | None = msgspec.UNSET
    slot: str | None = None
    locked: bool | msgspec.UnsetType = msgspec.UNSET


def apply(
    inputs: Inputs, places: Sequence[RunPlaceRecord], wanted: Sequence[WantedPlace]
) -> list[RunPlaceRecord]:
    """All places after the changes. Raises `InvalidInput` with pointers into `/places`, `SessionFull`."""
    after = {(place.registration_id, place.slot): place for place in places}
    errors: list[FieldError] = []
    for number, change in enumerate(wanted):
        try:
            after |= _changed(inputs, after, change)
        except _Wrong as wrong:
            errors.append(FieldError(f"/places/{number}/{wrong.field}", wrong.code, wrong.message))
    if errors:
        raise InvalidInput(errors)
    _refuse_overfull(inputs, places, list(after.values()))
    return list(after.values())


class _Wrong(Exception):
    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(field, code)
        self.field, self.code, self.message = field, code, message


def _changed(
    inputs: Inputs, places: dict[Key, RunPlaceRecord], change: WantedPlace
) -> dict[Key, RunPlaceRecord]:
    who = change.registration
    mine = {key: place for key, place in places.items() if key[0] == who}
    if who not in inputs.person_by_id or not mine:
        raise _Wrong("registration", "unknown", N_("Nobody confirmed here has this number."))
    if change.slot is not None and (who, change.slot) not in mine:
        raise _Wrong("slot", "unknown", N_("This event has no such slot."))
    if isinstance(change.session, msgspec.UnsetType):
        if isinstance(change.locked, msgspec.UnsetType):
            raise _Wrong("session", "missing", N_("Please say where to, or whether to lock."))
        locked = change.locked
        return {
            key: msgspec.structs.replace(place, locked=locked and place.session_id is not None)
            for key, place in mine.items()
            if key[1] in _slots(mine, change)
        }
    if change.session is None:
        slots = _slots(mine, change)
        if len(slots) != 1:
            raise _Wrong("slot", "missing", N_("Please say in which slot."))
        return {(who, slots[0]): RunPlaceRecord(who, None, slots[0], None, Reason.BY_HAND, locked=False)}
    return _moved(inputs, mine, change, change.session)


def _slots(mine: dict[Key, RunPlaceRecord], change: WantedPlace) -> list[str]:
    """The one that is named, or all of this person's."""
    return [slot for _, slot in mine if change.slot in (None, slot)]


def _moved(
    inputs: Inputs, mine: dict[Key, RunPlaceRecord], change: WantedPlace, code: str
) -> dict[Key, RunPlaceRecord]:
    session = inputs.session_by_code.get(code)
    if session is None or session.slot_key not in _slots(mine, change):
        raise _Wrong("session", "unknown", N_("This event has no such workshop."))
    keys, by_id = workshop_keys(inputs.sessions), inputs.session_by_id
    elsewhere = [place for (_, slot), place in mine.items() if slot != session.slot_key]
    others = [by_id[place.session_id] for place in elsewhere if place.session_id]
    for other in (*others, *inputs.elsewhere.get(change.registration, ())):
        if keys.get(other.id) == keys[session.id]:
            raise _Wrong("session", "twice", N_("This person has the same workshop at another time already."))
        if excludes(other, session):
            raise _Wrong("session", "overlap", N_("This person has another workshop at the same time."))
    place = mine[change.registration, session.slot_key]
    locked = True if isinstance(change.locked, msgspec.UnsetType) else change.locked
    if place.session_id == session.id:
        return {(change.registration, session.slot_key): msgspec.structs.replace(place, locked=locked)}
    moved = RunPlaceRecord(
        registration_id=change.registration,
        session_id=session.id,
        slot=session.slot_key,
        rank=inputs.rank(inputs.person_by_id[change.registration], session.id),
        reason=Reason.BY_HAND,
        locked=locked,
    )
    return {(change.registration, session.slot_key): moved}


def _refuse_overfull(
    inputs: Inputs, before: Sequence[RunPlaceRecord], after: Sequence[RunPlaceRecord]
) -> None:
    """A session may stay too full (its maximum was lowered), but nobody more goes there."""
    sizes, sizes_before = sizes_of(after), sizes_of(before)
    for session in inputs.sessions:
        if sizes[session.id] > max(seats(session, inputs), sizes_before[session.id]):
            raise SessionFull(session=session.title, capacity=seats(session, inputs))


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
