"""A night that jumps is not believed; one that goes on from it is."""

import pytest

from events_app.infra.nights import PLAUSIBLE_DAYS, Nights, judged

TEN_YEARS = 3652


def lived(*days: int) -> list[bool]:
    """From a first believed night 1,000 on: which of these looks at the clock are believed."""
    nights, found = Nights(believed=1000), []
    for day in days:
        nights = judged(nights, day)
        found.append(nights.believed == day)
    return found


@pytest.mark.parametrize(
    ("days", "believed"),
    [
        ((1000, 1001, 1002), (True, True, True)),
        ((1000 + PLAUSIBLE_DAYS,), (True,)),
        ((1000 + PLAUSIBLE_DAYS + 1,), (False,)),
        ((1000 + TEN_YEARS, 1000, 1001), (False, True, True)),
        ((1000 + TEN_YEARS, 1000 + TEN_YEARS), (False, False)),
        ((1000 + TEN_YEARS, 1001 + TEN_YEARS), (False, True)),
        ((1000 + TEN_YEARS, 1000 + 2 * TEN_YEARS), (False, False)),
        ((1000 + TEN_YEARS, 1001, 1001 + TEN_YEARS), (False, True, False)),
        ((900, 901, 902), (False, True, True)),
    ],
)
def test_which_nights_are_believed(days: tuple[int, ...], believed: tuple[bool, ...]) -> None:
    assert lived(*days) == list(believed)


def test_the_first_night_of_all_is_believed() -> None:
    assert judged(Nights(), 5) == Nights(believed=5)
