"""What events say in calendars."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from events_app.features.events.calendar import calendar_answer, event_entry, session_entry
from events_app.features.events.model import EventRecord, EventStatus, SessionRecord
from events_app.features.events.places import EventCounts
from events_app.features.events.views import json_ld, map_link, next_change, standing
from events_app.infra.deployment import Addresses
from events_app.infra.i18n import translator

AT = datetime(2018, 4, 10, 12, tzinfo=UTC)
BASE = "https://convive.example"
AT_BASE = Addresses(BASE, "convive.example")
EVENT: dict[str, Any] = {
    "id": UUID(int=1),
    "number": 1,
    "slug": "monkey-time",
    "body_id": UUID(int=2),
    "body_slug": "pma",
    "body_name": "PMA",
    "body_email": "",
    "format": "monkey_time",
    "title": "Monkey Time </script>",
    "summary": "",
    "description": "",
    "language": "fr",
    "timezone": "Europe/Paris",
    "starts_at": AT,
    "ends_at": AT + timedelta(hours=2),
    "venue_name": "Maison syndicale",
    "venue_address": "",
    "online_url": "",
    "venue_insee": "62498",
    "venue_commune": "Lens",
    "venue_latitude": None,
    "venue_longitude": None,
    "image_id": None,
    "image_alt": "",
    "capacity": 40,
    "registration_required": True,
    "registration_opens_at": None,
    "registration_closes_at": None,
    "doors_open_at": None,
    "visibility": "public",
    "approval": False,
    "waiting_list": True,
    "max_companions": 0,
    "preferences_count": 0,
    "profiles": [],
    "questions": [],
    "consents": [],
    "status": "published",
    "status_reason": "",
    "published_at": AT,
    "cancelled_at": None,
    "placement_published_at": None,
    "revision": 2,
    "calendar_sequence": 3,
    "calendar_changed_at": AT,
    "created_at": AT,
    "updated_at": AT,
}
SESSION: dict[str, Any] = {
    "id": UUID(int=3),
    "event_id": UUID(int=1),
    "code": "a",
    "title": "Atelier",
    "description": "",
    "kind": "workshop",
    "slot": "",
    "starts_at": AT,
    "ends_at": AT + timedelta(hours=1),
    "room": "Salle 2",
    "coach": "",
    "coach_account_id": None,
    "capacity_min": None,
    "capacity_max": None,
    "position": 0,
    "revision": 1,
    "calendar_sequence": 1,
    "calendar_changed_at": AT,
}


def event(**changes: Any) -> EventRecord:
    return msgspec.convert(EVENT | changes, EventRecord)


def test_an_evening_has_hours_and_a_forum_has_days() -> None:
    assert event_entry(AT_BASE, event()).start == AT
    night = event_entry(AT_BASE, event(ends_at=AT + timedelta(hours=14)))
    assert isinstance(night.start, datetime)
    forum = event(
        starts_at=datetime(2018, 10, 16, 7, tzinfo=UTC), ends_at=datetime(2018, 10, 18, 16, tzinfo=UTC)
    )
    assert (event_entry(AT_BASE, forum).start, event_entry(AT_BASE, forum).end) == (
        date(2018, 10, 16),
        date(2018, 10, 19),
    )
    midnight = event(
        starts_at=datetime(2018, 10, 16, 7, tzinfo=UTC), ends_at=datetime(2018, 10, 17, 22, tzinfo=UTC)
    )
    assert event_entry(AT_BASE, midnight).end == date(2018, 10, 18)


@pytest.mark.parametrize(
    ("status", "language", "summary"),
    [
        ("published", "fr", "Monkey Time </script>"),
        ("cancelled", "fr", "ANNULÉ : Monkey Time </script>"),
        ("postponed", "en", "POSTPONED: Monkey Time </script>"),
    ],
)
def test_the_summary_is_what_the_feed_says(status: str, language: str, summary: str) -> None:
    answer = calendar_answer(event_entry(AT_BASE, event(status=status, language=language)))
    assert answer.summary == summary
    assert answer.uid == f"event-{UUID(int=1)}@convive.example"


def test_a_session_changes_with_its_event() -> None:
    session = msgspec.convert(SESSION, SessionRecord)
    entry = session_entry(AT_BASE, event(), session)
    assert (entry.sequence, entry.location) == (4, "Salle 2, Maison syndicale, Lens")


def test_no_text_ends_the_data_block() -> None:
    words = translator("fr")
    now_standing = standing(event(), EventCounts(), AT - timedelta(days=1), words)
    text = json_ld(AT_BASE, event(), EventCounts(confirmed=3), now_standing)
    assert "<" not in text
    data = json.loads(text)
    assert data["name"] == "Monkey Time </script>"
    assert data["maximumAttendeeCapacity"] == 40
    assert "remainingAttendeeCapacity" not in data  # it would move with each person


@pytest.mark.parametrize(
    ("changes", "confirmed", "hours", "state", "action"),
    [
        ({}, 0, -24, "open", True),
        ({}, 40, -24, "full", True),
        ({"waiting_list": False}, 40, -24, "full", False),
        ({}, 0, 1, "closed", False),
        ({}, 0, 3, "past", False),
        ({"capacity": None}, 9000, -24, "open", True),
        ({"registration_required": False}, 0, -24, "published", False),
        ({"registration_opens_at": AT - timedelta(hours=2)}, 0, -24, "closed", False),
        ({"status": EventStatus.CANCELLED}, 0, -24, "cancelled", False),
        ({"status": EventStatus.POSTPONED}, 0, -24, "postponed", False),
    ],
)
def test_the_page_says_what_can_be_done_now(
    changes: dict[str, Any], confirmed: int, hours: int, state: str, action: bool
) -> None:
    now = AT + timedelta(hours=hours)
    found = standing(event(**changes), EventCounts(confirmed=confirmed), now, translator("en"))
    assert (found.state, bool(found.action)) == (state, action)


@pytest.mark.parametrize(
    ("changes", "counts", "said", "left", "availability"),
    [
        ({}, EventCounts(confirmed=37), "Few places left", 3, "InStock"),
        ({}, EventCounts(confirmed=29), "More than 10 places left", 11, "InStock"),
        ({}, EventCounts(confirmed=30), "Few places left", 10, "InStock"),
        ({"capacity": 10}, EventCounts(confirmed=1), "Places are available", 9, "InStock"),
        ({}, EventCounts(confirmed=39, waiting=3), "kept for the waiting list", 0, "SoldOut"),
        ({"waiting_list": False}, EventCounts(confirmed=39, waiting=3), "kept for", 0, None),
        ({"capacity": 0}, EventCounts(), "All places are taken", 0, None),
        ({"approval": True}, EventCounts(confirmed=40), "All places are taken", 0, "SoldOut"),
        ({"capacity": None}, EventCounts(confirmed=9, waiting=1), "Places are available", None, "InStock"),
    ],
)
def test_what_is_promised_is_what_somebody_alone_would_get(
    changes: dict[str, Any], counts: EventCounts, said: str, left: int | None, availability: str | None
) -> None:
    announced = event(**changes)
    found = standing(announced, counts, AT - timedelta(days=1), translator("en"))
    data = json.loads(json_ld(BASE, announced, counts, found))
    assert said in found.places
    assert counts.left(announced.capacity) == left
    assert data.get("remainingAttendeeCapacity") == (None if left else left)
    offered = data["offers"]["availability"].rpartition("/")[2] if "offers" in data else None
    assert offered == availability


def test_the_page_is_looked_at_again_when_the_clock_changes_it() -> None:
    opens = AT - timedelta(days=2)
    announced = event(registration_opens_at=opens)
    assert next_change(announced, AT - timedelta(days=9)) == opens
    assert next_change(announced, opens) == AT
    assert next_change(announced, AT) == AT + timedelta(hours=2)


def test_the_map_is_exact_where_the_point_is_known() -> None:
    assert map_link(event()) == "https://www.openstreetmap.org/search?query=Maison%20syndicale%2C%20Lens"
    exact = map_link(event(venue_latitude=50.43, venue_longitude=2.83))
    assert exact == "https://www.openstreetmap.org/?mlat=50.43000&mlon=2.83000#map=17/50.43000/2.83000"
