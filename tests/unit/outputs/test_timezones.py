"""VTIMEZONE components against tzdata itself."""

from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from icalendar import Timezone

from events_app.kernel.civil_time import UnknownZone
from events_app.outputs.timezones import timezone_bytes

ZONES = [
    "Europe/Paris",
    "Europe/Dublin",  # by law, winter is the exception
    "Europe/Istanbul",  # gave summer time up in 2016
    "Africa/Casablanca",  # suspended around Ramadan
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "America/Cayenne",
    "Asia/Kathmandu",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Auckland",
    "UTC",
]


@pytest.mark.parametrize("name", ZONES)
def test_a_zone_means_what_tzdata_says(name: str) -> None:
    """Every 173 hours over the years that matter: all weekdays and hours, on both sides of each change."""
    read = cast(Timezone, Timezone.from_ical(timezone_bytes(name)))
    zone, written = ZoneInfo(name), read.to_tz(lookup_tzid=False)
    moment = datetime(2016, 1, 2, tzinfo=UTC)
    while moment.year < 2037:
        assert moment.astimezone(written).utcoffset() == moment.astimezone(zone).utcoffset(), moment
        moment += timedelta(hours=173)


def test_paris_is_two_yearly_rules_from_the_wall_time_before_the_change() -> None:
    assert timezone_bytes("Europe/Paris").decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Paris",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


@pytest.mark.parametrize("name", ZONES)
def test_no_zone_is_written_with_rdates(name: str) -> None:
    assert b"RDATE" not in timezone_bytes(name)


def test_zones_without_summer_time_have_one_standard() -> None:
    text = timezone_bytes("America/Cayenne").decode()
    assert text.count("BEGIN:STANDARD") == 1
    assert "DAYLIGHT" not in text


@pytest.mark.parametrize("name", ["Europe/Atlantis", "../etc/passwd", "", "a\nb"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        timezone_bytes(name)
