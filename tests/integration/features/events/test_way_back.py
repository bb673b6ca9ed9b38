"""Back to a draft while nobody is registered; who did what; the form of a draft, seen before anybody."""

from datetime import timedelta

import httpx
import pytest

from events_app.features.registration import withdrawal
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration

EVENT = "/api/v1/events/monkey-time"
DESK = "/org/events/monkey-time"


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def test_what_was_published_too_early_is_a_draft_again(desk: httpx.AsyncClient, world: World) -> None:
    await make_event(world)
    assert "/unpublish" in (await desk.get(DESK)).text
    assert "Nobody is registered" in (await desk.get(f"{DESK}/unpublish")).text

    first = await desk.post(f"{EVENT}/unpublish")
    second = await desk.post(f"{EVENT}/unpublish")

    assert (first.status_code, first.json()["status"]) == (200, "draft")
    assert second.json()["revision"] == first.json()["revision"]
    del desk.headers["authorization"]
    assert (await desk.get("/events/monkey-time")).status_code == 404


async def test_whoever_is_registered_keeps_the_event(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, capacity=1)
    people = [await make_registration(world, event) for _ in range(2)]

    answer = await desk.post(f"{EVENT}/unpublish")

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/people-registered")
    assert "2" in answer.json()["detail"]
    assert "2 people are registered" in (await desk.get(f"{DESK}/unpublish")).text
    assert "/unpublish" not in (await desk.get(DESK)).text
    assert (await desk.post(f"{DESK}/unpublish")).status_code == 409
    for each in people:
        await withdrawal.cancel(world, SYSTEM, each.id)
    assert (await desk.post(f"{EVENT}/unpublish")).json()["status"] == "draft"


@pytest.mark.parametrize("deed", ["postpone", "cancel"])
async def test_what_was_called_off_stays_announced(desk: httpx.AsyncClient, world: World, deed: str) -> None:
    await make_event(world)
    await desk.post(f"{EVENT}/{deed}", json={"reason": "Neige."})

    assert (await desk.post(f"{EVENT}/unpublish")).json()["type"] == "/problems/wrong-status"


async def test_the_history_says_who_did_what_newest_first(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    person = await make_registration(world, event)
    for deed in (f"/api/v1/registrations/{person.id}/cancel", f"{EVENT}/unpublish"):
        world.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
        await desk.post(deed)

    whole = (await desk.get(f"{EVENT}/history")).json()
    actions = [each["action"] for each in whole["items"]]
    assert actions[:3] == ["event.unpublished", "registration.cancelled", "registration.created"]
    assert whole["items"][0]["actor_name"] == "tests"
    assert whole["items"][1]["object_id"] == str(person.id)
    first = (await desk.get(f"{EVENT}/history", params={"limit": 2})).json()
    rest = (await desk.get(f"{EVENT}/history", params={"cursor": first["next_cursor"]})).json()
    assert first["items"] + rest["items"] == whole["items"]
    page = (await desk.get(f"{DESK}/history")).text
    assert page.index("Taken back to a draft") < page.index("Registration withdrawn")
    assert f"{DESK}/registrations/{person.id}" in page


@pytest.mark.parametrize("query", ["cursor=x", "cursor=018f3a52-6d1e-7c40-9d0a-6a0f5a3c9b11", "limit=0"])
async def test_a_wrong_place_in_the_history_is_named(
    desk: httpx.AsyncClient, world: World, query: str
) -> None:
    await make_event(world)

    assert (await desk.get(f"{EVENT}/history?{query}")).status_code == 422
    assert (await desk.get(f"{DESK}/history?after=x")).status_code == 200


async def test_the_form_of_a_draft_is_seen_by_its_organisers_alone(
    desk: httpx.AsyncClient, world: World
) -> None:
    await make_event(world, status="draft", published_at=None)

    shown = await desk.get("/events/monkey-time/register")

    assert shown.status_code == 200
    assert "Preview: organisers alone see this form" in shown.text
    assert 'name="given_name"' in shown.text
    sent = await desk.post("/events/monkey-time/register", data={"email": "nour@example.org"})
    assert sent.status_code in (409, 422)
    del desk.headers["authorization"]
    assert (await desk.get("/events/monkey-time/register")).status_code == 404


async def test_the_programme_warns_of_a_room_taken_twice(desk: httpx.AsyncClient, world: World) -> None:
    await make_event(world)
    session = {
        "title": "Table ronde",
        "kind": "plenary",
        "starts_at": "2018-04-10T14:00:00+02:00",
        "ends_at": "2018-04-10T15:00:00+02:00",
        "room": "Salle 2",
        "coach": "Karim",
    }
    await desk.post(f"{EVENT}/sessions", json=session | {"code": "un"})
    second = await desk.post(f"{EVENT}/sessions", json=session | {"code": "deux", "title": "Débat"})

    assert {each["kind"] for each in second.json()["warnings"]} == {"room", "speaker"}
    assert "are in the same room at the same time: Salle 2." in (await desk.get(f"{DESK}/programme")).text
