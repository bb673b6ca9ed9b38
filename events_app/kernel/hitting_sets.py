"""A smallest set of numbers that meets every demand: branch and bound, for dozens of demands."""

from collections.abc import Callable, Sequence

from msgspec import Struct

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


class Undecided(Exception):
    """The effort ended before the answer."""


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
    unmet = []
    for demand in demands:
        ways = [(choice.need - len(choice.of & chosen), choice.of - chosen - without) for choice in demand]
        if all(lack > 0 for lack, _ in ways):
            unmet.append([(lack, free) for lack, free in ways if lack <= min(len(free), room)])
    if not spend(len(demands) + 1):
        raise Undecided
    if not unmet:
        return chosen
    if not all(unmet) or _needed(unmet) > room:
        return None
    fewest = min((frozenset[int]().union(*(free for _, free in ways)) for ways in unmet), key=len)
    # Numbers in the same ways can stand for each other: where one of them does not do, none does.
    alike: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for number in sorted(fewest):
        inside = tuple(
            (i, j) for i, ways in enumerate(unmet) for j, way in enumerate(ways) if number in way[1]
        )
        alike.setdefault(inside, []).append(number)
    for _, numbers in sorted(alike.items(), key=lambda one: (-len(one[0]), one[1])):
        found = _extended(demands, chosen | {numbers[0]}, without, room - 1, spend)
        if found is not None:
            return found
        without = without.union(numbers)
    return None


def _needed(unmet: Sequence[Sequence[_Way]]) -> int:
    """At least so many more: demands without a number in common add up."""
    needed, seen = 0, set[int]()
    for ways in unmet:
        numbers = frozenset[int]().union(*(free for _, free in ways))
        if seen.isdisjoint(numbers):
            needed += min(lack for lack, _ in ways)
            seen |= numbers
    return needed
