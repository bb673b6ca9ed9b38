"""Improvements: of all placements that are worse for nobody the best, over all slots together."""

import random
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from events_app.matching.workshops.bending import improve, never_worse, without
from events_app.matching.workshops.certificate import check, check_places
from events_app.matching.workshops.counting import total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.place import place
from events_app.matching.workshops.problem import UNPLACED, Balance, Lock, Objective, PlacementProblem, Quota
from events_app.matching.workshops.rules import members
from tests.unit.matching.workshops.brute_force import all_placements
from tests.unit.matching.workshops.test_properties import OBJECTIVES, town

Places = tuple[tuple[int, ...], ...]


def badness(problem: PlacementProblem, person: int, workshop: int) -> int:
    wishes = problem.wishes[person]
    if workshop == UNPLACED:
        return problem.workshops + 1
    return wishes.index(workshop) if workshop in wishes else problem.workshops


def worse_for(problem: PlacementProblem, before: Places, after: Places) -> list[tuple[int, int]]:
    return [
        (person, slot)
        for person, (old, new) in enumerate(zip(before, after, strict=True))
        for slot, (was, now) in enumerate(zip(old, new, strict=True))
        if badness(problem, person, now) > badness(problem, person, was)
        or (was != now and badness(problem, person, now) == badness(problem, person, was))
    ]


def allowing_today(problem: PlacementProblem, before: Places) -> PlacementProblem:
    """The sizes of today are no offence."""
    size = {session: len(people) for session, people in members(before).items()}
    grid = [[(w, s) for s in range(problem.slots)] for w in range(problem.workshops)]
    return replace(
        problem,
        capacity=tuple(
            tuple(max(problem.capacity[w][s], size.get((w, s), 0)) for w, s in row) for row in grid
        ),
        minimum=tuple(
            tuple(min(problem.least(w, s), size.get((w, s), problem.least(w, s))) for w, s in row)
            for row in grid
        ),
    )


def all_improvements(problem: PlacementProblem, before: Places) -> Iterator[Places]:
    """By trying all; holders of what they did not rank may stay."""
    unranked = {p for p, row in enumerate(before) for w in row if w not in (UNPLACED, *problem.wishes[p])}
    wide = replace(allowing_today(problem, before), anywhere=problem.anywhere | unranked)
    for places in all_placements(wide):
        added = any(
            now not in (was, UNPLACED) and p not in problem.anywhere and now not in problem.wishes[p]
            for p, (old, new) in enumerate(zip(before, places, strict=True))
            for was, now in zip(old, new, strict=True)
        )
        if not added and not worse_for(problem, before, places):
            yield places


def cost(problem: PlacementProblem, before: Places, objective: Objective, seed: int, places: Places) -> int:
    whole = never_worse(problem, before)[0]
    return total_cost(whole, cost_model(whole, objective, drawn_order(problem.people, seed)), places)


def criteria(
    problem: PlacementProblem, before: Places, objective: Objective, places: Places
) -> tuple[int, ...]:
    whole = never_worse(problem, before)[0]
    model = cost_model(whole, objective, drawn_order(problem.people, 0))
    return model.criteria(total_cost(whole, model, places))


def small(chance: random.Random, *rules: str) -> tuple[PlacementProblem, Places]:
    """Some people, their places by chance, and seats that became free."""
    slots = chance.choice((2, 2, 3))
    people, workshops = (4 if slots == 2 else 3), chance.randint(3, 4)

    def some_wishes() -> tuple[int, ...]:
        return tuple(chance.sample(range(workshops), chance.randint(2, 3)))

    wishes = tuple(some_wishes() for _ in range(people))
    problem = PlacementProblem(
        wishes=wishes,
        capacity=tuple(tuple(chance.choice((0, 1, 1, 2)) for _ in range(slots)) for _ in range(workshops)),
        minimum=tuple(tuple(chance.choice((0, 1, 2)) for _ in range(slots)) for _ in range(workshops))
        if "minimums" in rules
        else (),
        barred=((0, wishes[0][0], 0),) if "barred" in rules else (),
        clashes=(((0, 0), (1, 1)),) if "clashes" in rules else (),
        anywhere=frozenset({0}) if "anywhere" in rules else frozenset(),
    )
    rows = [[UNPLACED] * slots for _ in range(people)]
    for person, row in enumerate(rows):
        for slot in range(slots):
            free = [
                w
                for w in (range(workshops) if chance.random() < 0.1 else wishes[person])
                if w not in row
                and sum(other[slot] == w for other in rows) < problem.capacity[w][slot]
                and (person, w, slot) not in problem.barred
            ]
            if free and chance.random() < 0.6:
                row[slot] = chance.choice(free)
    before = tuple(map(tuple, rows))
    locks = [Lock(p, w, s) for p, row in enumerate(before) for s, w in enumerate(row) if w != UNPLACED]
    return (replace(problem, locks=tuple(locks[:1])) if "locks" in rules else problem), before


@pytest.mark.slow
def test_it_is_the_best_over_all_slots() -> None:
    beaten = 0
    for case in range(60):
        chance = random.Random(case)
        rules = [r for r in ("minimums", "barred", "clashes", "anywhere", "locks") if chance.random() < 0.25]
        problem, before = small(chance, *rules)
        every = list(all_improvements(problem, before))
        if before not in every:
            continue  # two sessions that clash, by chance
        for objective in OBJECTIVES:
            found = improve(problem, before, objective=objective, seed=case)
            assert found.proven
            assert found.places in every
            least = min(cost(problem, before, objective, case, places) for places in every)
            assert cost(problem, before, objective, case, found.places) == least
            beaten += found.places != before
    assert beaten > 0


def test_no_seat_is_wasted_by_looking_at_one_slot_alone() -> None:
    # The latecomer's first wish is free in both slots, the second in the first slot only.
    problem = PlacementProblem(wishes=((0, 1),), capacity=((1, 1), (1, 0)))
    assert improve(problem, ((UNPLACED, UNPLACED),)).places == ((1, 0),)


def test_proofs_convince_the_checker() -> None:
    for case in range(60):
        problem, before = small(random.Random(case), "minimums", "locks")
        found = improve(problem, before, seed=case)
        assert found.proven
        assert found.placement is not None
        check(never_worse(problem, before)[0], found.placement)


@pytest.mark.parametrize("slots", [2, 3])
def test_what_everybody_may_rely_on(slots: int) -> None:
    for case in range(4):
        problem = town(case, people=40, slots=slots, minimum=3 * (case % 2))
        before = place(problem, seed=case).places
        chance = random.Random(case)
        absent = set(chance.sample(range(40), 4))
        here = [p for p in range(40) if p not in absent]
        locks = [Lock(p, before[p][0], 0) for p in here[:5] if before[p][0] != UNPLACED]
        problem = replace(problem, locks=tuple(locks))
        found = improve(problem, before, absent, Objective.GUARANTEE, seed=case)
        left = without(problem, absent)
        gone = tuple((UNPLACED,) * slots if p in absent else row for p, row in enumerate(before))
        check_places(allowing_today(left, gone), found.places)
        assert not worse_for(left, gone, found.places)
        assert all(set(found.places[p]) == {UNPLACED} for p in absent)
        assert improve(problem, before, absent, Objective.GUARANTEE, seed=case).places == found.places
        # What is the best already stays.
        again = improve(problem, found.places, absent, Objective.GUARANTEE, seed=case)
        assert again.places == found.places


def test_companions_and_balance_are_kept() -> None:
    moved = 0
    for case in range(15):
        chance = random.Random(case)
        problem = replace(
            town(case, people=12, slots=2, minimum=0),
            together=((0, 1), (2, 3)),
            profile_of=tuple(chance.randrange(2) for _ in range(12)),
            balance=Balance(quotas=(Quota(0, 0, 0, 1), Quota(1, 1, 1, 1))),
        )
        wishes = list(problem.wishes)
        wishes[1], wishes[3] = wishes[0], wishes[2]
        problem = replace(problem, wishes=tuple(wishes))
        before = place(problem, Objective.GENEROUS, seed=case, time_limit=5).places
        found = improve(problem, before, {4, 5, 6}, seed=case, time_limit=2.0)
        left = without(problem, {4, 5, 6})
        check_places(left, found.places)
        gone = tuple((UNPLACED,) * 2 if p in (4, 5, 6) else row for p, row in enumerate(before))
        assert not worse_for(left, gone, found.places)
        moved += found.places != gone
    assert moved > 3


def test_whoever_has_what_they_did_not_rank_stays_or_gets_a_wish() -> None:
    problem = PlacementProblem(wishes=((0,), (0, 1)), capacity=((1, 0), (1, 1), (1, 1)))
    assert improve(problem, ((2, UNPLACED), (UNPLACED, UNPLACED)), seed=1).places[0][0] in (0, 2)
    assert improve(problem, ((2, UNPLACED), (0, UNPLACED)), seed=1).places == ((2, UNPLACED), (0, 1))


def test_a_session_too_full_stays_as_it_is() -> None:
    problem = PlacementProblem(wishes=((0,), (0,), (0,)), capacity=((1, 0),))
    before = ((0, UNPLACED), (0, UNPLACED), (UNPLACED, UNPLACED))
    found = improve(problem, before)
    assert (found.places, found.proven) == (before, True)


def test_a_draw_takes_nothing_from_anybody() -> None:
    problem = PlacementProblem(wishes=((0,), (0,)), capacity=((1,),))
    for seed in range(4):
        found = improve(problem, ((0,), (UNPLACED,)), objective=Objective.DRAW, seed=seed)
        assert found.places[0] == (0,)
