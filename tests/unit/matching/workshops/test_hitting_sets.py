"""Smallest sets against trying all; an effort that ends is no answer."""

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events_app.matching.undecided import Undecided
from events_app.matching.workshops.hitting_sets import Choice, Demand, hitting_set

NUMBERS = range(7)


def endless(_steps: int) -> bool:
    return True


def some_demands(chance: random.Random) -> list[Demand]:
    def choice() -> Choice:
        of = frozenset(chance.sample(NUMBERS, chance.randint(1, 5)))
        return Choice(of, chance.randint(1, len(of)))

    return [tuple(choice() for _ in range(chance.randint(1, 2))) for _ in range(chance.randint(0, 5))]


def meets(chosen: frozenset[int], demands: list[Demand]) -> bool:
    return all(any(len(one.of & chosen) >= one.need for one in demand) for demand in demands)


@settings(max_examples=100)
@given(st.randoms())
def test_no_smaller_set_meets_all_demands(chance: random.Random) -> None:
    demands = some_demands(chance)
    fewest = next(
        size
        for size in range(len(NUMBERS) + 1)
        if any(meets(frozenset(some), demands) for some in combinations(NUMBERS, size))
    )
    found = hitting_set(demands, 0, len(NUMBERS) + 1, endless)
    assert found is not None
    assert meets(found, demands)
    assert len(found) == fewest
    assert hitting_set(demands, 0, fewest, endless) is None


def test_what_is_alike_is_not_tried_one_by_one() -> None:
    # 20 of 60 and 20 of 60 others: without symmetry more ways than there are atoms.
    demands: list[Demand] = [
        (Choice(frozenset(range(60)), 20),),
        (Choice(frozenset(range(60, 120)), 20),),
        (Choice(frozenset(range(120))),),
    ]
    steps = 0

    def counted(more: int) -> bool:
        nonlocal steps
        steps += more
        return steps < 100_000

    found = hitting_set(demands, 0, 120, counted)
    assert found is not None
    assert len(found) == 40


def test_an_effort_that_ends_decides_nothing() -> None:
    with pytest.raises(Undecided):
        hitting_set([(Choice(frozenset({1, 2})),)], 0, 3, lambda _steps: False)
