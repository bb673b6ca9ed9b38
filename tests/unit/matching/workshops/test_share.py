"""A share of a profile as inequalities: exactly the whole numbers that it allows."""

from fractions import Fraction

import pytest

from events_app.matching.workshops.model import edges_of_share


@pytest.mark.parametrize("share", [(3, 5), (249, 400), (1, 2), (57, 100), (1, 3), (1, 1), (1, 50)])
@pytest.mark.parametrize("seats", [1, 2, 7, 26, 60])
def test_edges_allow_what_the_share_allows(share: tuple[int, int], seats: int) -> None:
    edges = edges_of_share(share, seats)
    for people in range(seats + 1):
        for alike in range(people + 1):
            kept = all(run * alike - rise * people <= most for rise, run, most in edges)
            assert kept == (alike * share[1] <= share[0] * people)
    for rise, run, _ in edges:
        assert Fraction(rise, run) <= Fraction(*share)
