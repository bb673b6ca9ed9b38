"""From what was read and asked for to the engine's numbers and back. Pure."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from uuid import UUID

import msgspec

from events_app.features.events.model import PROFILES, SessionRecord
from events_app.features.events.overlaps import overlapping
from events_app.features.workshops.inputs import Inputs, excludes, workshop_keys
from events_app.features.workshops.model import Reason, RequestedBalance, RunPlaceRecord, RunRequest
from events_app.features.workshops.tally import Welcoming, welcoming
from events_app.kernel.errors import N_, FieldError, InvalidInput
from events_app.matching.workshops.problem import UNPLACED, Balance, Lock, PlacementProblem

FINEST_SHARE = 100  # shares are taken as fractions with at most this denominator


class Profiles(msgspec.Struct, frozen=True):
    """`numbers` by person; `known` by code. Whoever gave none has a number alone: they are not alike."""

    numbers: tuple[int, ...]
    known: dict[str, int]


def number_profiles(inputs: Inputs) -> Profiles:
    codes = dict.fromkeys(person.profile for person in inputs.people if person.profile)
    known = {code: number for number, code in enumerate(codes)}
    numbers = [
        known[person.profile] if person.profile else len(known) + place
        for place, person in enumerate(inputs.people)
    ]
    return Profiles(tuple(numbers), known)


def balance_of(requested: RequestedBalance | None, profiles: Profiles) -> Balance | None:
    if requested is None:
        return None
    share = requested.max_share_of_one_profile
    wanted = requested.at_least_one_of_profiles
    return Balance(
        most_share=None
        if share is None
        else Fraction(share).limit_denominator(FINEST_SHARE).as_integer_ratio(),
        present=(tuple(profiles.known[code] for code in wanted if code in profiles.known),) if wanted else (),
    )


def check_balance(requested: RequestedBalance | None) -> list[FieldError]:
    if requested is None:
        return []
    errors = []
    share = requested.max_share_of_one_profile
    if share is not None and not 1 / FINEST_SHARE <= share <= 1:
        message = N_("Please give a part between 0.01 and 1, such as 0.6.")
        errors.append(FieldError("/balance/max_share_of_one_profile", "range", message))
    for number, code in enumerate(requested.at_least_one_of_profiles):
        if code not in PROFILES:
            message = N_("Please choose one of the values offered.")
            errors.append(FieldError(f"/balance/at_least_one_of_profiles/{number}", "unknown", message))
    return errors


class Grid(msgspec.Struct, frozen=True):
    """The engine's numbers: `session[w][s]`, None where w is not given in slot s; `at` inverts it."""

    session: tuple[tuple[SessionRecord | None, ...], ...]
    at: dict[UUID, tuple[int, int]]

    def table(self, value: Callable[[SessionRecord], int]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(value(cell) if cell else 0 for cell in line) for line in self.session)


def grid_of(inputs: Inputs) -> Grid:
    """Sessions of one title in different slots are one workshop: nobody goes there twice."""
    keys = workshop_keys(inputs.sessions)
    lines: dict[tuple[str, int], list[SessionRecord | None]] = {}
    for session in inputs.sessions:
        line = lines.setdefault(keys[session.id], [None] * len(inputs.slots))
        line[inputs.slots.index(session.slot_key)] = session
    table = tuple(tuple(line) for line in lines.values())
    at = {cell.id: (w, s) for w, line in enumerate(table) for s, cell in enumerate(line) if cell}
    return Grid(table, at)


def build(inputs: Inputs, request: RunRequest) -> PlacementProblem:
    """Raises `InvalidInput` for locks that name nobody or nothing, contradict, or are too many."""
    grid, profiles, anywhere = grid_of(inputs), number_profiles(inputs), welcoming(inputs, request)
    locks = tuple(sorted(_locks(inputs, request, grid)))
    follows = request.keeping in ("improve", "fewest_moves")
    if request.keeping == "improve":
        _refuse_crowding(inputs, request)
    return PlacementProblem(
        wishes=tuple(
            tuple(dict.fromkeys(grid.at[wish][0] for wish in person.wishes if wish in grid.at))
            for person in inputs.people
        ),
        capacity=grid.table(lambda session: seats(session, inputs)),
        minimum=grid.table(lambda session: session.capacity_min or 0),
        locks=locks,
        clashes=_clashes(inputs, grid),
        parts=_parts(grid),
        anywhere=frozenset(
            number
            for number, person in enumerate(inputs.people)
            if any(anywhere(person, slot) for slot in inputs.slots)
        ),
        barred=(*_not_asked(inputs, grid, anywhere), *_taken_elsewhere(inputs, grid)),
        profile_of=profiles.numbers,
        balance=balance_of(request.balance, profiles),
        together=_groups(inputs) if request.together else (),
        current=_current(inputs, grid, locks) if follows else (),
    )


def _clashes(inputs: Inputs, grid: Grid) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    """Sessions at the same time, whatever their slots are called."""
    return tuple((grid.at[one.id], grid.at[other.id]) for one, other in overlapping(inputs.sessions))


def _parts(grid: Grid) -> tuple[int, ...]:
    """For each workshop its part of the programme: slots that share no workshop are ranked apart."""
    part = list(range(len(grid.session[0]))) if grid.session else []
    for line in grid.session:
        given = {part[slot] for slot, cell in enumerate(line) if cell}
        part = [min(given) if one in given else one for one in part]
    return tuple(next(part[slot] for slot, cell in enumerate(line) if cell) for line in grid.session)


def _not_asked(inputs: Inputs, grid: Grid, anywhere: Welcoming) -> tuple[tuple[int, int, int], ...]:
    """Whoever accepts any workshop does so where they asked for one: the other slots stay theirs."""
    barred = []
    for number, person in enumerate(inputs.people):
        welcome = {slot for slot in inputs.slots if anywhere(person, slot)}
        if welcome and len(welcome) < len(inputs.slots):
            wanted = {grid.at[wish][0] for wish in person.wishes if wish in grid.at}
            barred += [
                (number, *grid.at[session.id])
                for session in inputs.sessions
                if session.slot_key not in welcome and grid.at[session.id][0] not in wanted
            ]
    return tuple(barred)


def _taken_elsewhere(inputs: Inputs, grid: Grid) -> list[tuple[int, int, int]]:
    """Of some slots alone: nobody is given what the place in another slot excludes. Locks go before that."""
    return [
        (number, *grid.at[session.id])
        for number, person in enumerate(inputs.people)
        for place in inputs.elsewhere.get(person.registration_id, ())
        for session in inputs.sessions
        if excludes(place, session)
    ]


def _current(inputs: Inputs, grid: Grid, locks: tuple[Lock, ...]) -> tuple[tuple[int, ...], ...]:
    """Who is where now; a lock by hand counts as there already."""
    rows = [
        [
            grid.at[place][0]
            if (place := inputs.current.get((person.registration_id, slot))) in grid.at
            else UNPLACED
            for slot in inputs.slots
        ]
        for person in inputs.people
    ]
    for lock in locks:
        rows[lock.person] = [
            UNPLACED if workshop == lock.workshop else workshop for workshop in rows[lock.person]
        ]
        rows[lock.person][lock.slot] = lock.workshop
    return tuple(tuple(row) for row in rows)


def _refuse_crowding(inputs: Inputs, request: RunRequest) -> None:
    """Where nobody has to leave, a lock needs a seat that is free now."""
    present = Counter(inputs.current.values())
    errors = []
    for number, lock in enumerate(request.locks):
        session = inputs.session_by_code[lock.session]
        if inputs.current.get((lock.registration, session.slot_key)) == session.id:
            continue
        present[session.id] += 1
        if present[session.id] > seats(session, inputs):
            message = N_("All {capacity} places of “{session}” are taken.")
            params: dict[str, str | int] = {"capacity": seats(session, inputs), "session": session.title}
            errors.append(FieldError(f"/locks/{number}/session", "full", message, params))
    if errors:
        raise InvalidInput(errors)


def _groups(inputs: Inputs) -> tuple[tuple[int, ...], ...]:
    """Everybody who came with somebody, by number."""
    members: dict[UUID, list[int]] = {}
    for number, person in enumerate(inputs.people):
        members.setdefault(person.group_id, []).append(number)
    return tuple(tuple(group) for group in members.values() if len(group) > 1)


def seats(session: SessionRecord, inputs: Inputs) -> int:
    """A workshop without a maximum holds everybody."""
    return len(inputs.people) if session.capacity_max is None else session.capacity_max


def _locks(inputs: Inputs, request: RunRequest, grid: Grid) -> list[Lock]:
    index = {person.registration_id: number for number, person in enumerate(inputs.people)}
    locked = _requested(inputs, request, grid, index)
    if request.keeping == "places":
        taken = Counter((lock.workshop, lock.slot) for lock in locked.values())
        clashes = {pair for one, other in _clashes(inputs, grid) for pair in ((one, other), (other, one))}
        for (registration_id, slot), session_id in inputs.current.items():
            person, place = index.get(registration_id), grid.at.get(session_id)
            if person is None or place is None or (person, inputs.slots.index(slot)) in locked:
                continue
            others = [(lock.workshop, lock.slot) for (who, _), lock in locked.items() if who == person]
            possible = place[0] not in {workshop for workshop, _ in others}
            possible = possible and not any((place, other) in clashes for other in others)
            if possible and taken[place] < seats(inputs.session_by_id[session_id], inputs):
                taken[place] += 1
                locked[person, place[1]] = Lock(person, *place)
    return list(locked.values())


def _requested(
    inputs: Inputs, request: RunRequest, grid: Grid, index: dict[UUID, int]
) -> dict[tuple[int, int], Lock]:
    """By person and slot."""
    locked: dict[tuple[int, int], Lock] = {}
    errors = []
    taken: Counter[UUID] = Counter()
    for number, wanted in enumerate(request.locks):
        person, session = index.get(wanted.registration), inputs.session_by_code.get(wanted.session)
        at = f"/locks/{number}"
        if person is None:
            errors.append(
                FieldError(f"{at}/registration", "unknown", N_("Nobody confirmed here has this number."))
            )
        if session is None:
            errors.append(FieldError(f"{at}/session", "unknown", N_("This event has no such workshop.")))
        if person is None or session is None:
            continue
        lock = Lock(person, *grid.at[session.id])
        if locked.get((person, lock.slot)) == lock:
            continue
        if (person, lock.slot) in locked or _twice(locked, lock):
            message = N_("The lock in “{session}” contradicts another one for the same person.")
            errors.append(FieldError(f"{at}/session", "contradiction", message, {"session": session.title}))
            continue
        if taken[session.id] == seats(session, inputs):
            message = N_("More people are locked in “{session}” than it has places: {capacity}.")
            params: dict[str, str | int] = {"session": session.title, "capacity": taken[session.id]}
            errors.append(FieldError(f"{at}/session", "full", message, params))
            continue
        taken[session.id] += 1
        locked[person, lock.slot] = lock
    if errors:
        raise InvalidInput(errors)
    return locked


def _twice(locked: dict[tuple[int, int], Lock], lock: Lock) -> bool:
    return any(other.person == lock.person and other.workshop == lock.workshop for other in locked.values())


def run_places(
    inputs: Inputs, request: RunRequest, problem: PlacementProblem, places: tuple[tuple[int, ...], ...]
) -> list[RunPlaceRecord]:
    """The engine's answer with names for the numbers, and why each is there."""
    grid, rank_of, asks = grid_of(inputs), inputs.ranker(), inputs.asking()
    by_request = {(lock.registration, lock.session) for lock in request.locks}
    held = {(lock.person, lock.slot) for lock in problem.locks}
    found = []
    for number, person in enumerate(inputs.people):
        for slot, workshop in enumerate(places[number]):
            session = None if workshop == UNPLACED else grid.session[workshop][slot]
            rank = rank_of(person, session.id if session else None)
            locked = session is not None and (person.registration_id, session.code) in by_request
            if session is None:
                reason = Reason.NO_WISH_POSSIBLE if asks(person, inputs.slots[slot]) else Reason.NO_WISHES
            elif locked:
                reason = Reason.LOCKED
            elif (number, slot) in held:
                reason = Reason.KEPT
            else:
                reason = Reason.RATHER_THAN_NOTHING if rank is None else Reason.WISH
            found.append(
                RunPlaceRecord(
                    registration_id=person.registration_id,
                    session_id=session.id if session else None,
                    slot=inputs.slots[slot],
                    rank=rank,
                    reason=reason,
                    locked=locked,
                )
            )
    return found
