"""What an improvement may not do, looked at by eyes other than the engine's."""

import pytest

from events_app.features.workshops.solving import refuse_worse
from events_app.matching.workshops.certificate import Refused
from events_app.matching.workshops.problem import UNPLACED, PlacementProblem

# A workshop of two seats for whose minimum of three the seats do not suffice: somebody is there by hand.
ODD = PlacementProblem(
    wishes=((0,), (0,), (0,)), capacity=((2,),), minimum=((3,),), current=((0,), (UNPLACED,), (UNPLACED,))
)


def test_seats_are_seats_also_where_the_minimum_is_above_them() -> None:
    refuse_worse(ODD, ((0,), (0,), (UNPLACED,)))


@pytest.mark.parametrize("places", [((0,), (0,), (0,)), ((UNPLACED,), (0,), (0,))])
def test_too_many_and_a_lost_place_are_refused(places: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(Refused):
        refuse_worse(ODD, places)
