"""Evenings by chance, with people absent, late and leaving. A thousand of them: `make soak`."""

from collections.abc import Callable

import pytest

from tests.evenings import Figures, meetings, tables


@pytest.mark.parametrize("play", [tables, meetings])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_still_possible_takes_place(play: Callable[..., Figures], seed: int) -> None:
    figures = play(seed, most=60)

    assert figures.held >= 0.95 * figures.possible
    assert figures.twice_in_a_round == figures.announced_changed == figures.new_repeats == 0
