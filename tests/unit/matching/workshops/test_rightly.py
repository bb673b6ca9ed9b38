"""Who goes where, rightly: slots that share nothing, sessions at one time, ties, and who named few wishes."""

import random
from collections import Counter
from itertools import permutations

import pytest
from msgspec.structs import replace

from events_app.matching.workshops.certificate import check
from events_app.matching.workshops.place import place
from events_app.matching.workshops.problem import (
    UNPLACED,
    Balance,
    Infeasible,
    Lock,
    Objective,
    PlacementProblem,
)
from events_app.matching.workshops.proof import Apart

ADDITIVE = (Objective.GUARANTEE, Objective.GENEROUS, Objective.GREEDY, Objective.SQUARES)


def two_half_days(seed: int, people: int = 43) -> PlacementProblem:
    """Five workshops in the morning, five others in the afternoon, four people at least in each."""
    chance = random.Random(seed)

    def ranked(first: int) -> list[int]:
        left, found = list(range(first, first + 5)), []
        while left and len(found) < 3:
            found.append(chance.choices(left, [1 / (1 + w - first) for w in left])[0])
            left.remove(found[-1])
        return found

    return PlacementProblem(
        wishes=tuple(
            tuple(w for pair in zip(ranked(0), ranked(5), strict=True) for w in pair) for _ in range(people)
        ),
        capacity=((10, 0),) * 5 + ((0, 10),) * 5,
        minimum=((4, 0),) * 5 + ((0, 4),) * 5,
        parts=(0,) * 5 + (1,) * 5,
    )


@pytest.mark.parametrize("objective", ADDITIVE)
@pytest.mark.parametrize("ranked_apart", [True, False])
def test_half_days_with_different_workshops_are_as_good_as_each_alone(
    objective: Objective, ranked_apart: bool
) -> None:
    problem = two_half_days(1)
    if not ranked_apart:
        problem = replace(problem, parts=())
    placement = place(problem, objective, seed=1)
    assert placement.proven
    check(problem, placement)
    alone = [
        place(
            replace(
                problem,
                capacity=tuple(row[s : s + 1] for row in problem.capacity),
                minimum=tuple(row[s : s + 1] for row in problem.minimum),
            ),
            objective,
            seed=1,
        )
        for s in range(2)
    ]
    assert placement.unplaced == sum(one.unplaced for one in alone)
    if ranked_apart and objective in (Objective.GREEDY, Objective.SQUARES):
        assert placement.value[-1] == sum(one.value[-1] for one in alone)


def test_slots_that_share_nothing_need_no_search_together() -> None:
    chance = random.Random(1)
    problem = PlacementProblem(
        wishes=tuple(tuple(chance.sample(range(27), 9)) for _ in range(60)),
        capacity=tuple(tuple(200 if w // 9 == s else 0 for s in range(3)) for w in range(27)),
        parts=tuple(w // 9 for w in range(27)),
    )
    for objective in ADDITIVE:
        placement = place(problem, objective, seed=1)
        assert placement.proven
        assert not placement.closed_by
        assert isinstance(placement.certificate, Apart)
        check(problem, placement)
        for person, row in enumerate(placement.places):
            for slot, workshop in enumerate(row):
                here = [w for w in problem.wishes[person] if w // 9 == slot]
                assert workshop == (here[0] if here else UNPLACED)
                assert not here or problem.rank(person, workshop) == 1


def test_corrupted_parts_of_a_proof_are_refused() -> None:
    problem = two_half_days(2)
    placement = place(problem, Objective.SQUARES, seed=1)
    proof = placement.certificate
    assert isinstance(proof, Apart)
    for wrong in (
        Apart(proof.slots[:1], proof.proofs[:1]),
        Apart((*proof.slots, (0,)), (*proof.proofs, proof.proofs[0])),
        Apart(proof.slots, proof.proofs[::-1]),
    ):
        with pytest.raises(ValueError, match="certificate"):
            check(problem, replace(placement, certificate=wrong))


@pytest.mark.parametrize("objective", list(Objective))
def test_nobody_is_in_two_sessions_at_one_time(objective: Objective) -> None:
    both = PlacementProblem(
        wishes=((0, 1),) * 4, capacity=((50, 0), (0, 50)), parts=(0, 1), clashes=(((0, 0), (1, 1)),)
    )
    placement = place(both, objective, seed=1)
    assert placement.proven
    assert all(sorted(row)[0] == UNPLACED for row in placement.places)
    assert placement.unplaced == 4
    check(both, placement)
    with pytest.raises(ValueError, match="both of"):
        check(both, replace(placement, places=((0, 1), *placement.places[1:])))


def test_locks_at_one_time_are_refused_by_name() -> None:
    problem = PlacementProblem(
        wishes=((0, 1), (0, 1)),
        capacity=((5, 0), (0, 5)),
        clashes=(((0, 0), (1, 1)),),
        locks=(Lock(0, 0, 0), Lock(0, 1, 1), Lock(1, 0, 0)),
    )
    with pytest.raises(Infeasible) as raised:
        place(problem)
    assert [rule.kind for rule in raised.value.rules] == ["clash", "lock", "lock"]
    assert {rule.person for rule in raised.value.rules} == {-1, 0}


@pytest.mark.parametrize("objective", list(Objective))
def test_naming_one_wish_is_as_good_as_naming_three_for_whoever_goes_anywhere(objective: Objective) -> None:
    """Ten people name one workshop, ten name it first of three; it has ten places."""
    problem = PlacementProblem(
        wishes=((0,),) * 10 + ((0, 1, 2),) * 10, capacity=((10,),) * 3, anywhere=frozenset(range(20))
    )
    seeds = range(40)
    happy = Counter(
        person < 10
        for seed in seeds
        for person, row in enumerate(place(problem, objective, seed=seed).places)
        if row == (0,)
    )
    assert sum(happy.values()) == 10 * len(seeds)
    assert 4.0 <= happy[True] / len(seeds) <= 6.0


@pytest.mark.parametrize("objective", list(Objective))
@pytest.mark.parametrize("scarce", [False, True])
def test_naming_fewer_never_pays_for_whoever_goes_anywhere(objective: Objective, scarce: bool) -> None:
    """Every shortening of every list, in small problems of one slot: no better workshop comes of it."""
    shorter = 0
    for case in range(30):
        chance = random.Random(case)
        people, workshops = chance.randint(2, 5), chance.randint(2, 4)
        wishes = tuple(tuple(chance.sample(range(workshops), workshops)) for _ in range(people))
        seats = [1] * workshops
        for _ in range(max(people - workshops - scarce, 0)):
            seats[chance.randrange(workshops)] += 1
        problem = PlacementProblem(
            wishes=wishes,
            capacity=tuple((one,) for one in seats),
            anywhere=frozenset(range(people)),
        )
        honest = place(problem, objective, seed=case).places
        for person, ranked in enumerate(wishes):
            for named in range(workshops):
                said = replace(problem, wishes=(*wishes[:person], ranked[:named], *wishes[person + 1 :]))
                (got,) = place(said, objective, seed=case).places[person]
                (had,) = honest[person]
                if had == UNPLACED:
                    assert got == UNPLACED
                elif got != UNPLACED:
                    assert ranked.index(got) >= ranked.index(had)
                shorter += 1
    assert shorter > 200


def gains_by_shuffling(objective: Objective) -> int:
    """How often some other order of somebody's list would have got them something better."""
    gains = 0
    for case in range(25):
        chance = random.Random(case)
        wishes = tuple(tuple(chance.sample(range(3), 3)) for _ in range(4))
        problem = PlacementProblem(wishes=wishes, capacity=((1,), (1,), (2,)))
        honest = place(problem, objective, seed=case).places
        for person, ranked in enumerate(wishes):
            for order in permutations(range(3)):
                said = replace(problem, wishes=(*wishes[:person], order, *wishes[person + 1 :]))
                got = place(said, objective, seed=case).places[person][0]
                gains += ranked.index(got) < ranked.index(honest[person][0])
    return gains


def test_only_under_the_draw_an_untrue_order_never_pays() -> None:
    """What docs/placement-organisateur.md says about it."""
    assert gains_by_shuffling(Objective.DRAW) == 0
    assert all(gains_by_shuffling(objective) > 0 for objective in ADDITIVE)


@pytest.mark.parametrize("objective", list(Objective))
def test_whoever_has_no_preference_is_spread_evenly(objective: Objective) -> None:
    nobody_asks = PlacementProblem(wishes=((),) * 20, capacity=((20,), (20,)), anywhere=frozenset(range(20)))
    assert sizes(place(nobody_asks, objective, seed=1).places) == {0: 10, 1: 10}
    with_minimum = replace(nobody_asks, minimum=((5,), (5,)))
    assert sizes(place(with_minimum, objective, seed=1).places) == {0: 10, 1: 10}
    too_few_for_both = replace(nobody_asks, minimum=((15,), (8,)))
    assert sum(sizes(place(too_few_for_both, objective, seed=1).places).values()) == 20


def test_whoever_asked_comes_before_whoever_asked_for_nothing_and_the_rest_is_spread() -> None:
    problem = PlacementProblem(
        wishes=((0,),) * 6 + ((),) * 10, capacity=((10,), (10,), (10,)), anywhere=frozenset(range(6, 16))
    )
    for objective in Objective:
        placement = place(problem, objective, seed=3)
        assert all(row == (0,) for row in placement.places[:6])
        assert sorted(sizes(placement.places).values()) == [5, 5, 6]
        check(problem, placement) if objective != Objective.DRAW else None


def sizes(places: tuple[tuple[int, ...], ...]) -> Counter[int]:
    return Counter(workshop for row in places for workshop in row if workshop != UNPLACED)


def test_who_named_one_wish_may_be_seated_anywhere_in_every_slot_though_profiles_are_mixed() -> None:
    problem = PlacementProblem(
        wishes=((0,),) * 4,
        capacity=((2, 2, 2),) * 3,
        profile_of=(0, 0, 1, 1),
        balance=Balance(most_share=(1, 2)),
        anywhere=frozenset(range(4)),
    )
    placement = place(problem, Objective.SQUARES, seed=1)
    check(problem, placement)
    assert placement.proven
    assert placement.unplaced == 0
