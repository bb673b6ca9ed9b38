"""The curve of registrations and the map: whole numbers, never going back, nobody lost."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from events_app.features.admission.counters import GroupCount
from events_app.features.admission.figures import POINTS, SHADES, areas, rising, steps
from events_app.features.admission.pages.statistics import curve
from events_app.features.territory.communes import communes
from events_app.features.territory.outlines import outlines

NOON = datetime(2018, 4, 10, 12, tzinfo=UTC)


@given(st.integers(0, 200_000))
def test_the_curve_is_read_at_few_numbers_from_the_first_to_the_last(last: int) -> None:
    found = steps(last)
    assert len(found) <= POINTS
    assert found == sorted(set(found))
    assert (found[:1], found[-1:]) == (([1], [last]) if last else ([], []))


def test_whoever_registered_again_does_not_turn_the_curve_back() -> None:
    first, second = NOON, NOON + timedelta(hours=1)
    assert rising([(first, 1), (second, 2), (first, 3)]) == [(first, 1), (second, 3)]


def test_the_curve_ends_at_the_top() -> None:
    points = [(NOON, 1), (NOON + timedelta(hours=1), 2), (NOON + timedelta(hours=2), 4)]
    assert curve(points, 100, 40) == "M0.0 30.0 L50.0 20.0 L100.0 0.0"
    assert curve(points[:1], 100, 40) == ""


def test_every_commune_is_drawn_and_the_fullest_is_the_darkest() -> None:
    assert outlines().outlines.keys() == {each.insee for each in communes()}
    drawn = areas(
        [
            GroupCount("Lens", 7, 0),
            GroupCount("LIEVIN", 1, 0),
            GroupCount("Paris", 90, 0),
            GroupCount("", 3, 0),
        ]
    )
    assert len(drawn) == len(communes())
    assert {each.name: (each.people, each.shade) for each in drawn if each.people} == {
        "Lens": (7, SHADES),
        "Liévin": (1, 1),
    }
