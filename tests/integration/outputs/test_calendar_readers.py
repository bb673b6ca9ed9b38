"""Independent readers must understand our files alike; a round trip through icalendar alone hides faults."""

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject
from msgspec.structs import replace

from events_app.kernel.text import clean_block, clean_line
from events_app.outputs.calendar import (
    CalendarEntry,
    EntryStatus,
    FeedHeader,
    Mailbox,
    Method,
    entry_bytes,
    feed,
    invitation,
)
from tests.unit.outputs.calendar_samples import ENTRIES

READERS = Path(__file__).parents[2] / "readers"
ROOT = READERS.parents[1]
SYSTEM_PYTHON = "/usr/bin/python3"
Understood = dict[str, Any]


def text_of(moment: datetime | date) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat()


def expected(entry: CalendarEntry) -> Understood:
    cancelled = entry.status is EntryStatus.CANCELLED
    return {
        "uid": entry.uid,
        "start": text_of(entry.start),
        "end": text_of(entry.end),
        "summary": f"ANNULÉ : {entry.summary}" if cancelled else entry.summary,
        "description": entry.description.strip(),
        "location": entry.location,
        "status": entry.status.value,
        "sequence": entry.sequence,
        "attendees": [],
    }


def read_icalendar(file: bytes) -> Understood:
    calendar = icalendar.Calendar.from_ical(file)
    entries = [
        {
            "uid": str(event["UID"]),
            "start": text_of(event["DTSTART"].dt),
            "end": text_of(event["DTEND"].dt),
            "summary": str(event["SUMMARY"]),
            "description": str(event.get("DESCRIPTION", "")),
            "location": str(event.get("LOCATION", "")),
            "status": str(event["STATUS"]),
            "sequence": int(event["SEQUENCE"]),
            "attendees": [str(event["ATTENDEE"])] if "ATTENDEE" in event else [],
        }
        for event in calendar.walk("VEVENT")
    ]
    return {"method": calendar.get("METHOD"), "entries": entries}


def read_vobject(file: bytes) -> Understood:
    calendar = vobject.readOne(file.decode("utf-8"))
    entries = [
        {
            "uid": event.uid.value,
            "start": text_of(event.dtstart.value),
            "end": text_of(event.dtend.value),
            "summary": event.summary.value,
            "description": event.description.value if "description" in event.contents else "",
            "location": event.location.value if "location" in event.contents else "",
            "status": event.status.value,
            "sequence": int(event.sequence.value),
            "attendees": [attendee.value for attendee in event.contents.get("attendee", ())],
        }
        for event in calendar.vevent_list
    ]
    method = calendar.method.value if "method" in calendar.contents else None
    return {"method": method, "entries": entries}


def run_reader(command: list[str], file: bytes) -> Understood:
    done = subprocess.run(command, input=file, capture_output=True, timeout=30, cwd=ROOT)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def read_icaljs(file: bytes) -> Understood:
    if shutil.which("node") is None or not (ROOT / "node_modules" / "ical.js").exists():
        pytest.skip("ical.js was not found: apt-get install nodejs npm, then make setup")
    return run_reader(["node", str(READERS / "read_icaljs.mjs")], file)


def read_libical(file: bytes) -> Understood:
    check = "import gi; gi.require_version('ICalGLib', '3.0')"
    if (
        not Path(SYSTEM_PYTHON).exists()
        or subprocess.run([SYSTEM_PYTHON, "-c", check], capture_output=True).returncode
    ):
        pytest.skip("libical was not found: apt-get install python3-gi gir1.2-ecal-2.0")
    return run_reader([SYSTEM_PYTHON, str(READERS / "read_libical.py")], file)


readers = pytest.mark.parametrize("read", [read_icalendar, read_vobject, read_icaljs, read_libical])
HEADER = FeedHeader(name="Agenda, l'Artois; \\ tout", source="https://convive.example/calendar.ics")


@readers
@pytest.mark.parametrize("zone_name", ["Europe/Paris", "Convive/Test"])
def test_a_feed_is_understood(read: Callable[[bytes], Understood], zone_name: str) -> None:
    """Under a name that no system knows, a reader has only our VTIMEZONE to go by."""
    file = feed(HEADER, map(entry_bytes, ENTRIES), ["Europe/Paris"])
    understood = read(file.replace(b"Europe/Paris", zone_name.encode()))
    assert understood == {"method": None, "entries": [expected(entry) for entry in ENTRIES]}


@readers
def test_random_texts_are_understood_alike(read: Callable[[bytes], Understood]) -> None:
    chance = random.Random(20180410)  # noqa: S311 -- the same files each time
    characters = "ab ,;:\\nN\"'^%é—\u00a0\u202f🏳️\u200d🌈שלב\t\n=<>&"
    texts = ["".join(chance.choices(characters, k=chance.randint(1, 300))) for _ in range(200)]
    entries = [
        replace(
            ENTRIES[0],
            uid=f"{number}@convive.example",
            summary=clean_line(text) or "x",
            description=clean_block(text),
            location=clean_line(text),
        )
        for number, text in enumerate(texts)
    ]
    file = feed(HEADER, map(entry_bytes, entries), ["Europe/Paris"])
    assert read(file)["entries"] == [expected(entry) for entry in entries]


@readers
@pytest.mark.parametrize(
    "text", [r"C:\Nouveau dossier", r"C:\nouveau", r"\\serveur\N", r"a\;b\,c", "a\\", r"\\N", "N\nn", "\\"]
)
def test_backslashes_are_what_they_are(read: Callable[[bytes], Understood], text: str) -> None:
    entry = replace(ENTRIES[0], summary=clean_line(text), description=text, location=clean_line(text))
    assert read(feed(HEADER, [entry_bytes(entry)], ["Europe/Paris"]))["entries"] == [expected(entry)]


@readers
@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e"])
def test_separators_that_some_readers_take_for_line_ends_are_not_written(
    read: Callable[[bytes], Understood], separator: str
) -> None:
    odd = replace(ENTRIES[0], summary=f"Un{separator}deux", description=f"Un{separator}deux", location="")
    file = feed(HEADER, [entry_bytes(odd)], ["Europe/Paris"])
    assert separator not in file.decode()
    (understood,) = read(file)["entries"]
    assert understood["summary"] in ("Un deux", "Undeux")
    assert understood["description"] in ("Un\ndeux", "Un deux", "Undeux")


@readers
@pytest.mark.parametrize("method", list(Method))
def test_an_invitation_is_understood(read: Callable[[bytes], Understood], method: Method) -> None:
    for entry in (ENTRIES[0], ENTRIES[-2]):
        file = invitation(
            entry,
            Mailbox("inscriptions@pma.example", 'Pôle "Artois"; Lens: PMA'),
            Mailbox("zoe@mail.example", "Zoé\r\nATTENDEE:mailto:eve@mail.example"),
            method,
        )
        status = EntryStatus.CANCELLED if method is Method.CANCEL else EntryStatus.CONFIRMED
        answered = replace(entry, status=status)
        assert read(file) == {
            "method": method.value,
            "entries": [expected(answered) | {"attendees": ["mailto:zoe@mail.example"]}],
        }
