"""The waiting list against brute force, and its promises one by one."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from events_app.features.events.places import free_places
from events_app.features.registration.promotion import WaitingGroup, promotable

groups = st.lists(st.integers(1, 4), max_size=8).flatmap(
    lambda sizes: st.permutations(range(1, len(sizes) + 1)).map(
        lambda arrivals: [
            WaitingGroup(UUID(int=arrival), arrival, size)
            for size, arrival in zip(sizes, arrivals, strict=True)
        ]
    )
)


def by_brute_force(free: int, waiting: list[WaitingGroup]) -> list[WaitingGroup]:
    """Of all beginnings of the line that fit, the longest."""
    line = sorted(waiting, key=lambda group: group.arrival)
    beginnings = [line[:count] for count in range(len(line) + 1)]
    fitting = [some for some in beginnings if sum(group.size for group in some) <= free]
    return max(fitting, key=len)


@given(st.integers(0, 12), groups)
def test_the_longest_beginning_of_the_line_that_fits(free: int, waiting: list[WaitingGroup]) -> None:
    assert promotable(free, waiting) == by_brute_force(free, waiting)


@given(st.integers(0, 12), groups)
def test_nobody_passes_anybody_and_no_group_is_split(free: int, waiting: list[WaitingGroup]) -> None:
    promoted = promotable(free, waiting)
    left = [group for group in waiting if group not in promoted]
    assert sum(group.size for group in promoted) <= free
    assert all(one.arrival < other.arrival for one in promoted for other in left)


@given(st.integers(0, 12), st.integers(0, 12), groups)
def test_places_that_come_one_after_the_other_promote_as_many(
    first: int, second: int, waiting: list[WaitingGroup]
) -> None:
    """Unused places stay: promoting in two steps ends where one step would."""
    early = promotable(first, waiting)
    left = [group for group in waiting if group not in early]
    rest = first - sum(group.size for group in early) + second
    assert early + promotable(rest, left) == promotable(first + second, waiting)


@given(groups)
def test_without_a_limit_everybody_comes_in(waiting: list[WaitingGroup]) -> None:
    assert promotable(None, waiting) == sorted(waiting, key=lambda group: group.arrival)


def test_free_places() -> None:
    assert [free_places(*each) for each in ((None, 5), (5, 3), (5, 5), (5, 7))] == [None, 2, 0, 0]
