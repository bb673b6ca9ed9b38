"""Refutations of everything better: true rows, proofs that hold, and corrupted ones that do not."""

import random

import pytest
from msgspec.structs import replace

from events_app.matching.workshops import relaxation
from events_app.matching.workshops.certificate import Refused, check
from events_app.matching.workshops.cuts import roundings
from events_app.matching.workshops.cutting_planes import Unproven, refute_below
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.mip import solve
from events_app.matching.workshops.objectives import cost_model
from events_app.matching.workshops.problem import Balance, Objective, PlacementProblem
from events_app.matching.workshops.program import Program
from events_app.matching.workshops.proof import Branch, Contradiction, Cut, Refutation, Refutations
from events_app.matching.workshops.refuting import Refuter
from tests.unit.matching.workshops.brute_force import RULES, all_placements, random_problem
from tests.unit.matching.workshops.test_solvers import large_and_mixed

needs_highs = pytest.mark.skipif(not relaxation.available(), reason="HiGHS is missing: make setup-dev")

WITH_BRANCHES = 289
"""A random problem where cuts are not enough."""


def program_of(problem: PlacementProblem, objective: Objective = Objective.GUARANTEE) -> Program:
    return Program(problem, cost_model(problem, objective, drawn_order(problem.people, 1)))


@pytest.mark.parametrize("objective", [Objective.GUARANTEE, Objective.GREEDY])
def test_every_allowed_placement_keeps_every_row_and_its_value(objective: Objective) -> None:
    for case in range(120):
        chance = random.Random(case)
        rules = [rule for rule in RULES if chance.random() < 0.5]
        problem = random_problem(chance, *rules, slots=chance.choice((1, 2)))
        placements = list(all_placements(problem))
        if not placements:
            continue
        program = program_of(problem, objective)
        for places in placements:
            point = program.point(places)
            for row in program.rows:
                assert sum(number * point[column] for column, number in row.of.items()) <= row.most
            counted = [
                constant + sum(cost * point[column] for column, cost in of.items())
                for constant, of in zip(program.constant, program.levels, strict=True)
            ]
            assert tuple(counted) == program.value_of(places)
            assert program.places(point) == places


@pytest.mark.parametrize(
    ("part", "whole", "seats"), [(3, 5, 9), (3, 5, 26), (1, 2, 9), (2, 3, 8), (11, 20, 25)]
)
def test_roundings_keep_every_mix_that_the_share_allows(part: int, whole: int, seats: int) -> None:
    for share, size, divisor in roundings(part, whole, seats):
        of_profile = ((whole - part) * share + size) // divisor
        of_others = (size - part * share) // divisor
        most = size * seats // divisor
        for profile in range(seats + 1):
            for others in range(seats + 1 - profile):
                if (whole - part) * profile <= part * others:
                    assert of_profile * profile + of_others * others <= most


@needs_highs
def test_a_proof_holds_for_its_bound_and_for_nothing_better() -> None:
    program = program_of(large_and_mixed())
    solved = solve(program, None, seed=1, time_left=lambda: 20.0)
    assert solved.places is not None
    assert solved.proof is not None
    assert program.value_of(solved.places) == solved.bound
    refute_below(program, solved.bound, solved.proof)
    for level in range(len(solved.bound)):
        higher = (*solved.bound[:level], solved.bound[level] + 1, *solved.bound[level + 1 :])
        with pytest.raises(Unproven):
            refute_below(program, higher, solved.proof)


@needs_highs
def test_corrupted_refutations_are_refused() -> None:
    program = program_of(large_and_mixed())
    solved = solve(program, None, seed=1, time_left=lambda: 20.0)
    assert solved.proof is not None
    last = solved.proof.of[-1]
    assert isinstance(last.tree, Contradiction)
    below_zero = tuple((row, -times) for row, times in last.tree.rows)
    unknown = (*last.tree.rows, (10**6, 1))
    for corrupted in (
        replace(last, tree=Contradiction(())),
        replace(last, tree=Contradiction(below_zero)),
        replace(last, tree=Contradiction(unknown)),
        replace(last, tree=Contradiction(last.tree.rows[1:])),
        replace(last, cuts=(Cut(((0, 1),), (), 0), *last.cuts)),
        replace(last, cuts=(Cut(((0, -1),), (), 1), *last.cuts)),
    ):
        with pytest.raises(Unproven):
            refute_below(program, solved.bound, Refutations((*solved.proof.of[:-1], corrupted)))


@needs_highs
def test_what_is_left_over_in_a_whole_slot_is_counted() -> None:
    """Five others let seven of eight take part at 3 of 5, in either slot: not seven and a half."""
    problem = PlacementProblem(
        wishes=((0, 1, 2),) * 13,
        capacity=((13, 13),) * 3,
        profile_of=(0,) * 8 + (1, 1, 2, 2, 2),
        balance=Balance(most_share=(3, 5)),
    )
    program = program_of(problem)
    refuter = Refuter(program, lambda: 20.0)
    assert refuter.bound(None) == 2
    assert refuter.refute(2, branching=False)
    refute_below(program, (2, 0, 0), refuter.proof())


@needs_highs
def test_small_problems_are_proven_and_distinctions_must_be_complete() -> None:
    branches = 0
    for case in (*range(200), WITH_BRANCHES):
        chance = random.Random(case)
        rules = [rule for rule in RULES if chance.random() < 0.5]
        if "locks" in rules and case != WITH_BRANCHES:
            continue  # they may contradict, which is seen before
        program = program_of(random_problem(chance, *rules, slots=chance.choice((1, 2))))
        solved = solve(program, None, seed=1, time_left=lambda: 20.0)
        assert solved.places is not None
        assert solved.proof is not None
        assert len(solved.proof.of) == len(solved.bound)
        refute_below(program, solved.bound, solved.proof)
        for level, refutation in enumerate(solved.proof.of):
            if isinstance(refutation.tree, Branch):
                branches += 1
                _refuse_other_distinctions(program, solved.bound, solved.proof, level, refutation.tree)
    assert branches > 0


def _refuse_other_distinctions(
    program: Program, bound: tuple[int, ...], proof: Refutations, level: int, tree: Branch
) -> None:
    for wrong in (
        replace(tree, fewer=tree.enough),
        replace(tree, enough=tree.fewer),
        replace(tree, fewer=tree.enough, enough=tree.fewer),
        replace(tree, columns=(*tree.columns, program.columns)),
        tree.fewer,
        tree.enough,
    ):
        changed = (*proof.of[:level], replace(proof.of[level], tree=wrong), *proof.of[level + 1 :])
        with pytest.raises(Unproven):
            refute_below(program, bound, Refutations(changed))


def test_fewer_refutations_prove_only_what_they_say() -> None:
    program = program_of(PlacementProblem(wishes=((0,),), capacity=((1,),)))
    refute_below(program, (0, 0), Refutations(()))
    with pytest.raises(Unproven):
        refute_below(program, (0, 1), Refutations(()))
    with pytest.raises(Unproven):
        refute_below(program, (1, 0), Refutations((Refutation((), Contradiction(())),)))


@needs_highs
def test_the_checker_of_placements_reads_refutations() -> None:
    from events_app.matching.workshops.placing import place

    problem = replace(large_and_mixed(), together=((0, 1), (2, 3)))
    placement = place(problem, seed=1, time_limit=30)
    check(problem, placement)
    assert placement.certificate is not None
    if isinstance(placement.certificate, Refutations):
        with pytest.raises(Refused):
            check(problem, replace(placement, certificate=Refutations(())))
