import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.matching.speed_dating import speed
from events_app.matching.speed_dating.speed import Choice, choose_meetings

Matrix = list[list[int]]


def best_by_trying_all(
    eligible: Matrix,
    score: Matrix,
    limit_a: list[int],
    limit_b: list[int],
    already: list[int] | None = None,
    most: int = 99,
) -> tuple[int, ...]:
    """(meetings, -squares, score) of the best choice, by enumeration."""
    already = already or [0] * len(limit_a)
    best = (0, -sum(count * count for count in already), 0)

    def extend(a: int, room: list[int], meetings: int, squares: int, total: int) -> None:
        nonlocal best
        if a == len(limit_a):
            best = max(best, (meetings, -squares, total))
            return
        open_to_a = [b for b, left in enumerate(room) if left and eligible[a][b]]
        for count in range(min(limit_a[a], len(open_to_a), most - meetings) + 1):
            for chosen in itertools.combinations(open_to_a, count):
                left = [seats - (b in chosen) for b, seats in enumerate(room)]
                gained = sum(score[a][b] for b in chosen)
                now = squares + (already[a] + count) ** 2
                extend(a + 1, left, meetings + count, now, total + gained)

    if limit_a:
        extend(0, limit_b, 0, 0, 0)
    return best


def random_case(seed: int, most_a: int = 4, most_b: int = 4) -> tuple[Matrix, Matrix, list[int], list[int]]:
    rng = random.Random(seed)
    side_a, side_b = rng.randint(1, most_a), rng.randint(1, most_b)
    density, spread = rng.choice([0.3, 0.6, 0.9, 1]), rng.choice([0, 1, 3, 50])
    eligible = [[int(rng.random() < density) for _ in range(side_b)] for _ in range(side_a)]
    score = [[rng.randint(-spread, spread) for _ in range(side_b)] for _ in range(side_a)]
    if rng.random() < 0.5:
        rounds = rng.randint(0, 4)
        return eligible, score, [rounds] * side_a, [rounds] * side_b
    limits = [rng.randint(0, 4) for _ in range(side_a + side_b)]
    return eligible, score, limits[:side_a], limits[side_a:]


def reached(choice: Choice) -> tuple[int, int, int]:
    return len(choice.pairs), -choice.squares, choice.score


@pytest.mark.parametrize("block", range(4))
def test_no_choice_is_better_than_ours_on_small_cases(block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        case = random_case(seed)
        assert reached(choose_meetings(*case)) == best_by_trying_all(*case), f"seed {seed}"


def test_nothing_is_better_within_so_many_meetings_and_after_earlier_ones() -> None:
    for seed in range(20_000, 21_500):
        rng = random.Random(-seed)
        case = random_case(seed, most_b=3)
        already = [rng.randint(0, 3) for _ in case[2]] if rng.random() < 0.6 else None
        most = rng.randint(0, 8)
        ours = choose_meetings(*case, already=already, most=most)
        assert reached(ours) == best_by_trying_all(*case, already=already, most=most), f"seed {seed}"


@pytest.mark.slow
def test_no_choice_is_better_than_ours_on_thousands_of_small_cases() -> None:
    for seed in range(10_000, 14_000):
        case = random_case(seed)
        assert reached(choose_meetings(*case)) == best_by_trying_all(*case), f"seed {seed}"


SHAPES = {
    "product": lambda x, y: x * y,
    "minus product": lambda x, y: -x * y,
    "minus distance": lambda x, y: -abs(x - y),
    "distance": lambda x, y: abs(x - y),
    "minus square": lambda x, y: -((x - y) ** 2),
    "larger": max,
    "bits": lambda x, y: x ^ y,
    "powers": lambda x, y: 2 ** ((31 * x + 17 * y) % 20),
    "all the same": lambda x, y: 5,
    "one order": lambda x, y: 1000 * y + x % 3,
    "nearly alike": lambda x, y: x * y * 250 + (x + y) % 7,
    "blocks": lambda x, y: 1000 * (x % 3 == y % 3) + x * y // 10,
}
"""What two numbers make of a pair; in most, all agree about the order of the others, or nearly."""


def shaped_case(
    shape: str, seed: int, side_a: int, side_b: int, rounds: int
) -> tuple[Matrix, Matrix, list[int], list[int]]:
    rng = random.Random(seed)
    at_a, at_b = ([rng.randint(0, 60) for _ in range(side)] for side in (side_a, side_b))
    density = rng.choice([0.3, 0.9, 1])
    eligible = [[int(rng.random() < density) for _ in at_b] for _ in at_a]
    score = [[SHAPES[shape](x, y) for y in at_b] for x in at_a]
    return eligible, score, [rounds] * side_a, [rounds] * side_b


@pytest.mark.parametrize("shape", SHAPES)
def test_no_choice_is_better_than_ours_whatever_the_scores_look_like(shape: str) -> None:
    for seed in range(25):
        rng = random.Random(seed)
        case = shaped_case(shape, seed, rng.randint(1, 4), rng.randint(1, 4), rng.randint(1, 3))
        assert reached(choose_meetings(*case)) == best_by_trying_all(*case), f"seed {seed}"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("side_a", "side_b", "rounds"), [(90, 20, 9), (25, 60, 7), (40, 40, 40)])
def test_few_pairs_are_looked_at_first_and_no_better_one_is_missed(
    shape: str, side_a: int, side_b: int, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = shaped_case(shape, 1, side_a, side_b, rounds)
    already = [a % 4 for a in range(side_a)]
    most = min(side_a, side_b) * rounds // 2
    few = [choose_meetings(*case), choose_meetings(*case, already=already, most=most, fair=side_a > 30)]
    monkeypatch.setattr(speed, "LIKELY", 10**6)
    everything = [
        choose_meetings(*case),
        choose_meetings(*case, already=already, most=most, fair=side_a > 30),
    ]
    assert list(map(reached, few)) == list(map(reached, everything))


def test_what_others_score_does_not_matter_to_those_who_may_meet() -> None:
    eligible, score, *limits = shaped_case("product", 1, 30, 10, 4)
    absurd = [
        [value if yes else -(10**30) for yes, value in zip(allowed, row, strict=True)]
        for allowed, row in zip(eligible, score, strict=True)
    ]
    assert choose_meetings(eligible, absurd, *limits) == choose_meetings(eligible, score, *limits)


@given(seed=st.integers(0, 10**6), order=st.randoms(use_true_random=False))
def test_the_order_of_the_people_does_not_matter(seed: int, order: random.Random) -> None:
    eligible, score, limit_a, limit_b = random_case(seed, 8, 8)
    shuffled = order.sample(range(len(limit_a)), len(limit_a))
    renamed = choose_meetings(
        [eligible[a] for a in shuffled], [score[a] for a in shuffled], [limit_a[a] for a in shuffled], limit_b
    )
    assert reached(renamed) == reached(choose_meetings(eligible, score, limit_a, limit_b))


@given(seed=st.integers(0, 10**6))
def test_one_more_meeting_allowed_never_means_fewer_meetings(seed: int) -> None:
    eligible, score, limit_a, limit_b = random_case(seed, 8, 8)
    more = [limit_b[0] + 1, *limit_b[1:]]
    before = choose_meetings(eligible, score, limit_a, limit_b)
    assert len(choose_meetings(eligible, score, limit_a, more).pairs) >= len(before.pairs)


def test_everybody_gets_a_fair_share() -> None:
    everyone = [[1] * 6 for _ in range(10)]
    choice = choose_meetings(everyone, everyone, [4] * 10, [4] * 6)
    counts = [sum(a == person for a, _ in choice.pairs) for person in range(10)]
    assert sorted(counts) == [2] * 6 + [3] * 4
