import random

import pytest

from events_app.matching.speed_dating.colouring import Pair, Timetable, busiest, colour, level


def random_pairs(seed: int) -> tuple[list[Pair], int, int]:
    rng = random.Random(seed)
    side_a, side_b = rng.randint(1, 9), rng.randint(1, 9)
    pairs = [(a, b) for a in range(side_a) for b in range(side_b) if rng.random() < 0.5]
    rng.shuffle(pairs)
    return pairs, side_a, side_b


def assert_everybody_in_one_place(table: Timetable, pairs: list[Pair]) -> None:
    rounds = table.as_rounds()
    assert sorted(pair for met in rounds for pair in met) == sorted(pairs)
    for met in rounds:
        assert len({a for a, _ in met}) == len(met) == len({b for _, b in met})


@pytest.mark.parametrize("block", range(4))
def test_as_many_rounds_as_the_busiest_person_has_meetings_are_enough(block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        pairs, side_a, side_b = random_pairs(seed)
        table = colour(pairs, side_a, side_b, busiest(pairs, side_a, side_b))
        assert_everybody_in_one_place(table, pairs)


@pytest.mark.parametrize("spare", [0, 1, 4])
def test_levelled_rounds_differ_by_one_meeting_at_most(spare: int) -> None:
    for seed in range(150):
        pairs, side_a, side_b = random_pairs(seed)
        table = colour(pairs, side_a, side_b, busiest(pairs, side_a, side_b) + spare)
        level(table)
        assert_everybody_in_one_place(table, pairs)
        sizes = [len(met) for met in table.as_rounds()]
        assert max(sizes, default=0) - min(sizes, default=0) <= 1
