"""With windows: the most meetings, then the most score, wherever a plan is called proven."""

from events_app.features.networking.session import SpeedProblem, plan_session
from tests.unit.features.networking.test_windows import assert_right, random_session


def best_by_trying_all(problem: SpeedProblem) -> tuple[int, int]:
    """The most meetings, and the most score with so many: each pair in each round, or not at all."""
    pairs = [(a, b) for a, row in enumerate(problem.eligible) for b, yes in enumerate(row) if yes]
    best = (0, 0)

    def extend(i: int, free_a: list[int], free_b: list[int], meetings: int, score: int) -> None:
        nonlocal best
        best = max(best, (meetings, score))
        if i == len(pairs) or meetings + len(pairs) - i < best[0]:
            return
        a, b = pairs[i]
        for turn in range(problem.rounds):
            bit = 1 << turn
            if free_a[a] & free_b[b] & bit:
                free_a[a] ^= bit
                free_b[b] ^= bit
                extend(i + 1, free_a, free_b, meetings + 1, score + problem.score[a][b])
                free_a[a] ^= bit
                free_b[b] ^= bit
        extend(i + 1, free_a, free_b, meetings, score)

    assert problem.there_a is not None
    assert problem.there_b is not None
    extend(0, list(problem.there_a), list(problem.there_b), 0, 0)
    return best


def test_proven_plans_have_the_most_score_and_others_hardly_ever_less() -> None:
    proven = short = 0
    for seed in range(400):
        problem = random_session(seed, people=4, rounds=3)
        plan = plan_session(problem)
        assert_right(problem, plan.rounds)
        score = sum(problem.score[a][b] for met in plan.rounds for a, b in met)
        best = best_by_trying_all(problem)
        assert (plan.meetings, score) <= best, f"seed {seed}"
        if plan.proven:
            assert (plan.meetings, score) == best, f"seed {seed}"
            proven += 1
        short += (plan.meetings, score) != best
    assert proven > 200
    assert short <= 8  # rounds are a list colouring, and nothing tries all
