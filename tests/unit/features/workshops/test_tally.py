"""People are counted, each once, and ranks are those of the slot."""

from uuid import UUID

from events_app.features.workshops.building import build, run_places
from events_app.features.workshops.inputs import Inputs
from events_app.features.workshops.model import RunPlaceRecord, RunRequest
from events_app.features.workshops.tally import outcome_of
from events_app.features.workshops.views import plan_of, wishes_of
from events_app.matching.workshops.place import place as best
from tests.unit.features.workshops.samples import inputs, person, session

SHIFTS = [session(n, slot=f"shift {n}", most=None, title=f"Shift {n}") for n in range(6)]
DAYS = [session(3 * day + n, slot=f"day {day}", most=None) for day in range(3) for n in range(3)]


def placed(read: Inputs, request: RunRequest | None = None) -> list[RunPlaceRecord]:
    wanted = request or RunRequest()
    problem = build(read, wanted)
    return run_places(read, wanted, problem, best(problem).places)


def test_a_delegation_on_shifts_lacks_nothing_where_it_asked_for_nothing() -> None:
    """Fourteen delegates, three of six shifts each: everybody has all that they asked for."""
    delegates = [person(100 + n, *(SHIFTS[(n + step) % 6] for step in range(3))) for n in range(14)]
    read = inputs(SHIFTS, delegates)
    places = placed(read)
    outcome = outcome_of(read, places, RunRequest())
    assert (outcome.unassigned, outcome.nothing_asked, outcome.first_everywhere) == (0, 0, 14)
    assert outcome.rank_counts == [42]
    assert [slot.unassigned for slot in outcome.slots] == [0] * 6
    assert sum(slot.nothing_asked for slot in outcome.slots) == 14 * 6 - 42
    assert {place.reason for place in places if place.session_id is None} == {"no_wishes"}
    plan = plan_of(read, places, RunRequest())
    assert [slot.nowhere for slot in plan] == [[]] * 6


def test_the_best_session_of_a_day_is_the_first_wish_of_that_day() -> None:
    """Nine sessions in three days, ranked in one list: the best of the third day is no seventh wish."""
    people = [person(100 + n, *DAYS) for n in range(4)]
    read = inputs(DAYS, people)
    places = placed(read)
    assert {place.rank for place in places} == {1}
    outcome = outcome_of(read, places, RunRequest())
    assert (outcome.rank_counts, outcome.first_everywhere) == ([12, 0, 0], 4)
    assert [demand.first for slot in wishes_of(read).slots for demand in slot.demand] == [4, 0, 0] * 3


def test_somebody_without_two_places_is_one_person() -> None:
    full = [session(n, slot=f"s{n}", most=1, title=f"Full {n}") for n in (1, 2)]
    read = inputs(full, [person(n, *full) for n in (1, 2)])
    here, there = (UUID(int=n) for n in (1, 2))
    places = [RunPlaceRecord(here, one.id, one.slot_key, 1, "wish", locked=False) for one in full] + [
        RunPlaceRecord(there, None, one.slot_key, None, "no_wish_possible", locked=False) for one in full
    ]
    outcome = outcome_of(read, places, RunRequest())
    assert (outcome.unassigned, outcome.first_everywhere, outcome.rank_counts) == (1, 1, [2])
    assert [slot.unassigned for slot in outcome.slots] == [1, 1]


def test_without_wishes_one_lacks_a_place_only_where_the_organiser_seats_everybody() -> None:
    full = session(1, most=1)
    read = inputs([full], [person(1, full), person(2)])
    places = placed(read)
    assert outcome_of(read, places, RunRequest()).unassigned == 0
    assert outcome_of(read, places, RunRequest()).nothing_asked == 1
    for request in (RunRequest(without_wishes=True), RunRequest(anything=True)):
        assert outcome_of(read, places, request).unassigned == 1
        assert outcome_of(read, places, request).nothing_asked == 0


def test_the_places_that_lack_are_those_of_people_who_ask() -> None:
    morning, evening = session(1, "morning", most=2, title="A"), session(2, "evening", most=5, title="B")
    read = inputs([morning, evening], [person(n, morning) for n in range(4)] + [person(9, evening)])
    assert [(slot.asking, slot.short) for slot in wishes_of(read).slots] == [(4, 2), (1, 0)]
