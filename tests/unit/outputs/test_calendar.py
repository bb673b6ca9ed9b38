"""iCalendar files: their lines, their bytes, what they refuse."""

import re
import time
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events_app.kernel.civil_time import UnknownZone
from events_app.outputs.calendar import (
    EntryStatus,
    FeedHeader,
    Mailbox,
    Method,
    entry_bytes,
    feed,
    invitation,
)
from tests.unit.outputs.calendar_samples import ENTRIES, entry, paris

anything = st.text(alphabet=st.characters(), max_size=300)
SUMMER = ENTRIES[0]
HEADER = FeedHeader(
    name="Agenda de l'Artois",
    description="Tout ce qui s'y passe",
    source="https://convive.example/calendar.ics",
    url="https://convive.example/",
    color="teal",
)

EVENT_LINES = {
    "BEGIN",
    "UID",
    "SEQUENCE",
    "DTSTAMP",
    "LAST-MODIFIED",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "URL",
    "IMAGE",
    "CATEGORIES",
    "RELATED-TO",
    "STATUS",
    "TRANSP",
    "ORGANIZER",
    "ATTENDEE",
    "END",
}


def unfolded(file: bytes) -> list[str]:
    return file.decode("utf-8").replace("\r\n ", "").split("\r\n")


def test_an_entry_has_these_lines_and_no_others() -> None:
    full = replace(
        SUMMER,
        summary="Été, « oui »",
        description="Deux\r\nlignes",
        location="Lens",
        geo=(50.4291, 2.8319),
        url="https://convive.example/e/ete",
        image_url="https://convive.example/i/ete.jpg",
        categories=("Atelier, débat", "Réseau"),
        related_to="first@convive.example",
    )
    assert sorted(unfolded(entry_bytes(full))) == sorted(
        [
            "BEGIN:VEVENT",
            "UID:summer@convive.example",
            "SEQUENCE:1",
            "DTSTAMP:20260301T083015Z",
            "LAST-MODIFIED:20260301T083015Z",
            "DTSTART;TZID=Europe/Paris:20180710T140000",
            "DTEND;TZID=Europe/Paris:20180710T160000",
            "SUMMARY:Été\\, « oui »",
            "DESCRIPTION:Deux\\nlignes",
            "LOCATION:Lens",
            "GEO:50.4291;2.8319",
            "URL:https://convive.example/e/ete",
            "IMAGE;DISPLAY=BADGE;VALUE=URI:https://convive.example/i/ete.jpg",
            "CATEGORIES:Atelier\\, débat,Réseau",
            "RELATED-TO:first@convive.example",
            "STATUS:CONFIRMED",
            "TRANSP:OPAQUE",
            "END:VEVENT",
            "",
        ]
    )


def test_a_feed_says_what_it_is_and_asks_nothing() -> None:
    lines = unfolded(feed(HEADER, [entry_bytes(SUMMER)], ["Europe/Paris"]))
    head = lines[: lines.index("BEGIN:VTIMEZONE")]
    assert sorted(head) == sorted(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Convive//Convive//FR",
            "CALSCALE:GREGORIAN",
            "NAME:Agenda de l'Artois",
            "X-WR-CALNAME:Agenda de l'Artois",
            "DESCRIPTION:Tout ce qui s'y passe",
            "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
            "X-PUBLISHED-TTL:PT6H",
            "COLOR:teal",
            "SOURCE;VALUE=URI:https://convive.example/calendar.ics",
            "URL:https://convive.example/",
        ]
    )
    assert [line for line in lines if line.startswith(("METHOD", "ATTENDEE", "ORGANIZER"))] == []


def test_each_zone_is_defined_once_and_utc_never() -> None:
    entries = [
        entry_bytes(replace(SUMMER, timezone=name)) for name in ("Europe/Paris", "America/Cayenne", "UTC")
    ]
    lines = unfolded(feed(HEADER, entries, ["UTC", "Europe/Paris", "America/Cayenne", "Europe/Paris"]))
    assert [line for line in lines if line.startswith("TZID:")] == [
        "TZID:America/Cayenne",
        "TZID:Europe/Paris",
    ]
    assert [line for line in lines if line.startswith("DTSTART") and "2018" in line] == [
        "DTSTART;TZID=Europe/Paris:20180710T140000",
        "DTSTART;TZID=America/Cayenne:20180710T090000",
        "DTSTART:20180710T120000Z",
    ]


def test_the_hour_that_comes_twice_is_written_in_utc() -> None:
    first, second = paris(2026, 10, 25, 2, 30), paris(2026, 10, 25, 2, 30, fold=1)
    for start, written in ((first, "20261025T003000Z"), (second, "20261025T013000Z")):
        lines = unfolded(entry_bytes(entry("twice", start, start + timedelta(minutes=10), "x")))
        assert f"DTSTART:{written}" in lines


def test_an_invitation_has_one_attendee_and_its_method() -> None:
    lines = unfolded(
        invitation(
            SUMMER, Mailbox("pma@pma.example", "PMA"), Mailbox("zoe@mail.example", "Zoé"), Method.REQUEST
        )
    )
    assert "METHOD:REQUEST" in lines
    assert [line for line in lines if line.startswith(("ATTENDEE", "ORGANIZER"))] == [
        "ATTENDEE;CN=Zoé;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:zoe@mail.example",
        "ORGANIZER;CN=PMA:mailto:pma@pma.example",
    ]
    assert lines.count("BEGIN:VTIMEZONE") == 1


def test_a_cancellation_strikes_the_entry_out() -> None:
    cancelled = replace(SUMMER, sequence=2, cancelled_prefix="CANCELLED: ")
    lines = unfolded(invitation(cancelled, Mailbox("a@b.example"), Mailbox("c@d.example"), Method.CANCEL))
    assert {
        "METHOD:CANCEL",
        "STATUS:CANCELLED",
        "SEQUENCE:2",
        "SUMMARY:CANCELLED: Été",
        "TRANSP:TRANSPARENT",
    } <= set(lines)


def test_an_all_day_invitation_needs_no_zone() -> None:
    forum = next(entry for entry in ENTRIES if entry.summary == "World Forum")
    lines = unfolded(invitation(forum, Mailbox("a@b.example"), Mailbox("c@d.example"), Method.REQUEST))
    assert "BEGIN:VTIMEZONE" not in lines
    assert {"DTSTART;VALUE=DATE:20181016", "DTEND;VALUE=DATE:20181019"} <= set(lines)


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (paris(2026, 1, 1, 10), paris(2026, 1, 1, 9), "before it starts"),
        (datetime(2026, 1, 1, 9), paris(2026, 1, 1, 10), "aware"),  # noqa: DTZ001
        (paris(2026, 1, 1, 10), date(2026, 1, 2), "either"),
        (date(2026, 1, 1), paris(2026, 1, 1, 10), "either"),
        (date(2026, 1, 1), date(2026, 1, 1), "day after"),
    ],
)
def test_times_that_make_no_sense_are_refused(start: datetime, end: datetime, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        entry_bytes(entry("odd", start, end, "x"))


def test_an_instant_has_no_end_and_an_unknown_zone_no_entry() -> None:
    noon = paris(2026, 1, 1, 12)
    assert not any(line.startswith("DTEND") for line in unfolded(entry_bytes(entry("i", noon, noon, "x"))))
    with pytest.raises(UnknownZone):
        entry_bytes(replace(SUMMER, timezone="Europe/Atlantis"))


@settings(max_examples=50)
@given(anything, anything, anything, anything)
def test_any_text_makes_a_file_of_right_lines(summary: str, text: str, address: str, name: str) -> None:
    odd = replace(
        SUMMER,
        uid=f"u{text}",
        summary=summary,
        description=text,
        location=text,
        url=f"https://x{address}",
        image_url=f"https://x{address}",
        related_to=f"u{text}",
        categories=(f"c{text}",),
    )
    header = FeedHeader(name=name, description=text, source=f"https://x{address}", color=f"c{name}")
    mailbox = Mailbox(f"a{address}", name)
    invited = invitation(odd, mailbox, mailbox, Method.REQUEST)
    subscribed = feed(header, [entry_bytes(odd)], ["Europe/Paris"])
    for file in (invited, subscribed):
        for line in file.split(b"\r\n"):
            assert len(line) <= 75
            assert not any(byte < 32 and byte != 9 for byte in line)
            line.decode("utf-8")
        names = [re.split("[:;]", line)[0] for line in unfolded(file.split(b"END:VTIMEZONE\r\n")[1]) if line]
        assert len(names) == len(set(names)) + 1  # END, twice
        assert {*names} <= EVENT_LINES
        assert len(icalendar.Calendar.from_ical(file).walk("VEVENT")) == 1


@given(st.datetimes(datetime(2015, 1, 1), datetime(2037, 1, 1)), st.integers(1, 10_000))  # noqa: DTZ001
def test_any_instant_is_read_back(start: datetime, minutes: int) -> None:
    start = start.replace(tzinfo=UTC, microsecond=0)
    written = entry_bytes(entry("any", start, start + timedelta(minutes=minutes), "x"))
    event = icalendar.Event.from_ical(written)
    assert event["DTSTART"].dt.astimezone(UTC) == start
    assert event["DTEND"].dt.astimezone(UTC) == start + timedelta(minutes=minutes)


def test_five_thousand_cached_entries_are_joined_quickly() -> None:
    entries = [entry_bytes(SUMMER)] * 5_000
    feed(HEADER, entries, ["Europe/Paris"])
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        feed(HEADER, entries, ["Europe/Paris"])
        best = min(best, time.perf_counter() - started)
    assert best < 0.02  # 1 ms on an idle machine


def test_bytes_do_not_depend_on_when_they_are_made() -> None:
    assert entry_bytes(SUMMER) == entry_bytes(replace(SUMMER))
    cancelled = replace(SUMMER, status=EntryStatus.CANCELLED)
    assert entry_bytes(cancelled) != entry_bytes(SUMMER)
