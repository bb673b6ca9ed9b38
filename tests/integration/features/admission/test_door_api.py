"""Undo, search, manifest and statistics, on both databases."""

import hashlib
from datetime import timedelta

import httpx
import pytest

from events_app.features.accounts.service import create_api_key
from events_app.features.admission import devices
from events_app.features.admission.counters import in_steps
from events_app.features.events.model import EventRecord
from events_app.features.registration.tables import Registration
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, ActorKind, Role
from events_app.kernel.clock import FixedClock
from events_app.kernel.errors import InvalidInput
from tests.integration.features.admission.rows import make_event, make_registrations, make_session


@pytest.fixture
async def event(database: str, world: World) -> EventRecord:
    return await make_event(world)


@pytest.fixture
async def people(event: EventRecord, world: World) -> list[Registration]:
    return await make_registrations(world, event, ["Anne Dupont", "Émile Zola", "Jean Œuvrard"])


@pytest.fixture
async def door(client: httpx.AsyncClient, organiser_key: str, event: EventRecord) -> httpx.AsyncClient:
    client.headers["authorization"] = f"Bearer {organiser_key}"
    client.base_url = httpx.URL(f"http://testserver.local/api/v1/events/{event.slug}/")
    return client


async def scan(door: httpx.AsyncClient, person: Registration, scan_id: str, **fields: str) -> str:
    body = {"scan_id": scan_id, "ticket_code": person.short_code, "gate": "A"} | fields
    answer = await door.post("scans", json=body)
    return str(answer.json()["outcome"])


async def void(door: httpx.AsyncClient, scan_id: str, new_id: str) -> httpx.Response:
    return await door.post(f"scans/{scan_id}/void", json={"scan_id": new_id})


async def test_an_undone_entry_never_was(door: httpx.AsyncClient, people: list[Registration]) -> None:
    assert await scan(door, people[0], "s1") == "admitted"
    undone = await void(door, "s1", "u1")
    assert undone.json()["outcome"] == "voided"
    assert (await void(door, "s1", "u1")).json() == undone.json()
    assert await scan(door, people[0], "s2") == "admitted"
    stats = (await door.get("stats")).json()
    assert (stats["present"], stats["inside"], stats["registered"]) == (1, 1, 3)
    assert len(await db.rows("SELECT scan_id FROM scan")) == 3


async def test_an_undone_exit_leaves_the_person_inside(
    door: httpx.AsyncClient, people: list[Registration]
) -> None:
    await scan(door, people[0], "s1")
    assert await scan(door, people[0], "s2", direction="out") == "left"
    await void(door, "s2", "u2")
    assert await scan(door, people[0], "s3") == "already_admitted"


async def test_what_cannot_be_undone(
    door: httpx.AsyncClient, world: World, event: EventRecord, people: list[Registration]
) -> None:
    await scan(door, people[0], "s1")
    await void(door, "s1", "u1")
    assert (await void(door, "nothing", "u2")).status_code == 404
    assert (await void(door, "u1", "u3")).status_code == 404
    await scan(door, people[1], "s2")
    assert isinstance(world.clock, FixedClock)
    world.clock.advance(timedelta(minutes=2))
    key = await create_api_key(world, SYSTEM, event.body_id, "door", Role.DOOR)
    late = await door.post(
        "scans/s2/void", json={"scan_id": "u4"}, headers={"authorization": f"Bearer {key}"}
    )
    assert (late.status_code, late.json()["type"]) == (409, "/problems/too-late-to-undo")
    assert (await void(door, "s2", "u5")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("du", ["Anne Dupont"]),
        ("emile zo", ["Émile Zola"]),
        ("oeuv", ["Jean Œuvrard"]),
        ("ÉM", ["Émile Zola"]),
        ("upont", []),
        ("d", []),
        ("%", []),
        ("", []),
        ("ville lens", ["Anne Dupont", "Émile Zola", "Jean Œuvrard"]),
    ],
)
async def test_search_by_folded_name(
    door: httpx.AsyncClient, people: list[Registration], typed: str, names: list[str]
) -> None:
    found = (await door.get("door/people", params={"q": typed})).json()["items"]
    assert sorted(each["name"] for each in found) == sorted(names)


async def test_statistics_by_session_gate_organisation_commune(
    door: httpx.AsyncClient, world: World, event: EventRecord, people: list[Registration]
) -> None:
    await make_session(world, event, "a1", capacity_max=9, room="Salle B")
    await make_registrations(world, event, ["En Attente"], "waiting")
    await scan(door, people[0], "s1", gate="Nord")
    await scan(door, people[1], "s2", gate="Sud")
    await scan(door, people[1], "s3", gate="Sud", direction="out")
    await scan(door, people[1], "s4", session="a1")
    assert (await door.get("stats")).json() == {
        "registered": 3,
        "waiting": 1,
        "pending": 0,
        "cancelled": 0,
        "present": 2,
        "present_without_place": 0,
        "walk_ins": 0,
        "inside": 1,
        "by_session": [
            {"session": "a1", "title": "a1", "room": "Salle B", "present": 1, "inside": 1, "capacity": 9}
        ],
        "by_gate": [{"gate": "Nord", "present": 1}, {"gate": "Sud", "present": 1}],
        "by_organisation": [{"name": "Ville de Lens", "registered": 3, "present": 2}],
        "by_commune": [{"name": "", "registered": 3, "present": 2}],
    }


async def test_who_withdrew_after_coming_in_is_told_so_and_counted_once(
    door: httpx.AsyncClient, people: list[Registration]
) -> None:
    assert await scan(door, people[0], "s1") == "admitted"
    assert await scan(door, people[1], "s2") == "admitted"
    await db.execute("UPDATE registration SET status = 'cancelled' WHERE id = {}", people[0].id)
    body = {"scan_id": "s3", "ticket_code": people[0].short_code, "gate": "A"}
    answer = (await door.post("scans", json=body)).json()
    assert (answer["outcome"], answer["reason"]) == ("refused", "cancelled")
    stats = (await door.get("stats")).json()
    assert (stats["registered"], stats["present"], stats["present_without_place"]) == (2, 1, 1)
    assert (stats["inside"], stats["by_gate"]) == (2, [{"gate": "A", "present": 2}])


async def test_the_manifest_and_its_delta(
    door: httpx.AsyncClient, world: World, event: EventRecord, people: list[Registration]
) -> None:
    answer = await door.get("door/manifest")
    full = answer.json()
    deployment = bytes.fromhex(full["deployment_id"])
    wanted = {
        hashlib.sha256(
            deployment + event.number.to_bytes(3, "big") + person.ticket_id.to_bytes(5, "big")
        ).hexdigest()[:16]: person
        for person in people
    }
    assert {each["id"] for each in full["tickets"]} == set(wanted)
    assert "Dupont" not in answer.text
    same = await door.get("door/manifest", headers={"if-none-match": answer.headers["etag"]})
    assert same.status_code == 304
    await db.execute("UPDATE registration SET status = 'cancelled' WHERE id = {}", people[1].id)
    delta = (await door.get("door/manifest", params={"since": full["cursor"]})).json()
    parts = {part: [t for t in full["tickets"] if int(t["id"][:2], 16) % 64 == part] for part in range(64)}
    for part in delta["parts"]:
        parts[part] = [t for t in delta["tickets"] if int(t["id"][:2], 16) % 64 == part]
    after = (await door.get("door/manifest")).json()
    assert len(delta["parts"]) == 1
    assert [t for part in parts.values() for t in part] == after["tickets"]
    assert delta["cursor"] == after["cursor"]
    [changed] = [t for t in after["tickets"] if t["status"] == "cancelled"]
    assert wanted[changed["id"]].id == people[1].id


async def test_a_borrowed_phone_is_enrolled_once_and_can_be_sent_away(
    world: World, event: EventRecord
) -> None:
    assert isinstance(world.clock, FixedClock)
    device, token = await devices.offer_enrolment(world, SYSTEM, event, " Porte  Nord ", "")
    enrolment = await devices.enrol(world, token)
    with pytest.raises(devices.DoorLinkSpent):
        await devices.enrol(world, token)
    actor = await devices.actor_of_device(enrolment.device_token, world.now())
    assert actor is not None
    assert (actor.kind, actor.gate, actor.only_event) == (ActorKind.DOOR_DEVICE, "Porte Nord", event.id)
    assert await devices.actor_of_device(token, world.now()) is None
    assert await devices.actor_of_device(enrolment.device_token, event.ends_at + timedelta(days=2)) is None
    await devices.revoke(world, SYSTEM, event, device.id)
    assert await devices.actor_of_device(enrolment.device_token, world.now()) is None
    _, late = await devices.offer_enrolment(world, SYSTEM, event, "Sud", "")
    world.clock.advance(timedelta(minutes=11))
    with pytest.raises(devices.DoorLinkSpent):
        await devices.enrol(world, late)
    with pytest.raises(InvalidInput):
        await devices.offer_enrolment(world, SYSTEM, event, "\u200b\x00 ".strip("\u200b"), "x" * 121)


async def test_arrivals_in_steps_lose_nobody(world: World) -> None:
    start = world.now() + timedelta(minutes=7)
    counted = {start: 2, start + timedelta(minutes=10): 1, start + timedelta(minutes=60): 1}
    steps = in_steps(counted, 10)
    assert [count for _, count in steps] == [2, 1, 0, 0, 0, 0, 1]
    days = {start: 1, start + timedelta(days=3): 1}
    assert sum(count for _, count in in_steps(days, 10)) == 2
    assert len(in_steps(days, 10)) <= 62
