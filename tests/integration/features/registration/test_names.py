"""People of one name, addresses from everywhere, and what a stranger is told."""

import json
from typing import Any

import httpx
import pytest

from events_app.features.registration import links
from events_app.features.registration.queries import group_of, registrations_of
from events_app.infra.world import World
from tests.factories import make_event, make_registration

ONE_NAME = [("Nur", ""), ("", "Sukarno")]


@pytest.mark.parametrize(("given", "family"), ONE_NAME)
async def test_one_name_is_enough(
    client: httpx.AsyncClient, world: World, organiser_key: str, given: str, family: str
) -> None:
    event = await make_event(world, max_companions=2)
    name = given or family
    by_page = await client.post(
        "/events/monkey-time/register",
        data={"email": "a@example.org", "given_name": given, "family_name": family, "companions": "1"},
    )
    assert by_page.status_code == 303
    body: dict[str, Any] = {"email": "b@example.org"} | ({"given_name": given} if given else {})
    body |= {"family_name": family} if family else {}
    body["companions"] = [{"given_name": given, "family_name": family}]
    by_api = await client.post("/api/v1/events/monkey-time/registrations", json=body)
    assert by_api.status_code == 201, by_api.text
    assert [person.name for person in await registrations_of(event.id)] == [name, f"{name} (+1)", name, name]
    first = (await registrations_of(event.id))[0]
    client.headers["authorization"] = f"Bearer {organiser_key}"
    edited = await client.patch(f"/api/v1/registrations/{first.id}", json={"given_name": "X"})
    assert edited.status_code == 200
    emptied = await client.patch(
        f"/api/v1/registrations/{first.id}", json={"given_name": "", "family_name": ""}
    )
    assert emptied.status_code == 422


async def test_no_name_at_all_is_said_once(client: httpx.AsyncClient, world: World) -> None:
    await make_event(world)
    answer = await client.post("/api/v1/events/monkey-time/registrations", json={"email": "a@example.org"})
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/given_name", "required")
    ]


async def test_the_person_changes_one_of_two_names(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    person = await make_registration(world, event)
    home = f"/me/{links.manage_token(world, person.id)}"
    form = {"given_name": "Nur", "family_name": "", "language": "fr"}
    assert (await client.post(home + "/details", data=form)).status_code == 303
    assert (await group_of(person.id))[0].name == "Nur"


@pytest.mark.parametrize("email", ["nom@épicerie.fr", "\u202anom@xn--picerie-9xa.fr\u202c"])
async def test_addresses_of_every_domain(client: httpx.AsyncClient, world: World, email: str) -> None:
    event = await make_event(world)
    api = await client.post(
        "/api/v1/events/monkey-time/registrations",
        content=json.dumps({"email": email, "given_name": "A", "family_name": "B"}),
        headers={"content-type": "application/json"},
    )
    assert api.status_code == 201
    assert [person.email for person in await registrations_of(event.id)] == ["nom@xn--picerie-9xa.fr"]
    page = await client.post(
        "/events/monkey-time/register", data={"email": email, "given_name": "A", "family_name": "B"}
    )
    assert page.status_code == 303
    assert len(await registrations_of(event.id)) == 1


async def test_who_waits_learns_the_rank_by_mail_only(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    event = await make_event(world, capacity=1)
    await make_registration(world, event)
    await make_registration(world, event, email="connue@example.org")

    async def told(email: str, **headers: str) -> dict[str, Any]:
        answer = await client.post(
            "/api/v1/events/monkey-time/registrations",
            json={"email": email, "given_name": "A", "family_name": "B"},
            headers=headers,
        )
        found: dict[str, Any] = answer.json()
        return found | {"id": ""}

    known, fresh = await told("connue@example.org"), await told("neuve@example.org")
    assert known == fresh
    assert (known["status"], known["waiting_position"]) == ("waiting", None)
    by_key = await told("autre@example.org", authorization=f"Bearer {organiser_key}")
    assert by_key["waiting_position"] == 3
