"""Inputs of placements made by hand or by chance, without a database."""

import random
from datetime import UTC, datetime
from uuid import UUID

from events_app.features.events.model import SessionKind, SessionRecord
from events_app.features.workshops.inputs import Inputs, Person

NOON = datetime(2018, 4, 10, 12, 0, tzinfo=UTC)
EVENT = UUID(int=1)


def session(
    number: int, slot: str = "a", least: int | None = None, most: int | None = 3, title: str = ""
) -> SessionRecord:
    return SessionRecord(
        id=UUID(int=1000 + number),
        event_id=EVENT,
        code=f"s{number}",
        title=title or f"Workshop {number}",
        description="",
        kind=SessionKind.WORKSHOP,
        slot=slot,
        starts_at=NOON,
        ends_at=NOON,
        room="",
        coach="",
        coach_account_id=None,
        capacity_min=least,
        capacity_max=most,
        position=number,
        revision=1,
        calendar_sequence=0,
        calendar_changed_at=NOON,
    )


def person(
    number: int,
    *wishes: SessionRecord,
    leads: int | None = None,
    profile: str = "",
    accepts_any: bool = False,
) -> Person:
    return Person(
        registration_id=UUID(int=number),
        group_id=UUID(int=number if leads is None else leads),
        name=f"Person {number}",
        sort_name=f"person {number:03}",
        profile=profile,
        wishes=tuple(wish.id for wish in wishes),
        accepts_any=accepts_any or not wishes,
    )


def inputs(
    sessions: list[SessionRecord],
    people: list[Person],
    current: dict[tuple[UUID, str], UUID] | None = None,
) -> Inputs:
    slots = tuple(dict.fromkeys(one.slot_key for one in sessions))
    return Inputs(EVENT, slots, tuple(sessions), tuple(people), current or {})


def some_inputs(chance: random.Random) -> Inputs:
    """One slot, a few workshops with and without limits, people with few wishes, many or none."""
    sessions = [
        session(n, least=chance.choice((None, 1, 2, 3)), most=chance.choice((None, 1, 2, 4)))
        for n in range(chance.randint(1, 5))
    ]
    people = [
        person(100 + n, *chance.sample(sessions, chance.randint(0, len(sessions))))
        for n in range(chance.randint(1, 9))
    ]
    return inputs(sessions, people)
