"""From registrations to the engine's numbers and back."""

import random
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events_app.features.workshops.building import build, run_places, seats
from events_app.features.workshops.inputs import digests_of, inputs_digest
from events_app.features.workshops.model import RequestedBalance, RequestedLock, RunRequest
from events_app.features.workshops.solving import Improved, solve_and_check
from events_app.features.workshops.tally import outcome_of, sizes_of
from events_app.kernel.errors import InvalidInput
from events_app.matching.workshops.place import place as best
from events_app.matching.workshops.problem import Balance, Infeasible, Lock, Objective
from tests.unit.features.workshops.samples import inputs, person, session, some_inputs

A, B, C = session(0), session(1, most=None), session(2, least=2, most=4)


def test_wishes_limits_and_those_without_wishes() -> None:
    read = inputs([A, B, C], [person(1, C, A), person(2), person(3, B)])
    problem = build(read, RunRequest(without_wishes=True))
    assert problem.wishes == ((2, 0), (), (1,))
    assert problem.capacity == ((3,), (3,), (4,))  # no maximum: room for everybody
    assert problem.minimum == ((0,), (0,), (2,))
    assert problem.anywhere == frozenset({1})
    assert build(read, RunRequest(anything=True)).anywhere == frozenset({0, 1, 2})
    assert build(read, RunRequest()).anywhere == frozenset()


def test_one_title_in_two_slots_is_one_workshop() -> None:
    first, again = session(0, "am", title="Confiance"), session(1, "pm", title="confiance ")
    other = session(2, "pm", title="Voix")
    read = inputs([first, again, other], [person(1, again, other)])
    problem = build(read, RunRequest())
    assert problem.capacity == ((3, 3), (0, 3))
    assert problem.wishes == ((0, 1),)
    assert read.rank(read.people[0], first.id) == 1


def test_two_rooms_of_one_title_in_one_slot_are_two_workshops() -> None:
    read = inputs([session(0, title="Voix"), session(1, title="Voix")], [person(1)])
    assert len(build(read, RunRequest()).capacity) == 2


def test_what_is_published_is_kept_as_far_as_there_are_places() -> None:
    small = session(0, most=1)
    people = [person(1, small, B), person(2, small, B), person(3, B)]
    current = {(UUID(int=n), "a"): small.id for n in (1, 2)}
    problem = build(inputs([small, B], people, current), RunRequest(keep=True))
    assert problem.locks == (Lock(0, 0, 0),)


def test_a_lock_by_hand_goes_before_what_is_kept() -> None:
    people = [person(1, A, B)]
    read = inputs([A, B], people, {(UUID(int=1), "a"): A.id})
    request = RunRequest(keep=True, locks=[RequestedLock(UUID(int=1), "s1")])
    assert build(read, request).locks == (Lock(0, 1, 0),)


def test_the_same_lock_twice_is_one() -> None:
    lock = RequestedLock(UUID(int=1), "s0")
    assert build(inputs([A], [person(1, A)]), RunRequest(locks=[lock, lock])).locks == (Lock(0, 0, 0),)


def test_the_same_workshop_cannot_be_locked_at_two_times() -> None:
    morning, evening = session(0, "am", title="Voix"), session(1, "pm", title="Voix")
    locks = [RequestedLock(UUID(int=1), code) for code in ("s0", "s1")]
    with pytest.raises(InvalidInput) as refused:
        build(inputs([morning, evening], [person(1)]), RunRequest(locks=locks))
    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/locks/1/session", "contradiction")
    ]


def test_companions_and_profiles() -> None:
    people = [
        person(1, A, profile="student"),
        person(2, A, leads=1, profile="manager"),
        person(3, A),
        person(4, A),
    ]
    request = RunRequest(together=True, balance=RequestedBalance(0.6, ["manager"]))
    problem = build(inputs([A], people), request)
    assert problem.together == ((0, 1),)
    assert len(set(problem.profile_of)) == 4  # who said nothing is like nobody
    assert problem.balance == Balance(most_share=(3, 5), present=((1,),))


@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_places_keep_every_promise(chance: int, anything: bool, without_wishes: bool) -> None:
    read = some_inputs(random.Random(chance))
    request = RunRequest(anything=anything, without_wishes=without_wishes)
    problem = build(read, request)
    placement = best(problem, seed=chance)
    places = run_places(read, request, problem, placement.places)
    outcome = outcome_of(read, places, request)
    assert [(place.registration_id, place.slot) for place in places] == [
        (one.registration_id, "a") for one in read.people
    ]
    counts = tuple(outcome.rank_counts[: problem.ranks]) + (0,) * (problem.ranks - len(outcome.rank_counts))
    assert (counts, outcome.unassigned + outcome.nothing_asked, outcome.outside_wishes) == (
        placement.rank_counts,
        placement.unplaced,
        placement.unranked,
    )
    sizes = sizes_of(places)
    for one in read.sessions:
        assert sizes[one.id] <= seats(one, read)
        assert sizes[one.id] == 0 or sizes[one.id] >= (one.capacity_min or 0)
    for place, who in zip(places, read.people, strict=True):
        if place.session_id and place.rank is None:
            assert anything or (without_wishes and not who.wishes)


@settings(deadline=None)  # the first conflict loads the solver
@given(st.integers(0, 10**6))
def test_locks_stay_where_they_are_put(chance: int) -> None:
    randomly = random.Random(chance)
    read = some_inputs(randomly)
    who, where = randomly.choice(read.people), randomly.choice(read.sessions)
    request = RunRequest(locks=[RequestedLock(who.registration_id, where.code)])
    problem = build(read, request)
    try:
        placement = best(problem, seed=1)
    except Infeasible:
        return  # the minimum there cannot be reached
    place = next(
        place
        for place in run_places(read, request, problem, placement.places)
        if place.registration_id == who.registration_id
    )
    assert (place.session_id, place.locked, place.reason) == (where.id, True, "locked")


def test_the_digest_sees_what_moves_people_and_nothing_else() -> None:
    people = [person(1, A, B), person(2, B)]
    before = digests_of(inputs([A, B], people))
    moved_room = msgspec.structs.replace(A, room="B2", coach="Inès", starts_at=A.starts_at.replace(hour=9))
    assert inputs_digest(digests_of(inputs([moved_room, B], people[::-1]))) == inputs_digest(before)
    changes = {
        "people": inputs([A, B], [*people, person(3)]),
        "wishes": inputs([A, B], [person(1, B, A), person(2, B)]),
        "programme": inputs([msgspec.structs.replace(A, capacity_max=9), B], people),
        "places": inputs([A, B], people, {(UUID(int=1), "a"): A.id}),
    }
    for part, changed in changes.items():
        after = digests_of(changed)
        assert getattr(after, part) != getattr(before, part)
        assert inputs_digest(after) != inputs_digest(before)


def test_where_nobody_must_leave_a_lock_needs_a_free_seat() -> None:
    small = session(0, most=1)
    people = [person(1, small), person(2, B, small)]
    read = inputs([small, B], people, {(UUID(int=1), "a"): small.id})
    locks = [RequestedLock(UUID(int=2), "s0")]
    with pytest.raises(InvalidInput) as refused:
        build(read, RunRequest(keep="improve", locks=locks))
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/locks/0/session", "full")]
    there = RunRequest(keep="improve", locks=[RequestedLock(UUID(int=1), "s0")])
    assert build(read, there).current == ((0,), (-1,))


@settings(deadline=None)  # the first conflict loads the solver
@given(st.integers(0, 10**6))
def test_improving_makes_nobody_worse_and_fills_what_is_free(chance: int) -> None:
    randomly = random.Random(chance)
    read = some_inputs(randomly)
    first = run_places(read, RunRequest(), build(read, RunRequest()), best(build(read, RunRequest())).places)
    staying = [one for one in read.people if randomly.random() < 0.7] or list(read.people[:1])
    current = {
        (place.registration_id, place.slot): place.session_id
        for place in first
        if place.session_id and place.registration_id in {one.registration_id for one in staying}
    }
    after = inputs(list(read.sessions), staying, current)
    request = RunRequest(keep="improve")
    answer = solve_and_check(build(after, request), Objective.SQUARES, 1, improving=True)
    assert isinstance(answer, Improved)
    places = run_places(after, request, build(after, request), answer.places)
    for place, one in zip(places, staying, strict=True):
        before = after.rank(one, current.get((one.registration_id, "a")))
        assert before is None or (place.rank is not None and place.rank <= before)
    sizes = sizes_of(places)
    assert all(sizes[one.id] <= seats(one, after) for one in after.sessions)
