"""A smallest set of numbers that meets every demand: branch and bound, for dozens of demands."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from events_app.matching.undecided import Undecided

Spend = Callable[[int], bool]
"""Counts so many steps; False when there is no effort left."""


class Choice(Struct, frozen=True):
    """At least `need` of these numbers."""

    of: frozenset[int]
    need: int = 1


Demand = tuple[Choice, ...]
"""What is met where one of the choices is."""

_Way = tuple[int, frozenset[int]]
"""So many more of these numbers meet a choice."""


MOST = 400
"""The depth of the recursion."""


def hitting_set(demands: Sequence[Demand], least: int, enough: int, spend: Spend) -> frozenset[int] | None:
    """A smallest set that meets all demands, known to have at least `least` members.

    None: every one has `enough` members or more. Raises `Undecided`, also for more than MOST members.
    """
    for size in range(least, enough):
        if size > MOST:
            raise Undecided
        found = _extended(demands, frozenset(), frozenset(), size, spend)
        if found is not None:
            return found
    return None


def _extended(
    demands: Sequence[Demand], chosen: frozenset[int], without: frozenset[int], room: int, spend: Spend
) -> frozenset[int] | None:
    """`chosen` and at most `room` more, none of `without`, that meet all demands; None: there are none."""
    if not spend(2 * len(demands) + 1):
        raise Undecided
    unmet = [demand for demand in demands if all(len(one.of & chosen) < one.need for one in demand)]
    if not unmet:
        return chosen
    ways = [list(_ways(demand, chosen, without, room)) for demand in unmet]
    numbers = [frozenset[int]().union(*(free for _, free in of)) for of in ways]
    if not all(ways) or _needed(ways, numbers) > room:
        return None
    # Numbers in the same ways can stand for each other: where one of them does not do, none does.
    alike: dict[tuple[tuple[int, int], ...], list[int]] = {}
    fewest = min(numbers, key=len)
    for number in sorted(fewest):
        inside = [i for i, of in enumerate(numbers) if number in of]
        places = tuple((i, j) for i in inside for j, (_, free) in enumerate(ways[i]) if number in free)
        alike.setdefault(places, []).append(number)
    for _, same in sorted(alike.items(), key=lambda one: (-len(one[0]), one[1])):
        found = _extended(unmet, chosen | {same[0]}, without, room - 1, spend)
        if found is not None:
            return found
        without = without.union(same)
    return None


def _ways(demand: Demand, chosen: frozenset[int], without: frozenset[int], room: int) -> Iterator[_Way]:
    """How a demand that is not met could be."""
    for choice in demand:
        lack, free = choice.need - len(choice.of & chosen), choice.of - chosen - without
        if lack <= min(len(free), room):
            yield lack, free


def _needed(ways: Sequence[Sequence[_Way]], numbers: Sequence[frozenset[int]]) -> int:
    """At least so many more: demands without a number in common add up."""
    needed, seen = 0, set[int]()
    for of, every in zip(ways, numbers, strict=True):
        if seen.isdisjoint(every):
            needed += min(lack for lack, _ in of)
            seen |= every
    return needed
