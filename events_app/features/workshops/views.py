"""What the organiser's pages show: wishes against places, and the plan by workshop. Pure."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from events_app.features.events.model import SessionRecord
from events_app.features.workshops.inputs import Inputs, Person
from events_app.features.workshops.model import RunPlaceRecord
from events_app.features.workshops.tally import Requests, closes, lacking


class Demand(msgspec.Struct, frozen=True):
    """One workshop: how many have it as their best wish of its slot, and how many wish for it at all."""

    session: SessionRecord
    first: int
    wished: int


class SlotDemand(msgspec.Struct, frozen=True):
    """`asking`: people with a wish here. `seats`: None where a workshop has no maximum."""

    slot: str
    asking: int
    seats: int | None
    demand: list[Demand]

    @property
    def short(self) -> int:
        """Seats missing for those who ask for one."""
        return 0 if self.seats is None else max(0, self.asking - self.seats)


class Wishes(msgspec.Struct, frozen=True):
    people: int
    with_wishes: int
    slots: list[SlotDemand]

    @property
    def without_wishes(self) -> int:
        return self.people - self.with_wishes


class Line(msgspec.Struct, frozen=True):
    """One person in one slot of the plan. `lacks`: should have a place there and has none."""

    person: Person
    place: RunPlaceRecord
    lacks: bool

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
        return closes(self.session, self.size)

    @property
    def is_below_minimum(self) -> bool:
        return 0 < self.size < (self.session.capacity_min or 0)

    @property
    def is_full(self) -> bool:
        return self.session.capacity_max is not None and self.size >= self.session.capacity_max


class PlannedSlot(msgspec.Struct, frozen=True):
    """`nowhere`: they should have a place and have none; `nothing_asked`: they wish for nothing here."""

    slot: str
    sessions: list[PlannedSession]
    nowhere: list[Line]
    nothing_asked: list[Line]


def wishes_of(inputs: Inputs) -> Wishes:
    """A wish for a workshop that is given twice counts in both slots."""
    offered = inputs.offered()
    slots = []
    for slot in inputs.slots:
        ranked = [offered.wishes_in(person.wishes, slot) for person in inputs.people]
        first = Counter(wishes[0] for wishes in ranked if wishes)
        wished = Counter(wish for wishes in ranked for wish in wishes)
        sessions = inputs.in_slot(slot)
        slots.append(
            SlotDemand(
                slot=slot,
                asking=sum(1 for wishes in ranked if wishes),
                seats=_seats(sessions),
                demand=[Demand(session, first[session.id], wished[session.id]) for session in sessions],
            )
        )
    with_wishes = sum(1 for person in inputs.people if person.wishes)
    return Wishes(people=len(inputs.people), with_wishes=with_wishes, slots=slots)


def _seats(sessions: Sequence[SessionRecord]) -> int | None:
    total = 0
    for session in sessions:
        if session.capacity_max is None:
            return None
        total += session.capacity_max
    return total


def plan_of(inputs: Inputs, places: Sequence[RunPlaceRecord], requests: Requests) -> list[PlannedSlot]:
    """People by family name order of the list given; whoever withdrew meanwhile is left out."""
    people, lacks = inputs.person_by_id, lacking(inputs, places, requests)
    lines = [
        Line(person, place, (place.registration_id, place.slot) in lacks)
        for place in places
        if place.slot in inputs.slots and (person := people.get(place.registration_id))
    ]
    lines.sort(key=lambda line: line.person.sort_name)
    nowhere = [line for line in lines if line.place.session_id is None]
    return [
        PlannedSlot(
            slot=slot,
            sessions=[
                PlannedSession(session, [line for line in lines if line.place.session_id == session.id])
                for session in inputs.in_slot(slot)
            ],
            nowhere=[line for line in nowhere if line.place.slot == slot and line.lacks],
            nothing_asked=[line for line in nowhere if line.place.slot == slot and not line.lacks],
        )
        for slot in inputs.slots
    ]
