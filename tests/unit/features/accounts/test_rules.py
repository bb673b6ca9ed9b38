"""Rules of accounts: passwords, members, and that a body keeps an administrator."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.accounts.access import may_administer, may_administer_site, may_see_members
from events_app.features.accounts.passwords import LONGEST, SHORTEST
from events_app.features.accounts.rules import (
    MEMBER_ROLES,
    leaves_no_administrator,
    member_errors,
    password_errors,
)
from events_app.kernel.actor import ANONYMOUS, SYSTEM, Actor, ActorKind, Role

BODY, OTHER = UUID(int=1), UUID(int=2)
SENTENCE = "trois terrils sous la neige"


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        (SENTENCE, []),
        ("x" * (SHORTEST - 1), ["length"]),
        ("", ["length"]),
        ((SENTENCE + " ") * 40, ["length"]),
        ("azertyuiopqsdfghjklm", ["guessable"]),
        ("a" * SHORTEST, ["guessable"]),
    ],
)
def test_a_password_is_refused_with_its_reason(password: str, codes: list[str]) -> None:
    assert [error.code for error in password_errors(password, ["Odile", "Convive"])] == codes


@given(st.text(max_size=LONGEST + 10))
def test_any_password_is_judged(password: str) -> None:
    errors = password_errors(password, ["odile@example.org"])
    assert len(errors) <= 1
    assert errors or SHORTEST <= len(password) <= LONGEST


@pytest.mark.parametrize("role", MEMBER_ROLES)
def test_a_member_has_an_address_and_a_role(role: Role) -> None:
    assert member_errors("odile@example.org", role.value) == []
    assert [error.pointer for error in member_errors("odile", role.value)] == ["/email"]


@pytest.mark.parametrize("role", ["", "reader", "king", "Administrator"])
def test_a_role_that_no_member_has_is_refused(role: str) -> None:
    assert [error.pointer for error in member_errors("", role)] == ["/email", "/role"]


roles = st.dictionaries(st.integers(1, 4).map(lambda n: UUID(int=n)), st.sampled_from(list(Role)), max_size=4)


@given(roles, st.integers(1, 4), st.none() | st.sampled_from(list(Role)))
def test_a_body_keeps_an_administrator(members: dict[UUID, Role], number: int, new_role: Role | None) -> None:
    account = UUID(int=number)
    after = dict(members)
    after.pop(account, None)
    if new_role:
        after[account] = new_role
    none_left = not any(role is Role.ADMINISTRATOR for role in after.values())
    assert leaves_no_administrator(members, account, new_role) is none_left


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", ActorKind)
def test_who_looks_after_a_body(kind: ActorKind, role: Role) -> None:
    actor = Actor(kind, roles={BODY: role})
    administers = kind is ActorKind.SYSTEM or role is Role.ADMINISTRATOR
    assert may_administer(actor, BODY) is may_administer_site(actor, BODY) is administers
    assert may_administer(actor, OTHER) is (kind is ActorKind.SYSTEM)
    assert may_see_members(actor, BODY) is (kind in (ActorKind.ACCOUNT, ActorKind.SYSTEM))
    assert may_see_members(actor, OTHER) is (kind is ActorKind.SYSTEM)


def test_a_key_of_one_event_administers_nothing() -> None:
    key = Actor(ActorKind.API_KEY, roles={BODY: Role.ADMINISTRATOR}, only_event=UUID(int=9))
    assert not may_administer(key, BODY)
    assert not may_administer(ANONYMOUS, BODY)
    assert may_administer(SYSTEM, BODY)
