"""What a placement is worth, counted from its places alone, and which workshops it leaves without the people
that they need.

A workshop with a minimum of two or more and nobody in it does not take place: with fewer, whoever comes late
would be enough for it. The organiser sees it before the publication; publishing makes it known.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

import msgspec

from events_app.features.events import programme
from events_app.features.events.model import SessionRecord
from events_app.features.workshops.inputs import Inputs, Person, excludes
from events_app.features.workshops.model import Outcome, Reason, RunPlaceRecord, RunRequest, SlotOutcome
from events_app.infra.world import World

Requests = RunRequest | Mapping[str, RunRequest]
"""What was asked for, of all slots or of each."""


Welcoming = Callable[[Person, str], bool]


def welcoming(inputs: Inputs, requests: Requests) -> Welcoming:
    """Whether somebody may be seated in a slot outside of what they ranked, rather than nowhere."""
    asks = inputs.asking()

    def welcomes(person: Person, slot: str) -> bool:
        request = requests if isinstance(requests, RunRequest) else requests[slot]
        if request.anything:
            return True
        return person.accepts_any and (asks(person, slot) or _seated_silent(person, request))

    return welcomes


def expecting(inputs: Inputs, requests: Requests) -> Callable[[Person, str], bool]:
    """Whether somebody should have a place in a slot: they asked there, or the organiser seats them."""
    asks = inputs.asking()

    def expects(person: Person, slot: str) -> bool:
        request = requests if isinstance(requests, RunRequest) else requests[slot]
        return request.anything or _seated_silent(person, request) or asks(person, slot)

    return expects


def _seated_silent(person: Person, request: RunRequest) -> bool:
    """Whoever ranked nothing and accepts nothing else wants no workshop."""
    return request.without_wishes and not person.wishes and person.accepts_any


def lacking(inputs: Inputs, places: Iterable[RunPlaceRecord], requests: Requests) -> set[tuple[UUID, str]]:
    """Who should have a place in a slot and has none; not where what they have excludes all that they could
    be given there."""
    places, people, by_id = list(places), inputs.person_by_id, inputs.session_by_id
    expects, welcomes, offered = expecting(inputs, requests), welcoming(inputs, requests), inputs.offered()
    held: dict[UUID, list[SessionRecord]] = {who: list(there) for who, there in inputs.elsewhere.items()}
    for place in places:
        if place.session_id in by_id:
            held.setdefault(place.registration_id, []).append(by_id[place.session_id])
    found = set()
    for place in places:
        person = people.get(place.registration_id)
        if place.session_id is not None or person is None or not expects(person, place.slot):
            continue
        others = held.get(place.registration_id, ())
        possible = [by_id[wish] for wish in offered.wishes_in(person.wishes, place.slot)]
        if welcomes(person, place.slot):
            possible = inputs.in_slot(place.slot)
        if not possible or any(not any(excludes(other, one) for other in others) for one in possible):
            found.add((place.registration_id, place.slot))
    return found


def outcome_of(inputs: Inputs, places: Iterable[RunPlaceRecord], requests: Requests) -> Outcome:
    """Of the people that are there. One count per rank that somebody could have had in a slot, so that two
    outcomes of one event compare."""
    people, places = inputs.person_by_id, list(places)
    lacks, asks = lacking(inputs, places, requests), inputs.asking()
    by_slot = {slot: _Count(_most_ranks(inputs, slot)) for slot in inputs.slots}
    missing: set[UUID] = set()
    placed: set[UUID] = set()
    below: set[UUID] = set()
    asked: set[UUID] = set()
    moved = 0
    for place in places:
        person = people.get(place.registration_id)
        if person is None or place.slot not in by_slot:
            continue
        who, lacks_it = place.registration_id, (place.registration_id, place.slot) in lacks
        by_slot[place.slot].add(place, lacks_it)
        if asks(person, place.slot):
            asked.add(who)
            if place.rank != 1:
                below.add(who)
        if place.session_id is not None:
            placed.add(who)
        elif lacks_it:
            missing.add(who)
        before = inputs.current.get((who, place.slot))
        moved += before is not None and before != place.session_id
    counts = list(by_slot.values())
    ranks = max((len(count.ranks) for count in counts), default=0)
    return Outcome(
        rank_counts=[
            sum(count.ranks[rank] for count in counts if rank < len(count.ranks)) for rank in range(ranks)
        ],
        outside_wishes=sum(count.outside for count in counts),
        unassigned=len(missing),
        moved=moved,
        nothing_asked=len(people.keys() - placed - missing),
        first_everywhere=len(asked - below),
        slots=[
            SlotOutcome(slot, count.ranks, count.outside, count.unassigned, count.nothing_asked)
            for slot, count in by_slot.items()
        ],
    )


class _Count:
    def __init__(self, ranks: int) -> None:
        self.ranks = [0] * ranks
        self.outside = self.unassigned = self.nothing_asked = 0

    def add(self, place: RunPlaceRecord, lacks_it: bool) -> None:
        if place.session_id is None:
            self.unassigned += lacks_it
            self.nothing_asked += not lacks_it
        elif place.rank is None:
            self.outside += 1
        else:
            self.ranks += [0] * (place.rank - len(self.ranks))  # a wish that was since taken back
            self.ranks[place.rank - 1] += 1


def _most_ranks(inputs: Inputs, slot: str) -> int:
    offered = inputs.offered()
    return max((len(offered.wishes_in(person.wishes, slot)) for person in inputs.people), default=0)


def sizes_of(places: Iterable[RunPlaceRecord]) -> Counter[UUID]:
    """How many people each session gets."""
    return Counter(place.session_id for place in places if place.session_id is not None)


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


class Closing(msgspec.Struct, frozen=True):
    """`first`: people whose best wish of the slot it is; `wished`: all who wish for it. `is_new`: it takes
    place until now."""

    session: SessionRecord
    first: int
    wished: int
    is_new: bool


def closes(session: SessionRecord, people: int) -> bool:
    return people == 0 and (session.capacity_min or 0) > 1


def closings_of(inputs: Inputs, places: Iterable[RunPlaceRecord]) -> list[Closing]:
    """What publishing these places would close, or leaves closed. Pure."""
    sizes, rank_of = sizes_of(places), inputs.ranker()
    found = []
    for session in inputs.sessions:
        if not closes(session, sizes[session.id]):
            continue
        ranks = [rank for person in inputs.people if (rank := rank_of(person, session.id))]
        found.append(Closing(session, ranks.count(1), len(ranks), session.takes_place))
    return found


async def close_and_open(world: World, sessions: Iterable[SessionRecord], closed: set[UUID]) -> None:
    """Make it so that of these sessions those in `closed` do not take place, and the others do."""
    for session in sessions:
        if session.takes_place == (session.id in closed):
            closed_at = world.now() if session.takes_place else None
            await programme.update_session(world, session, {"closed_at": closed_at}, in_calendar=True)
