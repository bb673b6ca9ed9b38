"""The door page decides and says what the server does: ten thousand cases, and every kind of code."""

import json
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from events_app.features.admission.door_list import list_id
from events_app.features.admission.pages.words import page_words
from events_app.features.admission.readings import Verifier, read_code
from events_app.features.admission.scan import (
    OVERRIDABLE,
    Decision,
    Door,
    FirstScan,
    Presence,
    Reason,
    SessionPoint,
    Ticket,
    decide,
)
from events_app.features.admission.schemas import DoorPlace, ScanAnswer, ScannedPerson
from events_app.features.admission.token import derive_signing_key
from events_app.features.admission.wording import DoorTimes, sentence
from events_app.infra.i18n import translator
from tests.vectors import make_readings, make_tickets

ROOT = Path(__file__).parents[4]
OPENS = datetime(2018, 4, 10, 10, 30, tzinfo=UTC)
CLOSES = datetime(2018, 4, 10, 23, 0, tzinfo=UTC)
TIMES = DoorTimes(OPENS, CLOSES, "Europe/Paris")
SESSIONS = {UUID(int=number): f"a{number}" for number in range(1, 4)}
UNREADABLE = (Reason.UNKNOWN_CODE, Reason.MISTYPED, Reason.BAD_SIGNATURE, Reason.OTHER_EVENT)
CASES = 10_000


class Case:
    """One draw, in the words of either side."""

    def __init__(self, draw: random.Random) -> None:
        self.door = Door(
            draw.choice(("published",) * 6 + ("cancelled", "postponed", "draft", "archived")), OPENS, CLOSES
        )
        self.ticket = self._ticket(draw)
        first = FirstScan(
            "s", draw.choice(("", "Porte A", "Est")), OPENS + timedelta(minutes=draw.randrange(900))
        )
        self.presence = draw.choice((None, None, Presence(True, first), Presence(False, first)))
        self.session = draw.choice((None, self._session(draw)))
        self.out, self.overridden = draw.random() < 0.2, draw.random() < 0.3
        edges = (OPENS, CLOSES, OPENS - timedelta(milliseconds=1), CLOSES + timedelta(milliseconds=1))
        inside = OPENS + timedelta(minutes=draw.randrange(700))
        self.moment = draw.choice((*edges, inside, inside, inside, inside))

    def _ticket(self, draw: random.Random) -> Ticket:
        if draw.random() < 0.1:
            return Ticket(unreadable=draw.choice(UNREADABLE))
        generation = draw.choice((0, 0, 0, 1))
        return Ticket(
            registration_id=UUID(int=9),
            registration_status=draw.choice(
                ("confirmed",) * 5 + ("waiting", "pending", "cancelled", "refused")
            ),
            registration_generation=draw.choice((0, 0, 0, 1)),
            generation=draw.choice((None, generation)),
            booked_sessions={
                slot: draw.choice(list(SESSIONS)) for slot in ("matin", "soir") if draw.random() < 0.5
            },
        )

    def _session(self, draw: random.Random) -> SessionPoint:
        return SessionPoint(
            draw.choice(list(SESSIONS)),
            draw.choice(("matin", "soir", "nuit")),
            draw.choice((None, 0, 3)),
            draw.randrange(5),
        )

    def decision(self) -> Decision:
        return decide(
            self.door,
            self.ticket,
            self.presence,
            self.session,
            going_out=self.out,
            overridden=self.overridden,
            moment=self.moment,
        )

    @property
    def places(self) -> list[DoorPlace]:
        booked = self.ticket.booked_sessions.values()
        rooms = [(SESSIONS[each], "Salle B" if each.int > 1 else "") for each in booked]
        return [DoorPlace(code, f"Atelier {code}", room, "", OPENS, CLOSES) for code, room in rooms]

    def on_the_page(self) -> dict[str, Any]:
        ticket, session, presence = self.ticket, self.session, self.presence
        return {
            "door": {"status": self.door.event_status, "opens": _ms(OPENS), "closes": _ms(CLOSES)},
            "ticket": {
                "unreadable": ticket.unreadable or "",
                "status": ticket.registration_status,
                "listed": ticket.registration_generation,
                "generation": ticket.generation,
                "sessions": {slot: SESSIONS[each] for slot, each in ticket.booked_sessions.items()},
            },
            "presence": presence
            and {
                "inside": presence.inside,
                "first": {"gate": presence.first.gate, "scanned_at": presence.first.scanned_at.isoformat()},
            },
            "session": session
            and {
                "code": SESSIONS[session.session_id],
                "slot": session.slot,
                "capacity": session.capacity,
                "inside": session.inside_count,
            },
            "situation": {
                "goingOut": self.out,
                "overridden": self.overridden,
                "moment": _ms(self.moment),
                "overridable": sorted(OVERRIDABLE),
            },
            "places": [{"title": place.title, "room": place.room} for place in self.places],
        }

    def expected(self) -> dict[str, Any]:
        decision = self.decision()
        answer = ScanAnswer(
            scan_id="s",
            outcome=decision.outcome,
            reason=decision.reason,
            direction="in",
            gate="",
            session=None,
            scanned_at=self.moment,
            registration=ScannedPerson(UUID(int=9), "Anne", "", self.places),
            first_scan=decision.first,
        )
        return {
            "outcome": decision.outcome.value,
            "reason": decision.reason.value,
            "first": decision.first.scanned_at.isoformat() if decision.first else None,
            "sentences": [sentence(answer, TIMES, translator(language)) for language in ("fr", "en")],
        }


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node was not found: apt-get install nodejs")
    draw = random.Random(20180410)  # noqa: S311 (nothing secret)
    tickets = json.loads(make_tickets.FILE.read_bytes())
    given = {
        "cases": [Case(draw).on_the_page() for _ in range(CASES)],
        "event": {"timezone": TIMES.timezone, "opens_at": OPENS.isoformat(), "closes_at": CLOSES.isoformat()},
        "words": {language: page_words(translator(language)) for language in ("fr", "en")},
        "manifest": {"deployment_id": tickets["deployment_id"], "public_keys": tickets["public_keys"]},
        "codes": _codes(),
    }
    reader = ROOT / "tests/readers/decide_verdicts.mjs"
    done = subprocess.run(
        [node, str(reader)], input=json.dumps(given), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _codes() -> list[str]:
    tickets = json.loads(make_tickets.FILE.read_bytes())
    signed = [each["code"] for each in tickets["signed"]]
    repaired = [code.translate(make_tickets.QWERTY_READ_AS_AZERTY) for code in signed]
    repaired += [code.translate(make_tickets.AZERTY_READ_AS_QWERTY) for code in signed]
    readings = [each["text"] for each in json.loads(make_readings.FILE.read_bytes())]
    return [
        *signed,
        *repaired,
        *(each["text"] for each in tickets["refused"]),
        *readings,
        "BEGIN:VCARD\nFN:A\nEND:VCARD",
        "x" * 4096,
    ]


def test_ten_thousand_cases_are_decided_and_said_alike(answers: dict[str, Any]) -> None:
    draw = random.Random(20180410)  # noqa: S311 (nothing secret)
    expected = [Case(draw).expected() for _ in range(CASES)]
    differences = [pair for pair in zip(expected, answers["decided"], strict=True) if pair[0] != pair[1]]
    assert differences[:3] == []
    reasons = {each["reason"] for each in expected}
    never_from_the_table = {
        "unknown_session",
        "event_full",  # of who has no ticket
        "undone",
        "withdrawn_since",
        "let_in_offline",
        "turned_away",
        "not_recorded",
    }
    assert reasons == {reason.value for reason in Reason} - never_from_the_table


def test_every_kind_of_code_is_read_alike(answers: dict[str, Any]) -> None:
    keys = {slot: derive_signing_key(make_tickets.SECRET, slot).public_key() for slot in (0, 1, 15)}
    verifier = Verifier(make_tickets.DEPLOYMENT_ID, keys)
    for code, found in zip(_codes(), answers["read"], strict=True):
        reading = read_code(code, verifier)
        if reading.opaque_proof is not None:
            assert found["onlyServer"], code
            continue
        read = (found["ticketId"], found["number"], found["generation"], found["unreadable"])
        assert read == (reading.ticket_id, reading.event_number, reading.generation, reading.unreadable), code
        if reading.ticket_id is not None:
            assert found["id"] == list_id(make_tickets.DEPLOYMENT_ID, 7, reading.ticket_id)
