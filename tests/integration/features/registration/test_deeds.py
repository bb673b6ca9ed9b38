"""A value from a fixed set that is none of it is refused, and nothing is done."""

import httpx
import pytest

from events_app.features.events.model import ConsentPurpose
from events_app.features.registration import links
from events_app.features.registration.queries import group_of
from events_app.infra.world import World
from tests.factories import again, make_event, make_registration, make_workshops


@pytest.mark.parametrize("who", ["nobody", "00000000-0000-0000-0000-000000000000", "x" * 500])
async def test_withdrawing_somebody_unknown_withdraws_nobody(
    client: httpx.AsyncClient, world: World, who: str
) -> None:
    event = await make_event(world, max_companions=1)
    lead = await make_registration(world, event, companions=1)
    home = f"/me/{links.manage_token(world, lead.id)}"
    assert (await client.post(home + "/withdraw", data={"who": who})).status_code == 422
    assert [member.status for member in await group_of(lead.id)] == ["confirmed", "confirmed"]
    stranger = await make_registration(world, event)
    assert (await client.post(home + "/withdraw", data={"who": str(stranger.id)})).status_code == 422
    assert (await client.get(home + f"/withdraw?who={stranger.id}")).status_code == 404
    assert (await again(stranger)).status == "confirmed"


async def test_a_companion_withdraws_nobody_else(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, max_companions=1)
    lead = await make_registration(world, event, companions=1)
    companion = (await group_of(lead.id))[1]
    home = f"/me/{links.manage_token(world, companion.id)}"
    assert (await client.post(home + "/withdraw", data={"who": str(lead.id)})).status_code == 422
    assert (await client.post(home + "/withdraw")).status_code == 303
    assert [member.status for member in await group_of(lead.id)] == ["confirmed", "cancelled"]


async def test_organisers_buttons(client: httpx.AsyncClient, world: World, organiser_key: str) -> None:
    client.headers["authorization"] = f"Bearer {organiser_key}"
    event = await make_event(world, consents=[ConsentPurpose("photo", "Photographies")])
    await make_workshops(world, event)
    here = f"/org/events/{event.slug}"
    wrong = {
        f"{here}/programme/mental/move": {"to": "sideways"},
        f"{here}/form": {"do": "burn"},
        f"{here}/registrations/new": {
            "email": "a@example.org",
            "given_name": "A",
            "family_name": "B",
            "language": "xx",
        },
        f"/events/{event.slug}/register": {
            "email": "a@example.org",
            "given_name": "A",
            "family_name": "B",
            "consent.photo": "perhaps",
        },
    }
    for path, form in wrong.items():
        assert (await client.post(path, data=form)).status_code == 422, path


@pytest.mark.parametrize("typed", ["1 000", "1\u202f000", "1\u00a0000", "1'000", "1,000", "1.000"])
async def test_a_capacity_is_read_as_it_is_printed(
    client: httpx.AsyncClient, world: World, organiser_key: str, typed: str
) -> None:
    client.headers["authorization"] = f"Bearer {organiser_key}"
    await make_event(world)
    page = "/org/events/monkey-time/edit"
    form = {
        "title": "Monkey Time",
        "slug": "monkey-time",
        "language": "fr",
        "timezone": "Europe/Paris",
        "starts_at": "mardi 10 avril 2018, 14 h",
        "ends_at": "10/04/2018 16:00",
        "visibility": "public",
        "capacity": typed,
    }
    done = await client.post(page, data=form)
    assert done.status_code == 303, done.text
    answer = await client.get("/api/v1/events/monkey-time")
    assert answer.json()["capacity"] == 1000
    assert answer.json()["starts_at"] == "2018-04-10T12:00:00Z"
