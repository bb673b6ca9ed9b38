"""The organiser's menu shows what is open to somebody, in their language."""

from uuid import UUID

import pytest

from events_app.kernel.actor import ANONYMOUS, Actor, ActorKind, Role
from events_app.web import navigation
from tests.unit.features.records import event


def offered(role: Role) -> set[str]:
    actor = Actor(ActorKind.ACCOUNT, roles={UUID(int=1): role})
    return {link.href for link in navigation.organiser(actor, "fr")}


def test_keys_are_the_administrators_and_sessions_the_coaches() -> None:
    assert {role for role in Role if "/org/keys" in offered(role)} == {Role.ADMINISTRATOR}
    assert {role for role in Role if "/org/coach" in offered(role)} == {Role.COACH}
    assert {role for role in Role if "/org/members" in offered(role)} == {Role.ADMINISTRATOR, Role.ORGANISER}


@pytest.mark.parametrize("role", Role)
def test_everybody_finds_their_account(role: Role) -> None:
    assert {"/org", "/org/account"} <= offered(role)


def test_nobody_is_offered_nothing() -> None:
    assert navigation.organiser(ANONYMOUS, "fr") == []


def test_tabs_are_those_of_the_event_in_either_language() -> None:
    french, english = (navigation.event_tabs(event(slug="lens"), language) for language in ("fr", "en"))
    assert [tab.href for tab in french] == [tab.href for tab in english]
    assert all(tab.href.startswith("/org/events/lens") for tab in french)
    assert french[0].label != english[0].label
    assert len({tab.href for tab in french}) == len(french)


def test_where_nobody_registers_there_is_nobody_to_write_to_or_to_place() -> None:
    with_people, counted = (
        {
            tab.href.rpartition("/")[2]
            for tab in navigation.event_tabs(event(registration_required=each), "fr")
        }
        for each in (True, False)
    )
    assert {"registrations", "messages", "placement", "door"} <= with_people - counted
    assert {"edit", "programme"} <= with_people & counted
    assert counted - with_people == {"counting"}
