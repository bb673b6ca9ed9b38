"""One VTIMEZONE (RFC 5545 section 3.6.5) for any IANA zone, computed from tzdata.

Where a zone changes its clocks by the same two rules every year, the component holds two yearly RRULEs, which
every reader understands. Where it does not (Morocco around Ramadan, zones that gave summer time up), each
change is an observance of its own. Never RDATE lists: several readers ignore them and show every summer event
an hour late.
"""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard
from msgspec import Struct

from events_app.kernel.civil_time import zone

# The years whose changes are looked at: events kept on record, and as far as tables of other systems reach.
# A yearly rule found here holds for ever; a zone without one keeps its last offset after the window.
FIRST_YEAR: Final = 2015
LAST_YEAR: Final = 2037

_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class _Change(Struct, frozen=True):
    wall_before: datetime
    """Naive: what clocks showed at the instant of the change, before it."""
    offset_before: timedelta
    offset_after: timedelta
    name_after: str


@lru_cache(maxsize=64)
def timezone_bytes(name: str) -> bytes:
    """The serialised VTIMEZONE of a zone; raises UnknownZone."""
    changes = _changes(zone(name))
    component = Timezone()
    component.add("TZID", name)
    rules = _yearly_rules(changes)
    if rules is None:
        for observance in _single_observances(zone(name), changes):
            component.add_component(observance)
    else:
        for change, (month, weekday) in rules:
            # The rule's first occurrence from 1970 on, where most other programs begin theirs.
            start = _occurrence(1970, month, weekday, change.wall_before)
            observance = _observance(change, start)
            observance.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": weekday})
            component.add_component(observance)
    return bytes(component.to_ical())


def _changes(local: ZoneInfo) -> list[_Change]:
    """The changes of offset in the window, oldest first: sought day by day, then by bisection."""
    changes = []
    earlier = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    while earlier.year <= LAST_YEAR:
        later = earlier + timedelta(days=1)
        if _offset(earlier, local) != _offset(later, local):
            before, after = earlier, later
            while after - before > timedelta(seconds=1):
                middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
                if _offset(middle, local) == _offset(earlier, local):
                    before = middle
                else:
                    after = middle
            offset = _offset(earlier, local)
            changes.append(
                _Change(
                    wall_before=after.replace(tzinfo=None) + offset,
                    offset_before=offset,
                    offset_after=_offset(after, local),
                    name_after=after.astimezone(local).tzname() or "",
                )
            )
        earlier = later
    return changes


def _offset(instant: datetime, local: ZoneInfo) -> timedelta:
    return instant.astimezone(local).utcoffset() or timedelta(0)


def _yearly_rules(changes: list[_Change]) -> list[tuple[_Change, tuple[int, str]]] | None:
    """Two changes, each with its month and BYDAY, when every year of the window has just these."""
    years = LAST_YEAR - FIRST_YEAR + 1
    if len(changes) != 2 * years:
        return None
    rules = []
    for yearly in (changes[0::2], changes[1::2]):
        same = {
            (c.wall_before.month, c.wall_before.time(), c.offset_before, c.offset_after, c.name_after)
            for c in yearly
        }
        weekday = _common_weekday([change.wall_before for change in yearly])
        if len(same) != 1 or weekday is None or len({c.wall_before.year for c in yearly}) != years:
            return None
        rules.append((yearly[0], (yearly[0].wall_before.month, weekday)))
    return rules


def _common_weekday(days: list[datetime]) -> str | None:
    """'-1SU' when all are the last Sunday of their month, '2SU' when all are the second, None otherwise."""
    weekdays = {day.weekday() for day in days}
    if len(weekdays) != 1:
        return None
    code = _WEEKDAYS[weekdays.pop()]
    if all(day.day + 7 > monthrange(day.year, day.month)[1] for day in days):
        return f"-1{code}"
    ordinals = {(day.day + 6) // 7 for day in days}
    return f"{ordinals.pop()}{code}" if len(ordinals) == 1 else None


def _occurrence(year: int, month: int, weekday: str, at: datetime) -> datetime:
    ordinal, code = int(weekday[:-2]), weekday[-2:]
    days = [
        day
        for day in range(1, monthrange(year, month)[1] + 1)
        if _WEEKDAYS[datetime(year, month, day).weekday()] == code  # noqa: DTZ001 -- a wall time
    ]
    return at.replace(year=year, month=month, day=days[ordinal if ordinal < 0 else ordinal - 1])


def _single_observances(local: ZoneInfo, changes: list[_Change]) -> list[TimezoneStandard | TimezoneDaylight]:
    opening = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).astimezone(local)
    offset = opening.utcoffset() or timedelta(0)
    since_1970 = datetime(1970, 1, 1)  # noqa: DTZ001 -- a wall time
    first = _Change(since_1970, offset, offset, opening.tzname() or "")
    return [_observance(first, since_1970), *(_observance(c, c.wall_before) for c in changes)]


def _observance(change: _Change, start: datetime) -> TimezoneStandard | TimezoneDaylight:
    # Named by the direction of the change: Ireland's law calls winter the exception, calendars do not care.
    forward = change.offset_after > change.offset_before
    observance = TimezoneDaylight() if forward else TimezoneStandard()
    observance.add("DTSTART", start)
    observance.add("TZOFFSETFROM", change.offset_before)
    observance.add("TZOFFSETTO", change.offset_after)
    observance.add("TZNAME", change.name_after)
    return observance
