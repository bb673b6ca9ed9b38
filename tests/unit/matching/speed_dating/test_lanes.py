from hypothesis import given
from hypothesis import strategies as st

from events_app.matching.speed_dating.lanes import Lanes


@given(bits=st.integers(1, 90), data=st.data())
def test_lanes_tell_what_a_list_tells(bits: int, data: st.DataObject) -> None:
    most = (1 << bits) - 1
    number = st.integers(0, most) | st.sampled_from([0, most])
    first = data.draw(st.lists(number, min_size=1, max_size=12))
    second = data.draw(st.lists(number, min_size=len(first), max_size=len(first)))
    shift = data.draw(st.integers(-most, most))
    lanes = Lanes(len(first), Lanes.size_for(2 * most))
    difference = lanes.pack(first) - lanes.pack(second) + shift * lanes.ones + lanes.signs
    plain = [x - y + shift for x, y in zip(first, second, strict=True)]
    assert lanes.zeros(difference) == sum(1 << i for i, value in enumerate(plain) if value == 0)
    assert lanes.not_negative(difference) == sum(1 << i for i, value in enumerate(plain) if value >= 0)


def test_a_lane_holds_the_numbers_it_is_made_for() -> None:
    for most in (1, 127, 128, 32767, 32768, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 2**64, 10**30):
        lanes = Lanes(3, Lanes.size_for(most))
        middle = lanes.pack([0, most, 0])
        assert lanes.not_negative(lanes.signs - middle) == 0b101
        assert lanes.zeros(lanes.signs + middle) == lanes.zeros(lanes.signs - middle) == 0b101
        assert lanes.not_negative(lanes.signs + middle) == 0b111
