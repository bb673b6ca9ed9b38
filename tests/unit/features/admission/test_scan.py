"""What a door decides, by example and by property."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.admission.scan import (
    OVERRIDABLE,
    Decision,
    Door,
    FirstScan,
    Outcome,
    PastScan,
    Presence,
    Reason,
    SessionPoint,
    Ticket,
    decide,
    presence_after,
)

OPENS = datetime(2018, 4, 10, 10, tzinfo=UTC)
CLOSES = datetime(2018, 4, 10, 14, tzinfo=UTC)
DOOR = Door("published", OPENS, CLOSES)
PERSON, ROOM, OTHER_ROOM = UUID(int=1), UUID(int=2), UUID(int=3)
FIRST = FirstScan("s0", "Porte A", OPENS)
GOOD = Ticket(registration_id=PERSON, registration_status="confirmed", generation=0)


def ask(
    door: Door = DOOR,
    ticket: Ticket = GOOD,
    presence: Presence | None = None,
    session: SessionPoint | None = None,
    out: bool = False,
    overridden: bool = False,
    moment: datetime = OPENS,
) -> Decision:
    return decide(door, ticket, presence, session, going_out=out, overridden=overridden, moment=moment)


def _of(status: str) -> Ticket:
    return Ticket(registration_id=PERSON, registration_status=status, generation=0)


@pytest.mark.parametrize(
    ("decision", "outcome", "reason"),
    [
        (ask(), Outcome.ADMITTED, Reason.OK),
        (ask(moment=CLOSES), Outcome.ADMITTED, Reason.OK),
        (ask(moment=OPENS - timedelta(seconds=1)), Outcome.REFUSED, Reason.TOO_EARLY),
        (ask(moment=CLOSES + timedelta(seconds=1)), Outcome.REFUSED, Reason.ENDED),
        (ask(presence=Presence(True, FIRST)), Outcome.ALREADY_ADMITTED, Reason.ALREADY_IN),
        (ask(presence=Presence(False, FIRST)), Outcome.ADMITTED, Reason.RE_ENTRY),
        (ask(out=True), Outcome.LEFT, Reason.NOT_INSIDE),
        (
            ask(out=True, presence=Presence(True, FIRST), moment=CLOSES + timedelta(hours=1)),
            Outcome.LEFT,
            Reason.OK,
        ),
        (ask(door=Door("cancelled", OPENS, CLOSES)), Outcome.REFUSED, Reason.EVENT_CANCELLED),
        (ask(ticket=_of("cancelled"), presence=Presence(True, FIRST)), Outcome.REFUSED, Reason.CANCELLED),
        (ask(ticket=_of("refused"), presence=Presence(True, FIRST)), Outcome.REFUSED, Reason.DECLINED),
        (
            ask(ticket=_of("waiting"), presence=Presence(True, FIRST)),
            Outcome.ALREADY_ADMITTED,
            Reason.ALREADY_IN,
        ),
        (ask(session=SessionPoint(ROOM, "s", 2, 2)), Outcome.REFUSED, Reason.SESSION_FULL),
        (ask(session=SessionPoint(ROOM, "s", 2, 1)), Outcome.ADMITTED, Reason.OK),
    ],
)
def test_examples(decision: Decision, outcome: Outcome, reason: Reason) -> None:
    assert (decision.outcome, decision.reason) == (outcome, reason)


def test_who_is_placed_elsewhere_is_sent_there() -> None:
    placed = Ticket(
        registration_id=PERSON, registration_status="confirmed", booked_sessions={"s": OTHER_ROOM}
    )
    assert ask(ticket=placed, session=SessionPoint(ROOM, "s", 9, 0)).reason is Reason.WRONG_SESSION
    assert ask(ticket=placed, session=SessionPoint(OTHER_ROOM, "s", 9, 0)).reason is Reason.OK
    assert ask(ticket=placed, session=SessionPoint(ROOM, "another slot", 9, 0)).reason is Reason.OK


def test_an_older_ticket_opens_nothing() -> None:
    older = Ticket(
        registration_id=PERSON, registration_status="confirmed", registration_generation=1, generation=0
    )
    assert ask(ticket=older, overridden=True).reason is Reason.REVOKED
    assert ask(ticket=older, presence=Presence(True, FIRST), out=True).reason is Reason.REVOKED


tickets = st.builds(
    Ticket,
    unreadable=st.none() | st.sampled_from([Reason.UNKNOWN_CODE, Reason.BAD_SIGNATURE]),
    registration_id=st.just(PERSON),
    registration_status=st.sampled_from(["confirmed", "waiting", "pending", "cancelled", "refused"]),
    registration_generation=st.integers(0, 1),
    generation=st.none() | st.integers(0, 1),
    booked_sessions=st.sampled_from([{}, {"s": ROOM}, {"s": OTHER_ROOM}]),
)
doors = st.builds(
    Door, st.sampled_from(["published", "draft", "postponed", "cancelled"]), st.just(OPENS), st.just(CLOSES)
)
sessions = st.none() | st.builds(
    SessionPoint, st.just(ROOM), st.just("s"), st.none() | st.integers(0, 2), st.integers(0, 3)
)
presences = st.none() | st.builds(Presence, st.booleans(), st.just(FIRST))
moments = st.integers(-60, 300).map(lambda minutes: OPENS + timedelta(minutes=minutes))


@given(doors, tickets, presences, sessions, st.booleans(), st.booleans(), moments)
def test_what_holds_of_every_decision(
    door: Door,
    ticket: Ticket,
    presence: Presence | None,
    session: SessionPoint | None,
    out: bool,
    overridden: bool,
    moment: datetime,
) -> None:
    decision = ask(door, ticket, presence, session, out, overridden, moment)
    inside = presence is not None and presence.inside
    match decision.outcome:
        case Outcome.ADMITTED:
            assert not out
            assert not inside
            assert door.event_status == "published"
            assert ticket.unreadable is None
            assert ticket.registration_status not in ("cancelled", "refused")
            if not overridden:
                assert ticket.registration_status == "confirmed"
                assert OPENS <= moment <= CLOSES
                assert session is None or session.capacity is None or session.inside_count < session.capacity
        case Outcome.ALREADY_ADMITTED:
            assert inside
            assert decision.first == FIRST
        case Outcome.LEFT:
            assert out
            assert inside == (decision.reason is Reason.OK)
        case _:
            assert decision.reason not in (Reason.OK, Reason.RE_ENTRY, Reason.ALREADY_IN)
            assert not (overridden and not out and decision.reason in OVERRIDABLE)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12))
def test_presence_from_all_scans_is_presence_scan_by_scan(steps: Sequence[tuple[bool, bool]]) -> None:
    """Each step: going out, and whether the step is undone at once."""
    presence: Presence | None = None
    standing: list[PastScan] = []
    for number, (out, undone) in enumerate(steps):
        decision = ask(presence=presence, out=out)
        if undone:
            continue
        standing.append(PastScan(f"s{number}", decision.outcome, "A", OPENS))
        if decision.changes_presence:
            first = presence.first if presence else FirstScan(f"s{number}", "A", OPENS)
            presence = Presence(decision.outcome is Outcome.ADMITTED, first)
    assert presence_after(standing) == presence
