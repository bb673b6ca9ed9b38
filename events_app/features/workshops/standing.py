"""How the published placement stands now: who lacks a place, which seats are free, whether something better
is to be had, and what has happened since it was computed. One answer for every page and the API.

A proof belongs to what was computed: after a withdrawal or a change it proves nothing any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from events_app.features.events.model import SessionRecord
from events_app.features.workshops.inputs import (
    Inputs,
    Person,
    digests_of,
    excludes,
    narrowed,
    read_inputs,
)
from events_app.features.workshops.model import Outcome, RunPlaceRecord, RunRecord, RunRequest
from events_app.features.workshops.queries import published_runs, run_places
from events_app.features.workshops.tally import outcome_of, present_places, sizes_of, welcoming
from events_app.infra.database import read_snapshot


class FreeSeats(msgspec.Struct, frozen=True):
    session: SessionRecord
    seats: int | None  # None: no limit


class Gain(msgspec.Struct, frozen=True):
    """Somebody who could have a better place at once, worse for nobody. `before` None: has none."""

    person: Person
    before: SessionRecord | None
    after: SessionRecord


class Since(msgspec.Struct, frozen=True):
    """What is no longer as it was computed. `wishes` is known only where the people are the same."""

    withdrawals: int = 0
    arrivals: int = 0
    moves: int = 0
    wishes: bool = False
    programme: bool = False

    @property
    def anything(self) -> bool:
        return bool(self.withdrawals or self.arrivals or self.moves or self.wishes or self.programme)


class Standing(msgspec.Struct, frozen=True):
    """`requests`: what was asked for in each slot. `gains` name people who could move or be seated at once;
    `trades`: people could exchange places so that each gets a better one."""

    requests: dict[str, RunRequest]
    outcome: Outcome
    free: list[FreeSeats]
    gains: list[Gain]
    trades: bool
    since: Since
    proven: bool

    @property
    def better_exists(self) -> bool:
        return bool(self.gains) or self.trades


async def standing_of(event_id: UUID) -> Standing | None:
    """None while nothing is published."""
    async with read_snapshot():
        runs = await published_runs(event_id)
        if not runs:
            return None
        inputs = await read_inputs(event_id)
        computed = {run.id: await run_places(run.id) for run in runs}
    return standing(inputs, runs, computed)


async def standing_of_run(run: RunRecord, inputs: Inputs) -> Standing:
    """Of one published run; `inputs` are of its own slots. What was asked for there, a later run may say."""
    computed = {run.id: await run_places(run.id)}
    return standing(inputs, [run], computed, await published_runs(run.event_id))


def standing(
    inputs: Inputs,
    runs: Sequence[RunRecord],
    computed: Mapping[UUID, Sequence[RunPlaceRecord]],
    published: Sequence[RunRecord] = (),
) -> Standing:
    """Of the slots that have a published placement. `published`: all of them, where `runs` are some. Pure."""
    inputs, requests = in_force(inputs, published or runs)
    places = present_places(inputs)
    changes = [since(only_slot(inputs, run.slot), run, computed[run.id]) for run in runs]
    return Standing(
        requests=requests,
        outcome=outcome_of(inputs, places, requests),
        free=free_seats(inputs, places),
        gains=gains_of(inputs, places, requests),
        trades=trades_exist(inputs, places),
        since=_together(changes),
        proven=all(run.proven for run in runs) and not any(change.anything for change in changes),
    )


def in_force(inputs: Inputs, runs: Sequence[RunRecord]) -> tuple[Inputs, dict[str, RunRequest]]:
    """The slots that are decided, and what was asked for there."""
    requests = {}
    for slot in inputs.slots:
        run = next((run for run in runs if run.slot in ("", slot)), None)
        if run is None and any(key[1] == slot for key in inputs.current):
            run = runs[0]  # its slot has another name now
        if run is not None:
            requests[slot] = run.request
    return narrowed(inputs, requests), requests


def only_slot(inputs: Inputs, slot: str) -> Inputs:
    """As a run of this slot reads it; "" is all of them."""
    return narrowed(inputs, [slot]) if slot else inputs


def since(inputs: Inputs, run: RunRecord, computed: Sequence[RunPlaceRecord]) -> Since:
    """Against the inputs of the run's own slots."""
    then = {place.registration_id for place in computed}
    now = inputs.person_by_id.keys()
    digests = digests_of(inputs)
    moves = {
        place.registration_id
        for place in computed
        if place.registration_id in now
        and inputs.current.get((place.registration_id, place.slot)) != place.session_id
    }
    return Since(
        withdrawals=len(then - now),
        arrivals=len(now - then),
        moves=len(moves),
        wishes=then == now and digests.wishes != run.digests.wishes,
        programme=digests.programme != run.digests.programme,
    )


def free_seats(inputs: Inputs, places: Iterable[RunPlaceRecord]) -> list[FreeSeats]:
    """Of workshops that take place."""
    sizes = sizes_of(places)
    found = []
    for session in inputs.sessions:
        most = session.capacity_max
        left = None if most is None else most - sizes[session.id]
        if session.takes_place and (left is None or left > 0):
            found.append(FreeSeats(session, left))
    return found


def gains_of(
    inputs: Inputs, places: Sequence[RunPlaceRecord], requests: Mapping[str, RunRequest]
) -> list[Gain]:
    """Each for itself: two of them may want the same seat. Nobody leaves a workshop below its minimum."""
    by_id, people = inputs.session_by_id, inputs.person_by_id
    free = {seats.session.id for seats in free_seats(inputs, places)}
    if not free:
        return []
    sizes, offered = sizes_of(places), inputs.offered()
    welcomes = welcoming(inputs, requests)
    held: dict[UUID, list[SessionRecord]] = {}
    for place in places:
        if place.session_id is not None:
            held.setdefault(place.registration_id, []).append(by_id[place.session_id])
    found = []
    for place in places:
        person = people[place.registration_id]
        before = by_id[place.session_id] if place.session_id else None
        if before and sizes[before.id] <= (before.capacity_min or 0):
            continue
        others = [one for one in held.get(place.registration_id, []) if one.slot_key != place.slot]
        others += inputs.elsewhere.get(place.registration_id, ())
        wanted = [by_id[wish] for wish in offered.wishes_in(person.wishes, place.slot)]
        better = wanted[: wanted.index(before)] if before in wanted else wanted
        if before is None and welcomes(person, place.slot):
            better = [*better, *inputs.in_slot(place.slot)]
        for after in better:
            if after.id in free and not any(excludes(one, after) for one in others):
                found.append(Gain(person, before, after))
                break
    return found


def trades_exist(inputs: Inputs, places: Iterable[RunPlaceRecord]) -> bool:
    """Whether people of one slot could pass their places on in a circle, each to somebody who prefers it."""
    offered, people = inputs.offered(), inputs.person_by_id
    wanted: dict[UUID, set[UUID]] = {}
    for place in places:
        if place.session_id is None:
            continue
        wishes = offered.wishes_in(people[place.registration_id].wishes, place.slot)
        better = wishes[: wishes.index(place.session_id)] if place.session_id in wishes else wishes
        wanted.setdefault(place.session_id, set()).update(better)
    while wanted:  # take away what nobody can leave for anything that is left
        ended = [session for session, better in wanted.items() if not better & wanted.keys()]
        if not ended:
            return True
        for session in ended:
            del wanted[session]
    return False


def _together(changes: Sequence[Since]) -> Since:
    return Since(
        withdrawals=max(change.withdrawals for change in changes),
        arrivals=max(change.arrivals for change in changes),
        moves=sum(change.moves for change in changes),
        wishes=any(change.wishes for change in changes),
        programme=any(change.programme for change in changes),
    )
