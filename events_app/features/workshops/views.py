"""What the organiser's pages show: wishes against places, and the plan by workshop. Pure."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from events_app.features.events.model import SessionRecord
from events_app.features.workshops.inputs import Inputs, Person
from events_app.features.workshops.model import RunPlaceRecord


class Demand(msgspec.Struct, frozen=True):
    """One workshop: how many wish for it first, how many at all, and how many it can take."""

    session: SessionRecord
    first: int
    wished: int


class Wishes(msgspec.Struct, frozen=True):
    """`seats`: None where a workshop has no maximum. `short`: seats missing in the tightest slot."""

    people: int
    with_wishes: int
    demand: list[Demand]
    seats: int | None
    short: int

    @property
    def without_wishes(self) -> int:
        return self.people - self.with_wishes


class Line(msgspec.Struct, frozen=True):
    """One person in the plan."""

    person: Person
    place: RunPlaceRecord

    @property
    def name(self) -> str:
        return self.person.name


class PlannedSession(msgspec.Struct, frozen=True):
    session: SessionRecord
    people: list[Line]

    @property
    def size(self) -> int:
        return len(self.people)

    @property
    def is_closed(self) -> bool:
        """A workshop with a minimum and nobody in it does not take place."""
        return not self.people and (self.session.capacity_min or 0) > 0

    @property
    def is_below_minimum(self) -> bool:
        return 0 < self.size < (self.session.capacity_min or 0)

    @property
    def is_full(self) -> bool:
        return self.session.capacity_max is not None and self.size >= self.session.capacity_max


class PlannedSlot(msgspec.Struct, frozen=True):
    slot: str
    sessions: list[PlannedSession]
    nowhere: list[Line]


def wishes_of(inputs: Inputs) -> Wishes:
    first = Counter(person.wishes[0] for person in inputs.people if person.wishes)
    wished = Counter(wish for person in inputs.people for wish in person.wishes)
    seats = {slot: _seats(inputs.in_slot(slot)) for slot in inputs.slots}
    known = [count for count in seats.values() if count is not None]
    return Wishes(
        people=len(inputs.people),
        with_wishes=sum(1 for person in inputs.people if person.wishes),
        demand=[Demand(session, first[session.id], wished[session.id]) for session in inputs.sessions],
        seats=min(known) if known and len(known) == len(seats) else None,
        short=max([len(inputs.people) - count for count in known] + [0]),
    )


def _seats(sessions: Sequence[SessionRecord]) -> int | None:
    total = 0
    for session in sessions:
        if session.capacity_max is None:
            return None
        total += session.capacity_max
    return total


def plan_of(inputs: Inputs, places: Sequence[RunPlaceRecord]) -> list[PlannedSlot]:
    """People by family name order of the list given; whoever withdrew meanwhile is left out."""
    people = inputs.person_by_id
    lines = [
        Line(people[place.registration_id], place) for place in places if place.registration_id in people
    ]
    lines.sort(key=lambda line: line.person.sort_name)
    return [
        PlannedSlot(
            slot=slot,
            sessions=[
                PlannedSession(session, [line for line in lines if line.place.session_id == session.id])
                for session in inputs.in_slot(slot)
            ],
            nowhere=[line for line in lines if line.place.slot == slot and line.place.session_id is None],
        )
        for slot in inputs.slots
    ]
