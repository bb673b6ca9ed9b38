"""What a programme cannot be at once: a room or a person taken twice."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from events_app.features.events.model import SessionKind, SessionRecord
from events_app.features.events.overlaps import speakers, warnings_of
from events_app.infra.i18n import translator

EVENT = UUID(int=1)
NINE = datetime(2026, 11, 28, 9, tzinfo=UTC)


def session(code: str, hour: float, hours: float = 1.0, **fields: Any) -> SessionRecord:
    starts_at = NINE + timedelta(hours=hour)
    given: dict[str, Any] = {
        "id": UUID(int=2),
        "event_id": EVENT,
        "code": code,
        "title": code,
        "description": "",
        "kind": SessionKind.PLENARY,
        "slot": "",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "room": "",
        "coach": "",
        "coach_account_id": None,
        "capacity_min": None,
        "capacity_max": None,
        "position": 0,
        "revision": 1,
        "calendar_sequence": 0,
        "calendar_changed_at": NINE,
    }
    return SessionRecord(**given | fields)


def kinds(*sessions: SessionRecord) -> list[tuple[str, list[str]]]:
    return [(each.kind, each.sessions) for each in warnings_of(sessions, translator("en"))]


def test_one_room_holds_one_session_at_a_time() -> None:
    assert kinds(session("a", 0, room="Salle 2"), session("b", 0.5, room=" salle  2 ")) == [
        ("room", ["a", "b"])
    ]
    assert kinds(session("a", 0, room="Salle 2"), session("b", 1, room="Salle 2")) == []
    assert kinds(session("a", 0), session("b", 0)) == []


def test_nobody_speaks_in_two_places_at_once() -> None:
    found = kinds(session("a", 0, coach="Karim et Léa"), session("b", 0.5, coach="lea, Tom"))
    assert found == [("speaker", ["a", "b"])]
    assert kinds(session("a", 0, coach="Karim"), session("b", 1, coach="Karim")) == []


def test_an_account_is_one_person_whatever_is_written() -> None:
    account = UUID(int=3)
    one = session("a", 0, coach="Karim", coach_account_id=account)
    assert kinds(one, session("b", 0, coach="K. Benali", coach_account_id=account)) == [
        ("speaker", ["a", "b"])
    ]


def test_what_does_not_take_place_takes_no_room() -> None:
    closed = session("a", 0, room="Salle 2", closed_at=NINE)
    assert kinds(closed, session("b", 0, room="Salle 2")) == []


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("Karim", ["Karim"]),
        ("Karim et Léa", ["Karim", "Léa"]),
        ("Karim, Léa ; Tom / Ana & Bea", ["Karim", "Léa", "Tom", "Ana", "Bea"]),
        ("Étienne", ["Étienne"]),
        (" - , ", []),
        ("", []),
    ],
)
def test_several_speakers_are_named_in_one_line(written: str, people: list[str]) -> None:
    assert speakers(written) == people
