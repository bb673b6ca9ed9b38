"""Notes on somebody: for the organisers, kept about the person all the same."""

import httpx
import pytest

from events_app.features.registration.erasure import erase
from events_app.features.registration.links import manage_path
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def test_a_note_is_read_by_organisers_and_stands_in_the_own_data_alone(
    desk: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    person = await make_registration(world, event)
    home = f"/org/events/{event.slug}/registrations/{person.id}"

    written = await desk.post(f"/api/v1/registrations/{person.id}/notes", json={"text": " Rappeler mardi "})
    await desk.post(home + "/note", data={"text": "Allergique aux noix"})

    assert (written.status_code, written.json()["text"]) == (201, "Rappeler mardi")
    listed = (await desk.get(f"/api/v1/registrations/{person.id}/notes")).json()["items"]
    assert [each["text"] for each in listed] == ["Allergique aux noix", "Rappeler mardi"]
    assert "Allergique aux noix" in (await desk.get(home)).text
    del desk.headers["authorization"]
    mine = manage_path(world, person)
    assert "Allergique" not in (await desk.get(mine)).text
    own = (await desk.get(mine + "/data.json")).json()
    assert [each["text"] for each in own["notes"]] == ["Rappeler mardi", "Allergique aux noix"]


async def test_notes_are_deleted_and_go_with_the_person(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    person = await make_registration(world, event)
    path = f"/api/v1/registrations/{person.id}/notes"
    first = (await desk.post(path, json={"text": "Un"})).json()
    await desk.post(path, json={"text": "Deux"})

    gone = await desk.delete(f"{path}/{first['id']}")
    again = await desk.delete(f"{path}/{first['id']}")
    assert (gone.status_code, again.status_code) == (204, 404)
    assert [each["text"] for each in (await desk.get(path)).json()["items"]] == ["Deux"]

    await erase(world, SYSTEM, person.id)
    assert await db.rows("SELECT 1 AS one FROM registration_note") == []
    assert (await desk.post(path, json={"text": "Trois"})).status_code == 404


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2_001])
async def test_an_empty_or_endless_note_is_refused(desk: httpx.AsyncClient, world: World, text: str) -> None:
    event = await make_event(world)
    person = await make_registration(world, event)

    answer = await desk.post(f"/api/v1/registrations/{person.id}/notes", json={"text": text})
    page = await desk.post(f"/org/events/{event.slug}/registrations/{person.id}/note", data={"text": text})

    assert [error["pointer"] for error in answer.json()["errors"]] == ["/text"]
    assert page.status_code == 422
