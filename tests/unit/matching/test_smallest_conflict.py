"""A smallest conflict of any rules whatever, by somebody who answers as little as they may."""

import random
from collections.abc import Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from events_app.matching.smallest_conflict import Answer, Broken, smallest_conflict


class Arrangements:
    """Each arrangement is the set of rules that it obeys. After `patience` questions all is undecided."""

    def __init__(self, number: int, ways: list[frozenset[int]], patience: int = 10_000) -> None:
        self.number, self.ways, self.patience, self.asked = number, ways, patience, 0

    def ask(self, rules: Sequence[int]) -> Answer:
        self.asked += 1
        if self.spend(0) <= 0:
            return None
        way = next((way for way in self.ways if way.issuperset(rules)), None)
        return False if way is None else Broken.one_of(frozenset(range(self.number)) - way)

    def impossible(self, rules: Sequence[int]) -> bool:
        return self.ask(rules) is False

    def spend(self, _steps: int) -> float:
        return 1 - self.asked / self.patience


def some_ways(chance: random.Random) -> tuple[int, list[frozenset[int]]]:
    number = chance.randint(1, 8)
    ways = {frozenset(chance.sample(range(number), chance.randint(0, number - 1))) for _ in range(12)}
    return number, [frozenset(), *chance.sample(sorted(ways, key=sorted), len(ways))]


@settings(max_examples=60)
@given(st.randoms())
def test_no_conflict_has_fewer_rules(chance: random.Random) -> None:
    number, ways = some_ways(chance)
    found = smallest_conflict(Arrangements(number, ways), range(number))
    assert found.proven
    assert not any(way.issuperset(found.rules) for way in ways)
    fewer = combinations(range(number), len(found.rules) - 1)
    assert all(any(way.issuperset(some) for way in ways) for some in fewer)


@settings(max_examples=60)
@given(st.randoms())
def test_what_is_found_in_little_time_is_a_conflict_and_proven_only_where_it_is_smallest(
    chance: random.Random,
) -> None:
    number, ways = some_ways(chance)
    found = smallest_conflict(Arrangements(number, ways, chance.randint(1, 30)), range(number))
    assert not any(way.issuperset(found.rules) for way in ways)
    best = smallest_conflict(Arrangements(number, ways), range(number))
    assert len(found.rules) >= len(best.rules)
    assert not found.proven or len(found.rules) == len(best.rules)
