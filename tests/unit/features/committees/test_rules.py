"""What governs an assembly on a day, and days between a letter and a sitting."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.committees.rules import (
    FAMILIES,
    Statutes,
    clear_days,
    first_day_of_second,
    last_day_to_send,
    rule_sets,
    rules_on,
)


def test_each_family_has_rules_on_each_day_and_they_follow_each_other() -> None:
    assert {each.code for each in rule_sets()} == set(FAMILIES)
    for family in FAMILIES:
        days = [each.since for each in rule_sets() if each.code == family]
        assert days == sorted(set(days))
        assert rules_on(family, date(1999, 1, 1)).since == days[0]


@pytest.mark.parametrize(
    ("day", "in_office"),
    [
        (date(2018, 4, 6), True),
        (date(2025, 12, 23), True),
        (date(2025, 12, 24), False),
        (date(2027, 1, 1), False),
    ],
)
def test_who_steps_aside_is_out_of_office_for_the_item_since_the_law_of_2025(
    day: date, in_office: bool
) -> None:
    assert rules_on("closed_syndicate", day).recused_in_office is in_office


def test_statutes_decide_only_where_the_law_leaves_it_to_them() -> None:
    said, day = Statutes(proxies_count=True, proxies_each=3, clear_days=10), date(2026, 1, 1)
    assert rules_on("closed_syndicate", day, said) == rules_on("closed_syndicate", day)
    free = rules_on("open_syndicate", day, said)
    assert (free.proxies_count, free.proxies_each, free.clear_days) == (True, 3, 10)
    half = rules_on("open_syndicate", day, Statutes(proxies_each=0))
    assert (half.proxies_count, half.proxies_each, half.clear_days) == (False, 0, 5)


def test_a_family_that_there_is_not() -> None:
    with pytest.raises(KeyError):
        rules_on("monarchy", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("sent", "sitting", "days"),
    [
        (date(2018, 3, 31), date(2018, 4, 6), 5),  # a letter of Saturday for the Friday after
        (date(2018, 4, 1), date(2018, 4, 6), 4),
        (date(2018, 4, 5), date(2018, 4, 6), 0),
        (date(2018, 4, 6), date(2018, 4, 6), -1),
        (date(2024, 2, 27), date(2024, 3, 4), 5),  # over the 29th of February
    ],
)
def test_neither_the_day_of_the_letter_nor_that_of_the_sitting_counts(
    sent: date, sitting: date, days: int
) -> None:
    assert clear_days(sent, sitting) == days


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_the_last_day_to_send_is_just_in_time(sitting: date, days: int) -> None:
    last = last_day_to_send(sitting, days)
    assert clear_days(last, sitting) == days
    assert clear_days(last + timedelta(days=1), sitting) < days


def test_a_second_sitting_is_three_days_later_where_there_is_one() -> None:
    day = date(2018, 4, 6)
    assert first_day_of_second(day, rules_on("closed_syndicate", day)) == date(2018, 4, 9)
    assert first_day_of_second(day, rules_on("association", day)) is None
