"""A month of the agenda: whole weeks, each event on each of its days."""

from datetime import UTC, date, datetime

import pytest

from events_app.features.events.months import following, month_named, weeks
from events_app.features.events.places import EventCounts
from events_app.features.events.views import announcement
from events_app.features.territory.communes import communes
from events_app.features.territory.outlines import centres, nearest, outlines
from events_app.infra.i18n import translator
from tests.unit.features.records import event


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2018-04", date(2018, 4, 1)),
        ("2018-4", None),
        ("2018-13", None),
        ("2018-00", None),
        ("1999-12", None),
        ("2201-01", None),
        ("٢٠١٨-٠٤", None),
        ("", None),
        ("2018-04-10", None),
    ],
)
def test_a_month_is_named_by_year_and_number(text: str, found: date | None) -> None:
    assert month_named(text) == found


def test_months_follow_each_other_over_the_year() -> None:
    assert following(date(2018, 12, 1), 1) == date(2019, 1, 1)
    assert following(date(2018, 1, 1), -1) == date(2017, 12, 1)


def test_an_event_stands_on_each_of_its_days_within_the_month() -> None:
    words = translator("fr")

    def said(starts: datetime, ends: datetime) -> list[int]:
        entry = announcement(
            event(timezone="Europe/Paris", starts_at=starts, ends_at=ends), EventCounts(), starts, words
        )
        grid = weeks(date(2018, 4, 1), [entry])
        assert [len(week) for week in grid] == [7] * 6
        assert [day.day for week in grid for day in week if day.inside] == [
            date(2018, 4, number) for number in range(1, 31)
        ]
        return [day.day.day for week in grid for day in week if day.entries]

    assert said(datetime(2018, 4, 10, 12, tzinfo=UTC), datetime(2018, 4, 10, 14, tzinfo=UTC)) == [10]
    assert said(datetime(2018, 3, 30, 12, tzinfo=UTC), datetime(2018, 4, 2, 14, tzinfo=UTC)) == [1, 2]
    assert said(datetime(2018, 4, 29, 12, tzinfo=UTC), datetime(2018, 5, 2, 14, tzinfo=UTC)) == [29, 30]
    # Until midnight in Lens (22 h UTC) is not the next day.
    assert said(datetime(2018, 4, 10, 18, tzinfo=UTC), datetime(2018, 4, 10, 22, tzinfo=UTC)) == [10]


def test_every_commune_has_a_place_on_the_map_and_neighbours() -> None:
    drawn = outlines()
    assert {commune.insee for commune in communes()} == set(centres())
    assert all(0 < x < drawn.width and 0 < y < drawn.height for x, y in centres().values())
    around_lens = nearest("62498", 10)
    assert "62510" in around_lens  # Liévin
    assert "62498" not in around_lens
