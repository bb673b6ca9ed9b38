"""Who may use an address at all."""

from typing import Any
from uuid import UUID

import pytest
from litestar.testing import RequestFactory

from events_app.kernel.actor import ANONYMOUS, SYSTEM, Actor, ActorKind, Role
from events_app.kernel.errors import NotAllowed, NotSignedIn
from events_app.web.guards import ORGANISING, READING, SCANNING, requires

BODY = UUID(int=1)
PARTICIPANT = Actor(ActorKind.PARTICIPANT, id=UUID(int=2))


def with_role(role: Role, kind: ActorKind = ActorKind.ACCOUNT) -> Actor:
    return Actor(kind, roles={BODY: role})


def answer(guard: Any, actor: Any) -> str:
    request = RequestFactory().get("/")
    if actor is not None:
        request.scope["state"]["actor"] = actor
    try:
        guard(request, None)
    except NotSignedIn:
        return "sign in"
    except NotAllowed:
        return "no"
    return "yes"


@pytest.mark.parametrize("actor", [None, ANONYMOUS, PARTICIPANT, "administrator"])
def test_who_is_not_known_is_asked_to_sign_in(actor: Any) -> None:
    assert {answer(requires(), actor), answer(requires(*ORGANISING), actor)} == {"sign in"}


@pytest.mark.parametrize("roles", [ORGANISING, SCANNING, READING])
@pytest.mark.parametrize("kind", [ActorKind.ACCOUNT, ActorKind.API_KEY])
@pytest.mark.parametrize("role", Role)
def test_exactly_the_roles_named_may(role: Role, kind: ActorKind, roles: tuple[Role, ...]) -> None:
    assert answer(requires(*roles), with_role(role, kind)) == ("yes" if role in roles else "no")


def test_without_roles_whoever_is_signed_in_may() -> None:
    assert {answer(requires(), actor) for actor in (SYSTEM, Actor(ActorKind.ACCOUNT))} == {"yes"}


def test_a_link_opens_what_says_so_and_nothing_else() -> None:
    assert answer(requires(*ORGANISING, or_participant=True), PARTICIPANT) == "yes"
    assert answer(requires(*ORGANISING, or_device=True), PARTICIPANT) == "sign in"
    assert answer(requires(*ORGANISING, or_participant=True), ANONYMOUS) == "sign in"


def test_a_borrowed_phone_opens_the_door_and_nothing_else() -> None:
    phone = with_role(Role.DOOR, ActorKind.DOOR_DEVICE)
    assert answer(requires(*SCANNING, or_device=True), phone) == "yes"
    assert answer(requires(*SCANNING), phone) == "no"
    assert answer(requires(), phone) == "no"
    assert answer(requires(*ORGANISING, or_device=True), phone) == "no"
