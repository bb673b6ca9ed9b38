"""What a placement is computed from: the confirmed people, their wishes, the workshops. Read, and digested.

The digest is kept with the run: when it no longer fits, somebody came, left or wished otherwise, or the
programme changed, and the run is refused rather than published over it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.events.model import SessionRecord
from events_app.features.events.overlaps import overlapping
from events_app.features.events.queries import sessions_of
from events_app.features.workshops.model import Digests
from events_app.infra.database import rows
from events_app.kernel.text import fold


class Person(msgspec.Struct, frozen=True):
    """`wishes`: sessions, best first; a companion who ranked nothing has those of whoever came with it.
    `accepts_any`: a workshop that they did not rank, where they asked for one and theirs are full.
    `sort_name`: folded, family name first."""

    registration_id: UUID
    group_id: UUID
    name: str
    sort_name: str
    profile: str
    wishes: tuple[UUID, ...]
    accepts_any: bool = True


Ranker = Callable[[Person, UUID | None], int | None]

WorkshopKey = tuple[str, int]
"""A workshop, whenever it is given: its title, and which of those of one title in its slot."""


class Inputs(msgspec.Struct, frozen=True):
    """Workshops of the wanted slots; confirmed people by arrival; who has a published place where.
    `elsewhere`: the places that somebody has in other slots than these."""

    event_id: UUID
    slots: tuple[str, ...]
    sessions: tuple[SessionRecord, ...]
    people: tuple[Person, ...]
    current: dict[tuple[UUID, str], UUID]
    elsewhere: dict[UUID, tuple[SessionRecord, ...]] = {}

    @property
    def session_by_id(self) -> dict[UUID, SessionRecord]:
        return {session.id: session for session in self.sessions}

    @property
    def session_by_code(self) -> dict[str, SessionRecord]:
        return {session.code: session for session in self.sessions}

    @property
    def person_by_id(self) -> dict[UUID, Person]:
        return {person.registration_id: person for person in self.people}

    def in_slot(self, slot: str) -> list[SessionRecord]:
        return [session for session in self.sessions if session.slot_key == slot]

    def rank(self, person: Person, session_id: UUID | None) -> int | None:
        """1 for the best of the person's wishes in that slot; None outside of the wishes."""
        return self.ranker()(person, session_id)

    def ranker(self) -> Ranker:
        """`rank`, for many people."""
        offered = self.offered()
        return lambda person, session_id: offered.rank(person.wishes, session_id)

    def asking(self) -> Callable[[Person, str], bool]:
        """Whether somebody wishes for anything in a slot, for many people."""
        offered = self.offered()
        return lambda person, slot: bool(offered.wishes_in(person.wishes, slot))

    def offered(self) -> "Offered":
        return Offered(self.sessions)


class Offered:
    """What is given in which slot. The same workshop at another time counts as the one that was ranked."""

    def __init__(self, sessions: Sequence[SessionRecord]) -> None:
        self._workshop = workshop_keys(sessions)
        self._slot = {session.id: session.slot_key for session in sessions}
        self._in_slot: dict[str, dict[WorkshopKey, UUID]] = defaultdict(dict)
        for session in sessions:
            self._in_slot[session.slot_key][self._workshop[session.id]] = session.id

    def wishes_in(self, wishes: Sequence[UUID], slot: str) -> list[UUID]:
        """The sessions of one slot that somebody wishes for, best first."""
        here = self._in_slot[slot]
        wanted = dict.fromkeys(self._workshop[wish] for wish in wishes if wish in self._workshop)
        return [here[workshop] for workshop in wanted if workshop in here]

    def rank(self, wishes: Sequence[UUID], session_id: UUID | None) -> int | None:
        """Among the wishes that can be had in the session's slot: 1 for the best; None outside of them."""
        if session_id is None or session_id not in self._slot:
            return None
        ranked = self.wishes_in(wishes, self._slot[session_id])
        return ranked.index(session_id) + 1 if session_id in ranked else None


def excludes(one: SessionRecord, other: SessionRecord) -> bool:
    """Nobody has both: two at one time, or the same workshop in two slots."""
    together = one.starts_at < other.ends_at and other.starts_at < one.ends_at
    return one.id != other.id and (together or fold(one.title) == fold(other.title))


def workshop_keys(sessions: Sequence[SessionRecord]) -> dict[UUID, WorkshopKey]:
    """Which sessions are one workshop given several times: those of the same title in different slots."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    keys: dict[UUID, WorkshopKey] = {}
    for session in sessions:
        title = fold(session.title)
        keys[session.id] = (title, seen[title, session.slot_key])
        seen[title, session.slot_key] += 1
    return keys


def digests_of(inputs: Inputs) -> Digests:
    """Names, rooms and hours do not count, but for what is at the same time: they move nobody."""
    return Digests(
        people=_digest(
            [
                inputs.slots,
                sorted((str(p.registration_id), str(p.group_id), p.profile) for p in inputs.people),
            ]
        ),
        wishes=_digest(
            sorted(
                (str(person.registration_id), [str(w) for w in person.wishes], person.accepts_any)
                for person in inputs.people
            )
        ),
        programme=_digest(
            sorted(
                (str(s.id), s.slot_key, fold(s.title), s.capacity_min or 0, s.capacity_max or -1)
                for s in inputs.sessions
            )
            + sorted((str(one.id), str(other.id)) for one, other in overlapping(inputs.sessions))
        ),
        places=_digest(sorted((str(who), slot, str(where)) for (who, slot), where in inputs.current.items())),
    )


def inputs_digest(digests: Digests) -> str:
    return _digest(digests)


def _digest(value: object) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()


async def read_inputs(event_id: UUID, slot: str | None = None) -> Inputs:
    """Four statements. `slot` None: all slots that hold workshops; an unknown one gives no sessions."""
    workshops = tuple(session for session in await sessions_of(event_id) if session.is_workshop)
    wishes = await _wishes(event_id)
    found = await rows(  # index registration_queue
        "SELECT id, group_id, given_name, family_name, profile, accepts_any FROM registration"
        " WHERE event = {} AND status = 'confirmed' ORDER BY arrival",
        event_id,
    )
    accepts = {person["id"]: bool(person["accepts_any"]) for person in found}

    def whose(person: dict[str, Any]) -> UUID:
        """Whose wishes somebody has: a companion who made none those of whoever leads."""
        own, lead = UUID(str(person["id"])), UUID(str(person["group_id"]))
        return lead if own not in wishes and lead in accepts else own

    people = tuple(
        Person(
            registration_id=person["id"],
            group_id=person["group_id"],
            name=f"{person['given_name']} {person['family_name']}".strip(),
            sort_name=fold(f"{person['family_name']} {person['given_name']}"),
            profile=person["profile"],
            wishes=tuple(wishes.get(person["id"]) or wishes.get(person["group_id"]) or ()),
            accepts_any=accepts[whose(person)],
        )
        for person in found
    )
    places = await rows(
        "SELECT p.registration, p.session FROM place p JOIN session s ON s.id = p.session"
        " JOIN registration r ON r.id = p.registration AND r.status = 'confirmed' WHERE s.event = {}",
        event_id,
    )
    slots = tuple(dict.fromkeys(session.slot_key for session in workshops))
    # By the session's slot as it is now: a slot may have been renamed since the place was given.
    slot_of = {session.id: session.slot_key for session in workshops}
    current = {
        (place["registration"], slot_of[place["session"]]): place["session"]
        for place in places
        if place["session"] in slot_of
    }
    inputs = Inputs(event_id, slots, workshops, people, current)
    return inputs if slot is None else narrowed(inputs, [slot])


def narrowed(inputs: Inputs, slots: Iterable[str]) -> Inputs:
    """Of these slots alone: a wish for the same workshop at another time is one for that of the slot."""
    chosen = set(slots)
    if chosen >= set(inputs.slots):
        return inputs
    sessions = tuple(session for session in inputs.sessions if session.slot_key in chosen)
    by_id, elsewhere = inputs.session_by_id, defaultdict[UUID, tuple[SessionRecord, ...]](tuple)
    for (who, slot), place in inputs.current.items():
        if slot not in chosen:
            elsewhere[who] += (by_id[place],)
    keys, known = workshop_keys(inputs.sessions), {session.id for session in sessions}
    instead = {keys[session.id]: session.id for session in reversed(sessions)}

    def here(wish: UUID) -> UUID:
        return wish if wish in known or wish not in keys else instead.get(keys[wish], wish)

    return msgspec.structs.replace(
        inputs,
        slots=tuple(slot for slot in inputs.slots if slot in chosen),
        sessions=sessions,
        people=tuple(
            msgspec.structs.replace(person, wishes=tuple(dict.fromkeys(map(here, person.wishes))))
            for person in inputs.people
        ),
        current={key: place for key, place in inputs.current.items() if key[1] in chosen},
        elsewhere=dict(elsewhere),
    )


async def _wishes(event_id: UUID) -> dict[UUID, list[UUID]]:
    found = await rows(
        "SELECT p.registration, p.session FROM preference p JOIN registration r ON r.id = p.registration"
        " WHERE r.event = {} AND r.status = 'confirmed' ORDER BY p.rank",
        event_id,
    )
    wishes: dict[UUID, list[UUID]] = defaultdict(list)
    for wish in found:
        wishes[wish["registration"]].append(wish["session"])
    return wishes
