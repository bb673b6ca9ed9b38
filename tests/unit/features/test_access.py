"""Who may do what, decided in the access modules alone: every kind of caller, every role, own and foreign."""

from collections.abc import Callable
from itertools import product
from typing import Any
from uuid import UUID

import msgspec
import pytest

from events_app.features.events import access
from events_app.features.events.model import EventStatus
from events_app.features.mailing.access import bodies_to_read
from events_app.features.registration import access as of_people
from events_app.kernel.actor import ANONYMOUS, SYSTEM, Actor, ActorKind, Role
from tests.unit.features.records import BODY, EVENT, PERSON, event, registration
from tests.unit.features.workshops.samples import session

ELSEWHERE, ANOTHER = UUID(int=20), UUID(int=10)
EDITORS = {Role.ADMINISTRATOR, Role.ORGANISER}
READERS = EDITORS | {Role.READER}
DOOR = EDITORS | {Role.DOOR}
ROLES: list[tuple[Callable[[Actor, Any], bool], set[Role]]] = [
    (access.may_edit, EDITORS),
    (access.may_read_registrations, READERS),
    (access.may_scan, DOOR),
    (access.may_look_into, READERS | DOOR),
    (of_people.may_decide, EDITORS),
    (lambda actor, of: access.may_create_in(actor, of.body_id), EDITORS),
    (lambda actor, of: of_people.may_read(actor, of, registration()), READERS),
    (lambda actor, of: of_people.may_change(actor, of, registration()), EDITORS),
]


@pytest.mark.parametrize("number", range(len(ROLES)))
def test_exactly_these_roles_of_the_own_body_may(number: int) -> None:
    may, roles = ROLES[number]
    kinds = (ActorKind.ACCOUNT, ActorKind.API_KEY, ActorKind.DOOR_DEVICE)
    for kind, role in product(kinds, Role):
        assert may(Actor(kind, roles={BODY: role}), event()) is (role in roles), (kind, role)
        assert not may(Actor(kind, roles={ELSEWHERE: role}), event()), (kind, role)
    assert may(SYSTEM, event())
    assert not may(ANONYMOUS, event())


@pytest.mark.parametrize("number", range(len(ROLES)))
@pytest.mark.parametrize("role", Role)
def test_a_key_of_one_event_opens_that_one_alone(role: Role, number: int) -> None:
    may, roles = ROLES[number]
    creates = number == 5
    key = Actor(ActorKind.API_KEY, roles={BODY: role}, only_event=EVENT)
    assert may(key, event()) is (role in roles and not creates)
    assert not may(key, event(id=ANOTHER))


@pytest.mark.parametrize("status", EventStatus)
def test_a_draft_is_seen_by_its_own_body_and_the_rest_by_everybody(status: EventStatus) -> None:
    announced = status is not EventStatus.DRAFT
    for role in Role:
        assert access.may_see(Actor(ActorKind.ACCOUNT, roles={BODY: role}), event(status=status))
        stranger = Actor(ActorKind.ACCOUNT, roles={ELSEWHERE: role})
        assert access.may_see(stranger, event(status=status)) is announced
    assert access.may_see(ANONYMOUS, event(status=status)) is announced
    assert access.may_see(SYSTEM, event(status=status))


def test_a_coach_sees_the_people_of_their_own_sessions() -> None:
    coach = Actor(ActorKind.ACCOUNT, id=PERSON, roles={BODY: Role.COACH})
    led, other = session(1), session(2)
    led = msgspec.structs.replace(led, coach_account_id=PERSON)
    assert access.may_see_session_people(coach, event(), led)
    assert not access.may_see_session_people(coach, event(), other)  # led by nobody
    assert not access.may_see_session_people(coach, event(body_id=ELSEWHERE), led)
    nameless = Actor(ActorKind.ACCOUNT, roles={BODY: Role.COACH})
    assert not access.may_see_session_people(nameless, event(), other)


def test_a_link_opens_ones_own_registration_and_those_one_brought() -> None:
    me = of_people.participant(PERSON)
    brought = registration(id=ANOTHER)
    stranger = registration(id=ANOTHER, group_id=ANOTHER)
    for may in (of_people.may_read, of_people.may_change):
        assert may(me, event(), registration())
        assert may(me, event(), brought)
        assert not may(me, event(), stranger)
        assert not may(of_people.participant(ANOTHER), event(), registration())  # not who brought me
    assert not of_people.may_decide(me, event())
    somebody_with_that_id = Actor(ActorKind.ACCOUNT, id=PERSON)
    assert not of_people.may_read(somebody_with_that_id, event(), registration())


def test_a_whole_outbox_is_open_to_those_who_organise() -> None:
    for role in Role:
        actor = Actor(ActorKind.ACCOUNT, roles={BODY: role, ELSEWHERE: Role.COACH})
        assert bodies_to_read(actor) == ([BODY] if role in EDITORS else [])
    assert bodies_to_read(Actor(ActorKind.API_KEY, roles={BODY: Role.ORGANISER}, only_event=EVENT)) == []
