"""With windows: the most meetings, then the most score; for a few people always, and proven."""

import random

import pytest
from msgspec.structs import replace

from events_app.matching.speed_dating.session import SpeedProblem, plan_session
from tests.unit.matching.speed_dating.test_windows import assert_right, best_in_rounds, random_session


def worth(problem: SpeedProblem, rounds: list[list[tuple[int, int]]]) -> tuple[int, int]:
    return sum(map(len, rounds)), sum(problem.score[a][b] for met in rounds for a, b in met)


@pytest.mark.parametrize("rooms", [None, 1, 2])
def test_sessions_of_few_people_are_the_best_there_are(rooms: int | None) -> None:
    for seed in range(200):
        problem = replace(random_session(seed, people=4, rounds=3), rooms=rooms)
        plan = plan_session(problem)
        assert_right(problem, plan.rounds)
        assert worth(problem, plan.rounds) == best_in_rounds(problem), f"seed {seed}"
        assert plan.proven
        assert plan.bound == plan.meetings


def test_breaks_and_scores_of_any_sign_count() -> None:
    chance = random.Random(3)
    for seed in range(150):
        problem = random_session(seed, people=4, rounds=3)
        problem = replace(
            problem,
            breaks=frozenset({seed % 3} & set(range(problem.rounds))),
            score=[[chance.randint(-900, 20) for _ in row] for row in problem.score],
        )
        plan = plan_session(problem)
        assert_right(problem, plan.rounds)
        assert worth(problem, plan.rounds) == best_in_rounds(problem), f"seed {seed}"
        assert not any(plan.rounds[turn] for turn in problem.breaks)


def test_what_is_first_chosen_does_not_take_the_best_pair_from_later_rounds() -> None:
    problem = SpeedProblem(
        rounds=2, eligible=[[1, 1], [1, 1]], score=[[4, 4], [4, 2]], there_a=[2, 3], there_b=[3, 1]
    )
    assert worth(problem, plan_session(problem).rounds) == (2, 8)
