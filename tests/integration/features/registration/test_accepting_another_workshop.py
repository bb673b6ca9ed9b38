"""Whoever accepts another workshop may name as few as they like; whoever does not names several."""

import re

import httpx

from events_app.app import introduce_features
from events_app.features.events.model import EventRecord
from events_app.features.registration.queries import registration_by_id
from events_app.features.workshops.model import RunRequest
from events_app.features.workshops.queries import run_places
from events_app.features.workshops.service import propose
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import again, make_event, make_registration, make_session, make_workshops

PERSON = {"email": "a@example.org", "given_name": "Ada", "family_name": "L"}
REGISTRATIONS = "/api/v1/events/monkey-time/registrations"
FORM = "/events/monkey-time/register"


async def scene(world: World, **fields: object) -> EventRecord:
    event = await make_event(world, **{"preferences_count": 4} | fields)
    await make_workshops(world, event)
    return event


def errors_of(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def test_by_the_api(client: httpx.AsyncClient, world: World, organiser_key: str) -> None:
    await scene(world)
    client.headers["authorization"] = f"Bearer {organiser_key}"
    one = PERSON | {"preferences": ["mental"]}
    short = await client.post(REGISTRATIONS, json=one | {"accepts_any": False})
    assert errors_of(short) == [("/preferences", "too-few")]
    assert "at least 3" in short.json()["errors"][0]["detail"] or "3" in short.json()["errors"][0]["detail"]
    done = await client.post(REGISTRATIONS, json=one)
    assert done.status_code == 201
    address = f"/api/v1/registrations/{done.json()['id']}"
    assert (await client.get(address)).json()["accepts_any"] is True
    wishes = {"preferences": ["mental", "confiance"]}
    refused = await client.put(f"{address}/preferences", json=wishes | {"accepts_any": False})
    assert errors_of(refused) == [("/preferences", "too-few")]
    assert (await client.get(address)).json()["accepts_any"] is True
    three = {"preferences": ["mental", "confiance", "reseauter"], "accepts_any": False}
    assert (await client.put(f"{address}/preferences", json=three)).json()["accepts_any"] is False
    kept = await client.put(f"{address}/preferences", json={"preferences": three["preferences"]})
    assert kept.json()["accepts_any"] is False
    assert errors_of(await client.put(f"{address}/preferences", json=wishes)) == [("/preferences", "too-few")]


async def test_the_least_number_is_the_organisers_and_never_more_than_can_be_ranked(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    event = await make_event(world, preferences_count=2)
    for code in ("a", "b", "c"):
        await make_session(world, event, code)
    client.headers["authorization"] = f"Bearer {organiser_key}"
    assert (await client.get("/api/v1/events/monkey-time")).json()["preferences_least"] == 3
    no = PERSON | {"accepts_any": False}
    assert errors_of(await client.post(REGISTRATIONS, json=no | {"preferences": ["a"]})) == [
        ("/preferences", "too-few")
    ]
    two = await client.post(REGISTRATIONS, json=no | {"preferences": ["a", "b"]})
    assert two.status_code == 201
    changed = await client.patch("/api/v1/events/monkey-time", json={"preferences_least": 1})
    assert changed.json()["preferences_least"] == 1
    one = no | {"preferences": ["a"], "email": "b@example.org"}
    assert (await client.post(REGISTRATIONS, json=one)).status_code == 201
    wrong = await client.patch("/api/v1/events/monkey-time", json={"preferences_least": 21})
    assert errors_of(wrong) == [("/preferences_least", "range")]


async def test_by_the_form_and_by_the_personal_link(client: httpx.AsyncClient, world: World) -> None:
    event = await scene(world)
    client.headers["accept-language"] = "en"
    shown = (await client.get(FORM)).text
    assert re.search(r'name="accepts_any" value="yes" checked', shown)
    assert "Then choose at least 3 workshops." in shown
    assert "choosing fewer does not improve your chances" in shown
    form = PERSON | {"preferences.0": "mental", "accepts_any": "no"}
    refused = await client.post(FORM, data=form)
    assert refused.status_code == 422
    assert "Please rank at least 3 workshops, or accept another one." in refused.text
    assert re.search(r'name="accepts_any" value="no" checked', refused.text)
    person = await make_registration(world, event, preferences=["mental"])
    home = f"/me/{world.derived_token('manage', f'{person.id}:{person.token_generation}')}"
    assert re.search(r'name="accepts_any" value="yes" checked', (await client.get(f"{home}/wishes")).text)
    short = await client.post(f"{home}/wishes", data={"preferences.0": "mental", "accepts_any": "no"})
    assert short.status_code == 422
    wishes = {"preferences.0": "mental", "preferences.1": "confiance", "preferences.2": "reseauter"}
    assert (await client.post(f"{home}/wishes", data=wishes | {"accepts_any": "no"})).status_code == 303
    assert (await again(person)).accepts_any is False
    assert re.search(r'name="accepts_any" value="no" checked', (await client.get(f"{home}/wishes")).text)


async def test_the_organiser_sets_the_least_number(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    await scene(world)
    client.headers["authorization"] = f"Bearer {organiser_key}"
    shown = (await client.get("/org/events/monkey-time/edit")).text
    assert re.search(r'name="preferences_least"[^>]*value="3"', shown)


async def test_only_whoever_accepts_is_seated_outside_of_their_wishes(database: str, world: World) -> None:
    introduce_features()
    event = await make_event(world, preferences_least=1)
    await make_session(world, event, "petit", capacity_min=None, capacity_max=1)
    await make_session(world, event, "grand", capacity_min=None, capacity_max=9)
    await make_session(world, event, "soir", capacity_min=None, capacity_max=9, slot="soir")
    people = {
        accepts: [
            await make_registration(world, event, preferences=["petit"], accepts_any=accepts)
            for _ in range(3)
        ]
        for accepts in (True, False)
    }
    silent = await make_registration(world, event, accepts_any=False)
    run = await propose(world, SYSTEM, event, RunRequest(seed=1, without_wishes=True))
    places = await run_places(run.id)
    here = {place.registration_id: place for place in places if place.slot == "ateliers"}
    assert all(here[person.id].session_id for person in people[True])
    assert sum(here[person.id].session_id is None for person in people[False]) >= 2
    assert all(here[person.id].rank == 1 for person in people[False] if here[person.id].session_id)
    assert here[silent.id].session_id is None
    evening = [place for place in places if place.slot == "soir"]
    assert all(place.session_id is None for place in evening)  # nobody asked for anything then
    assert run.outcome.unassigned == sum(here[p.id].session_id is None for p in people[False])
    assert await registration_by_id(silent.id) is not None
