"""Who comes along can be named, replaced and added later, within the rules and the places."""

import httpx

from events_app.features.registration import links
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import group_of
from events_app.infra.world import World
from tests.factories import again, make_event, make_registration


def home_of(world: World, person: RegistrationRecord) -> str:
    return f"/me/{links.manage_token(world, person.id)}"


def link(world: World, person: RegistrationRecord) -> dict[str, str]:
    return {"authorization": f"Bearer {links.manage_token(world, person.id)}"}


async def names(person: RegistrationRecord) -> list[str]:
    return [member.name for member in await group_of(person.id) if not member.leads]


async def test_an_unnamed_companion_is_named_and_replaced(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, max_companions=1)
    lead = await make_registration(world, event, companions=1)
    companion = (await group_of(lead.id))[1]
    page = f"{home_of(world, lead)}/companions/{companion.id}"
    assert page in (await client.get(home_of(world, lead))).text
    assert (await client.get(page)).status_code == 200
    for given, family in (("Nour", "Delattre"), ("Ali", "")):
        done = await client.post(page, data={"given_name": given, "family_name": family})
        assert done.status_code == 303
        assert await names(lead) == [f"{given} {family}".strip()]
    assert (await client.post(page, data={"given_name": ""})).status_code == 422
    by_api = await client.patch(
        f"/api/v1/registrations/{companion.id}", json={"given_name": "Zoé"}, headers=link(world, lead)
    )
    assert by_api.status_code == 200
    assert await names(lead) == ["Zoé"]
    stranger = await make_registration(world, event)
    assert (await client.get(f"{home_of(world, lead)}/companions/{stranger.id}")).status_code == 404
    assert (await client.post(f"{home_of(world, stranger)}/companions/{companion.id}")).status_code == 404


async def test_somebody_is_added_while_there_is_a_place(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, max_companions=2, capacity=2)
    lead = await make_registration(world, event)
    page = home_of(world, lead) + "/companions/new"
    assert page in (await client.get(home_of(world, lead))).text
    assert (await client.post(page, data={"given_name": "Nour"})).status_code == 303
    added = (await group_of(lead.id))[1]
    assert (added.name, added.status, added.email) == ("Nour", "confirmed", "")
    assert added.ticket_id != lead.ticket_id
    assert page not in (await client.get(home_of(world, lead))).text
    full = await client.post(page, data={"given_name": "Ali"})
    assert full.status_code == 409
    api = f"/api/v1/registrations/{lead.id}/companions"
    refused = await client.post(api, json={"given_name": "Ali"}, headers=link(world, lead))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-place-left")
    assert await names(lead) == ["Nour"]


async def test_never_more_than_the_event_allows(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    event = await make_event(world, max_companions=1)
    lead = await make_registration(world, event)
    api = f"/api/v1/registrations/{lead.id}/companions"
    made = await client.post(
        api, json={"family_name": "Sukarno"}, headers={"authorization": f"Bearer {organiser_key}"}
    )
    assert made.status_code == 201
    assert (made.json()["group_id"], made.json()["family_name"]) == (str(lead.id), "Sukarno")
    more = await client.post(api, json={"given_name": "Ali"}, headers=link(world, lead))
    assert [error["code"] for error in more.json()["errors"]] == ["too-many"]
    page = f"/org/events/{event.slug}/registrations/{lead.id}/companions/new"
    client.headers["authorization"] = f"Bearer {organiser_key}"
    assert (await client.get(page)).status_code == 200
    assert (await client.post(page, data={"given_name": "Ali"})).status_code == 422


async def test_a_companion_of_somebody_who_waits_waits_too(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, max_companions=1, capacity=1)
    await make_registration(world, event)
    waits = await make_registration(world, event)
    done = await client.post(home_of(world, waits) + "/companions/new", data={"given_name": "Nour"})
    assert done.status_code == 303
    assert {member.status for member in await group_of(waits.id)} == {"waiting"}
    assert (await again(waits)).status == "waiting"
