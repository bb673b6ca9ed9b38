"""A month of the agenda, week by week. Pure."""

import re
from calendar import MONDAY, Calendar
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from events_app.features.events.rules import YEARS
from events_app.features.events.views import Announcement
from events_app.kernel.civil_time import to_wall

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


class MonthDay(msgspec.Struct, frozen=True):
    """`entries`: what begins or goes on that day; nothing outside of the month."""

    day: date
    inside: bool
    entries: list[Announcement]


def month_named(text: str) -> date | None:
    """The first day of « 2018-04 »; None for what is no month of ours."""
    found = _MONTH.fullmatch(text)
    if found is None or int(found[1]) not in YEARS or not 1 <= int(found[2]) <= 12:
        return None
    return date(int(found[1]), int(found[2]), 1)


def following(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def weeks(first: date, entries: Sequence[Announcement]) -> list[list[MonthDay]]:
    days: dict[date, list[Announcement]] = {}
    for entry in entries:
        event = entry.event
        day = to_wall(event.starts_at, event.timezone).date()
        end = to_wall(event.ends_at - timedelta(seconds=1), event.timezone).date()
        day = max(day, first)
        while day <= end and (day.year, day.month) == (first.year, first.month):
            days.setdefault(day, []).append(entry)
            day += timedelta(days=1)
    return [
        [
            MonthDay(day, day.month == first.month, days.get(day, []) if day.month == first.month else [])
            for day in week
        ]
        for week in Calendar(MONDAY).monthdatescalendar(first.year, first.month)
    ]
