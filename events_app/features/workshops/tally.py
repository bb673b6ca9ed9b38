"""What a placement is worth, counted from its places alone. Pure."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from events_app.features.workshops.inputs import Inputs
from events_app.features.workshops.model import Outcome, RunPlaceRecord


def outcome_of(inputs: Inputs, places: Iterable[RunPlaceRecord]) -> Outcome:
    """One count per rank that somebody could have had, so that two outcomes of one event compare."""
    ranks = max((len(person.wishes) for person in inputs.people), default=0)
    counts = [0] * ranks
    outside = unassigned = moved = 0
    for place in places:
        if place.session_id is None:
            unassigned += 1
        elif place.rank is None:
            outside += 1
        else:
            counts[place.rank - 1] += 1
        before = inputs.current.get((place.registration_id, place.slot))
        moved += before is not None and before != place.session_id
    return Outcome(rank_counts=counts, outside_wishes=outside, unassigned=unassigned, moved=moved)


def sizes_of(places: Iterable[RunPlaceRecord]) -> Counter[UUID]:
    """How many people each session gets."""
    return Counter(place.session_id for place in places if place.session_id is not None)
