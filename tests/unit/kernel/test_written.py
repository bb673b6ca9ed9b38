"""What people write and what our pages print is read; what would be a guess is not."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.infra.i18n import LANGUAGES, translator
from events_app.kernel import written
from events_app.kernel.civil_time import to_wall

WHOLE = (
    "1000",
    "1 000",
    "1\u00a0000",
    "1\u202f000",
    "1\u2009000",
    "1'000",
    "1’000",
    "1,000",
    "1.000",
    " 1000 ",
)


@pytest.mark.parametrize("text", WHOLE)
def test_a_thousand(text: str) -> None:
    assert written.whole_number(text) == 1000


@pytest.mark.parametrize(
    "text", ["", "1,5", "1.5", "10.00", "1,00,000", "mille", "1e3", "²", "१०", "1.000,0"]
)
def test_no_whole_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        written.whole_number(text)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1,5", "fr", 1.5),
        ("1.5", "fr", 1.5),
        ("1 234,5", "fr", 1234.5),
        ("1,234", "fr", 1.234),
        ("1,234", "en", 1234),
        ("1,234.5", "en", 1234.5),
        ("1,234.5", "fr", 1234.5),
        ("1.234,5", "fr", 1234.5),
        ("1'000", "fr", 1000),
        ("\u22123,25", "fr", -3.25),
        ("-3", "fr", -3),
    ],
)
def test_decimal_numbers(text: str, language: str, value: float) -> None:
    assert written.decimal_number(text, language) == value


MOMENTS = (
    "2018-04-10T14:00",
    "2018-04-10 14:00",
    "2018-04-10T14:00:00",
    "10/04/2018 14:00",
    "10/04/2018 14 h",
    "10/04/2018 14h00",
    "10/04/2018, 14:00",
    "10.04.2018 14:00",
    "10-04-2018 14:00",
    "10/4/2018 à 14 heures",
    "mardi 10 avril 2018, 14 h",
    "Mardi 10 avril 2018 à 14h",
    "10 avr. 2018, 14\u202fh",
    "10 April 2018, 14:00",
    "Tuesday 10 April 2018, 2\u00a0pm",
    "10 Apr 2018, 2:00 pm",
    "April 10, 2018 2 p.m.",
)


@pytest.mark.parametrize("text", MOMENTS)
def test_two_in_the_afternoon(text: str) -> None:
    assert written.moment(text) == datetime.fromisoformat("2018-04-10T14:00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10/04/2018",
        "10 avril 2018",
        "10/04/18 14:00",
        "lundi 10 avril 2018, 14 h",
        "31/02/2018 14:00",
        "10/04/2018 25:00",
        "10/04/2018 14",
        "10/04/2018 14:00+02:00",
        "10 jui 2018 14 h",
        "13 pm",
        "10 April 2018, 13 pm",
        "2018-04-10T14:00Z",
    ],
)
def test_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        written.moment(text)


@pytest.mark.parametrize(
    "text", ["2018-04-10", "10/04/2018", "mardi 10 avril 2018", "10 avr. 2018", "10 Apr 2018"]
)
def test_a_day(text: str) -> None:
    assert written.day(text) == date(2018, 4, 10)


def test_the_first_of_a_month() -> None:
    assert written.day("dimanche 1er avril 2018") == date(2018, 4, 1)
    assert written.moment("Sunday April 1st 2018, 12 am") == datetime.fromisoformat("2018-04-01T00:00")


@given(st.integers(-(10**12), 10**12), st.sampled_from(LANGUAGES))
def test_every_number_that_is_printed_is_read_back(value: int, language: str) -> None:
    assert written.whole_number(translator(language).number(value)) == value
    assert written.decimal_number(translator(language).number(value), language) == value


@given(st.integers(1, 10**6), st.sampled_from(LANGUAGES))
def test_ranks_and_what_is_counted_are_read_back(value: int, language: str) -> None:
    words = translator(language)
    assert written.whole_number(words.ordinal(value)) == value
    number = words.number(value)
    places = words.ngettext("%(num)s place", "%(num)s places", value) % {"num": number}
    people = words.ngettext("%(num)s person", "%(num)s people", value) % {"num": number}
    for shown in (places, people, f"{number}\u00a0%", f"{number}\u202f%", f"{number} min"):
        assert written.whole_number(shown) == value, shown


@given(st.datetimes(), st.sampled_from(LANGUAGES))
def test_every_time_that_is_printed_is_read_back(wall: datetime, language: str) -> None:
    shown = translator(language).time(wall)
    assert written.time_of_day(shown) == wall.time().replace(second=0, microsecond=0)


@given(st.integers(-(10**9), 10**9), st.sampled_from(LANGUAGES))
def test_every_decimal_that_is_printed_is_read_back(thousandths: int, language: str) -> None:
    value = thousandths / 1000
    assert written.decimal_number(translator(language).number(value), language) == value


@given(
    st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2200-12-31")),
    st.sampled_from(LANGUAGES),
)
def test_every_date_that_is_printed_is_read_back(wall: datetime, language: str) -> None:
    words, wall = translator(language), wall.replace(second=0, microsecond=0)
    assert written.day(words.date(wall)) == wall.date()
    assert written.day(words.short_date(wall)) == wall.date()
    instant = wall.replace(tzinfo=UTC)
    shown = to_wall(instant, "Europe/Paris")
    assert written.moment(words.moment(instant, "Europe/Paris")) == shown
    whole = words.when(instant, instant, "Europe/Paris")
    assert written.moment(whole.partition("\u00a0–")[0]) == shown
    assert written.moment(wall.isoformat(timespec="minutes")) == wall
