"""Each thing that an event or a session cannot be, named by its field and its reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from events_app.features.events.content import EventContent, SessionContent
from events_app.features.events.rules import cleaned_session, event_errors, session_errors

START = datetime(2018, 4, 10, 12, 0, tzinfo=UTC)
END = START + timedelta(hours=2)
EVENT = EventContent(slug="x", title="X", starts_at=START, ends_at=END)
SESSION = SessionContent(code="mental", title="Mental", starts_at=START, ends_at=END)


def of_event(**changes: Any) -> list[tuple[str, str]]:
    return [(e.pointer, e.code) for e in event_errors(msgspec.structs.replace(EVENT, **changes))]


def of_session(**changes: Any) -> list[tuple[str, str]]:
    # Of the event, only when it begins and ends is asked.
    return [(e.pointer, e.code) for e in session_errors(msgspec.structs.replace(SESSION, **changes), EVENT)]  # type: ignore[arg-type]


def test_nothing_is_wrong_with_the_samples() -> None:
    assert (of_event(), of_session()) == ([], [])


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"slug": "new"}, [("/slug", "taken")]),
        ({"slug": "Été"}, [("/slug", "invalid")]),
        ({"slug": ""}, [("/slug", "invalid")]),
        ({"title": ""}, [("/title", "required")]),
        ({"title": "…"}, [("/title", "no-letters")]),
        ({"title": "x" * 201}, [("/title", "length")]),
        ({"description": "x" * 20_001}, [("/description", "length")]),
        ({"venue_name": "x" * 201}, [("/venue/name", "length")]),
        ({"online_url": "javascript:alert(1)"}, [("/online_url", "invalid")]),
        ({"online_url": "https://"}, [("/online_url", "invalid")]),
        ({"online_url": 'https://a.example/"><script>'}, [("/online_url", "invalid")]),
        ({"format": "é"}, [("/format", "invalid")]),
        ({"language": "de"}, [("/language", "unknown")]),
        ({"visibility": "secret"}, [("/visibility", "unknown")]),
        ({"timezone": "Europe/Lens"}, [("/timezone", "unknown")]),
        (
            {"profiles": ["student", "king", "student"]},
            [("/profiles/1", "unknown"), ("/profiles/2", "unknown")],
        ),
        ({"venue_latitude": 91.0, "venue_longitude": 0.0}, [("/venue/latitude", "range")]),
        ({"venue_latitude": 50.4}, [("/venue/longitude", "required")]),
        ({"venue_longitude": 2.8}, [("/venue/latitude", "required")]),
        ({"venue_latitude": float("nan"), "venue_longitude": 0.0}, [("/venue/latitude", "range")]),
        ({"capacity": 0}, [("/capacity", "range")]),
        ({"capacity": 1_000_001}, [("/capacity", "range")]),
        ({"max_companions": 21}, [("/max_companions", "range")]),
        ({"preferences_count": -1}, [("/preferences_count", "range")]),
        ({"preferences_least": 21}, [("/preferences_least", "range")]),
        ({"reminders": [4]}, [("/reminders/0", "range")]),
        ({"reminders": [10, 20, 30, 40, 50, 60, 70]}, [("/reminders", "range")]),
        ({"ends_at": START}, [("/ends_at", "before-start")]),
        ({"starts_at": datetime(1999, 12, 31, tzinfo=UTC)}, [("/starts_at", "range")]),
        ({"ends_at": datetime(9999, 12, 31, tzinfo=UTC)}, [("/ends_at", "range")]),
        ({"doors_open_at": datetime(1, 1, 1, tzinfo=UTC)}, [("/doors_open_at", "range")]),
        ({"ends_at": START + timedelta(days=367)}, [("/ends_at", "too-long")]),
        ({"registration_closes_at": END + timedelta(seconds=1)}, [("/registration_closes_at", "after-end")]),
        ({"registration_opens_at": START}, [("/registration_opens_at", "after-close")]),
        (
            {"registration_opens_at": START, "registration_closes_at": START},
            [("/registration_opens_at", "after-close")],
        ),
        ({"doors_open_at": END}, [("/doors_open_at", "after-end")]),
    ],
)
def test_an_event_that_cannot_be(changes: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert of_event(**changes) == found


@pytest.mark.parametrize(
    "changes",
    [
        {"registration_closes_at": END},
        {"registration_opens_at": START, "registration_closes_at": END},  # one registers while it runs
        {"online_url": "HTTPS://salle.example.org/a?b=c#d"},
        {"venue_latitude": -90.0, "venue_longitude": 180.0},
        {"ends_at": START + timedelta(days=366)},
        {"capacity": None},
    ],
)
def test_an_event_that_can(changes: dict[str, Any]) -> None:
    assert of_event(**changes) == []


def test_all_errors_are_found_at_once() -> None:
    found = of_event(slug="", title="", language="de", capacity=0, ends_at=START)
    assert [field for field, _ in found] == ["/slug", "/title", "/language", "/capacity", "/ends_at"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"code": "new"}, [("/code", "taken")]),
        ({"code": "-a"}, [("/code", "invalid")]),
        ({"code": "a" * 41}, [("/code", "invalid")]),
        ({"title": ""}, [("/title", "required")]),
        ({"room": "x" * 121}, [("/room", "length")]),
        ({"kind": "party"}, [("/kind", "unknown")]),
        ({"capacity_min": -1}, [("/capacity_min", "range")]),
        ({"capacity_max": 0}, [("/capacity_max", "range")]),
        ({"capacity_min": 9, "capacity_max": 8}, [("/capacity_min", "above-maximum")]),
        ({"capacity_min": 1, "capacity_max": 0}, [("/capacity_max", "range")]),
        ({"position": 10_001}, [("/position", "range")]),
        ({"starts_at": START - timedelta(seconds=1)}, [("/starts_at", "outside-event")]),
        ({"ends_at": END + timedelta(seconds=1)}, [("/ends_at", "outside-event")]),
        ({"starts_at": END, "ends_at": START}, [("/ends_at", "before-start")]),
        ({"starts_at": datetime(1, 1, 1, tzinfo=UTC)}, [("/starts_at", "range")]),
    ],
)
def test_a_session_that_cannot_be(changes: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert of_session(**changes) == found


def test_a_session_is_cleaned_before_it_is_judged() -> None:
    cleaned = cleaned_session(
        msgspec.structs.replace(SESSION, title=" Men\u0000tal \n", starts_at=START.replace(microsecond=7))
    )
    assert (cleaned.title, cleaned.starts_at) == ("Mental", START)
