"""Changing places by hand: what is asked for, applied to what is there. Pure."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.workshops.building import Reason, seats
from events_app.features.workshops.errors import SessionFull
from events_app.features.workshops.inputs import Inputs, excludes, workshop_keys
from events_app.features.workshops.model import RunPlaceRecord
from events_app.features.workshops.tally import sizes_of
from events_app.kernel.errors import N_, FieldError, InvalidInput

Key = tuple[UUID, str]
"""A person in a slot."""


class WantedPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`session`: a code; None takes the place away; left out, the place stays. `slot`: needed with None where
    there are several. `locked`: kept when the placement is computed again; left out, a move locks."""

    registration: UUID
    session: str | msgspec.UnsetType | None = msgspec.UNSET
    slot: str | None = None
    locked: bool | msgspec.UnsetType = msgspec.UNSET


def present_places(inputs: Inputs) -> list[RunPlaceRecord]:
    """The published places as they are now, in the form of a run's."""
    found, rank_of, asks = [], inputs.ranker(), inputs.asking()
    for person in inputs.people:
        for slot in inputs.slots:
            session_id = inputs.current.get((person.registration_id, slot))
            rank = rank_of(person, session_id)
            if session_id is None:
                reason = Reason.NO_WISH_POSSIBLE if asks(person, slot) else Reason.NO_WISHES
            else:
                reason = Reason.RATHER_THAN_NOTHING if rank is None else Reason.WISH
            found.append(RunPlaceRecord(person.registration_id, session_id, slot, rank, reason, locked=False))
    return found


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
