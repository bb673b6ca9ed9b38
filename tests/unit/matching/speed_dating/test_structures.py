"""Structures with several interviewers: nobody twice at one structure, nobody at two places, fair counts."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events_app.matching.speed_dating.structures import (
    StructuresProblem,
    plan_structures,
    replan_structures,
)


@st.composite
def problems(draw: st.DrawFn) -> StructuresProblem:
    rounds = draw(st.integers(1, 6))
    structures = draw(st.integers(1, 4))
    structure_of = [*range(structures), *draw(st.lists(st.integers(0, structures - 1), max_size=3))]
    candidates = draw(st.integers(1, 8))
    always = (1 << rounds) - 1
    there = st.one_of(st.just(always), st.integers(0, always))
    return StructuresProblem(
        rounds=rounds,
        structure_of=structure_of,
        eligible=[[draw(st.integers(0, 1)) for _ in range(structures)] for _ in range(candidates)],
        score=[[draw(st.integers(0, 9)) for _ in range(structures)] for _ in range(candidates)],
        there_a=[draw(there) for _ in range(candidates)],
        there_b=[draw(there) for _ in structure_of],
        rooms=draw(st.none() | st.integers(1, 4)),
    )


@settings(deadline=None)
@given(problems(), st.integers(0, 3))
def test_whatever_is_asked_the_plan_can_be_held(problem: StructuresProblem, seed: int) -> None:
    plan = plan_structures(problem, seed=seed)

    assert len(plan.rounds) == problem.rounds
    met = set()
    for turn, pairs in enumerate(plan.rounds):
        assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
        assert problem.rooms is None or len(pairs) <= problem.rooms
        for a, b in pairs:
            assert problem.there_a[a] >> turn & problem.there_b[b] >> turn & 1
            structure = problem.structure_of[b]
            assert problem.eligible[a][structure]
            assert (a, structure) not in met
            met.add((a, structure))
    assert plan.meetings == len(met) <= plan.bound


@settings(deadline=None)
@given(problems(), st.data())
def test_an_evening_with_people_missing_keeps_every_meeting_of_two_who_are_there(
    problem: StructuresProblem, data: st.DataObject
) -> None:
    planned = plan_structures(problem).rounds
    announced = data.draw(st.integers(0, problem.rounds))
    gone = st.integers(0, (1 << problem.rounds) - 1)
    now = replace(
        problem,
        there_a=[mask & data.draw(gone) for mask in problem.there_a],
        there_b=[mask & data.draw(gone) for mask in problem.there_b],
    )

    rounds = replan_structures(now, planned, announced)

    assert rounds[:announced] == planned[:announced]
    met = [(a, problem.structure_of[b]) for pairs in rounds for a, b in pairs]
    assert len(met) == len(set(met))
    for turn in range(announced, problem.rounds):
        pairs = rounds[turn]
        assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
        assert problem.rooms is None or len(pairs) <= problem.rooms
        for a, b in pairs:
            assert now.there_a[a] & now.there_b[b] & 1 << turn
            assert problem.eligible[a][problem.structure_of[b]]
        for a, b in planned[turn]:
            if now.there_a[a] & now.there_b[b] & 1 << turn:
                assert (a, problem.structure_of[b]) in met


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(1, 12), st.integers(1, 10), st.integers(0, 3))
def test_where_everybody_is_there_all_have_as_many_meetings_within_one(
    candidates: int, structures: int, rounds: int, more: int
) -> None:
    structure_of = [*range(structures), *(extra % structures for extra in range(more))]
    always = (1 << rounds) - 1
    plan = plan_structures(
        StructuresProblem(
            rounds=rounds,
            structure_of=structure_of,
            eligible=[[1] * structures] * candidates,
            score=[[0] * structures] * candidates,
            there_a=[always] * candidates,
            there_b=[always] * len(structure_of),
        )
    )

    counts = [sum(a == each for met in plan.rounds for a, _ in met) for each in range(candidates)]
    assert max(counts) - min(counts) <= 1
    assert plan.meetings == plan.bound


def test_what_is_fixed_stays_and_is_not_met_again() -> None:
    plan = plan_structures(
        StructuresProblem(
            rounds=2,
            structure_of=[0, 0, 1],
            eligible=[[1, 1], [1, 1]],
            score=[[0, 0], [0, 0]],
            there_a=[3, 3],
            there_b=[3, 3, 3],
            fixed=[(0, 1, 0)],
        )
    )

    assert (0, 1) in plan.rounds[0]
    assert [pair for met in plan.rounds for pair in met if pair[0] == 0] in ([(0, 1), (0, 2)],)
    assert plan.meetings == 4


def test_a_wish_is_met_before_others() -> None:
    plan = plan_structures(
        StructuresProblem(
            rounds=1,
            structure_of=[0, 1],
            eligible=[[1, 1], [1, 1]],
            score=[[0, 5], [1, 0]],
            there_a=[1, 1],
            there_b=[1, 1],
        )
    )

    assert plan.rounds == [[(0, 1), (1, 0)]]
