"""Doors that were alone: what happened at them counts, in whatever order it becomes known."""

from base64 import b64decode
from datetime import timedelta
from hashlib import sha256
from itertools import permutations
from typing import Any

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events_app.features.accounts import members, sign_in
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.accounts.service import create_api_key
from events_app.features.admission.door_list import list_id
from events_app.features.admission.tickets import keyring, ticket_code_of
from events_app.features.admission.token import signature_of
from events_app.features.events.model import EventRecord
from events_app.features.registration.tables import Registration
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from events_app.kernel.clock import FixedClock
from tests.integration.features.admission.rows import make_event, make_registrations


@pytest.fixture
async def event(database: str, world: World) -> EventRecord:
    return await make_event(world)


@pytest.fixture
async def people(world: World, event: EventRecord) -> list[Registration]:
    return await make_registrations(world, event, ["Anne Dupont", "Émile Œuvrard", "Bo Li"])


@pytest.fixture
async def door(client: httpx.AsyncClient, event: EventRecord, world: World) -> httpx.AsyncClient:
    key = await create_api_key(world, SYSTEM, event.body_id, "door", Role.DOOR, event.id)
    client.headers["authorization"] = f"Bearer {key}"
    client.headers["accept-language"] = "fr"
    return client


API = "/api/v1/events/monkey-time"


async def send(door: httpx.AsyncClient, *scans: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await door.post(f"{API}/scans/batch", json={"scans": list(scans)})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def state() -> list[dict[str, Any]]:
    return await db.rows("SELECT registration, point, inside, first_at, first_gate FROM presence")


async def test_two_doors_and_an_exit_leave_the_same_state_in_every_order(
    door: httpx.AsyncClient, world: World, people: list[Registration]
) -> None:
    now = world.now()

    def fact(person: Registration, gate: str, minute: int, direction: str = "in") -> dict[str, Any]:
        return {
            "scan_id": f"{gate}-{minute}",
            "ticket_code": person.short_code,
            "gate": gate,
            "device": gate,
            "direction": direction,
            "decided": "admitted" if direction == "in" else "left",
            "scanned_at": (now + timedelta(minutes=minute)).isoformat(),
        }

    ends = []
    for order, person in zip(permutations(("A", "B", "C")), people * 2, strict=True):
        await db.execute("DELETE FROM scan")
        await db.execute("DELETE FROM presence")
        facts = {"A": fact(person, "A", 1), "B": fact(person, "B", 2), "C": fact(person, "C", 3, "out")}
        answers = [(await send(door, facts[name]))[0] for name in order]
        assert sum(answer["conflict"] for answer in answers) == 1
        [found] = await state()
        ends.append((bool(found["inside"]), found["first_gate"], found["first_at"]))
    assert set(ends) == {(False, "A", now + timedelta(minutes=1))}


async def test_whoever_was_let_in_is_counted_and_whoever_was_sent_away_is_not(
    door: httpx.AsyncClient, world: World, people: list[Registration]
) -> None:
    await db.execute("UPDATE registration SET status = 'waiting' WHERE id = {}", people[0].id)
    moment = world.now().isoformat()

    def told(person: Registration, scan_id: str, decided: str) -> dict[str, Any]:
        said = {"scan_id": scan_id, "ticket_code": person.short_code, "device": "phone", "gate": "Porte B"}
        return said | {"scanned_at": moment, "decided": decided}

    answers = await send(door, told(people[0], "1", "admitted"), told(people[1], "2", "refused"))
    assert [(each["outcome"], each["reason"], each["conflict"]) for each in answers] == [
        ("admitted", "let_in_offline", True),
        ("refused", "turned_away", True),
    ]
    assert [each["registration"] for each in await state()] == [people[0].id]
    told_of = (await door.get(f"{API}/door/news", params={"device": "phone"})).json()
    assert {each["name"] for each in told_of["conflicts"]} == {"Anne Dupont", "Émile Œuvrard"}
    assert all(each["detail"] for each in told_of["conflicts"])
    assert (await door.get(f"{API}/door/news", params={"device": "another"})).json()["conflicts"] == []


async def test_both_doors_are_told_of_one_ticket_that_let_two_in(
    door: httpx.AsyncClient, world: World, people: list[Registration]
) -> None:
    for gate, minute in (("A", 1), ("B", 2)):
        scan = {
            "scan_id": "1",
            "ticket_code": people[0].short_code,
            "gate": gate,
            "device": gate,
            "decided": "admitted",
            "scanned_at": (world.now() + timedelta(minutes=minute)).isoformat(),
        }
        await send(door, scan)
    for device in "AB":
        [conflict] = (await door.get(f"{API}/door/news", params={"device": device})).json()["conflicts"]
        assert (conflict["name"], conflict["gate"], conflict["first_gate"]) == ("Anne Dupont", "B", "A")
        assert "deux portes" in conflict["detail"]


async def test_the_organiser_reads_who_needs_a_look(
    door: httpx.AsyncClient, event: EventRecord, world: World, people: list[Registration]
) -> None:
    scan = {"scan_id": "1", "ticket_code": people[1].short_code, "device": "p", "decided": "refused"}
    await send(door, scan | {"gate": "Porte Nord"})
    account = await members.add_member(
        world, SYSTEM, event.body_id, "odile@example.org", "organiser", invite=False
    )
    session = await sign_in.make_link(world, account, LINK_LIFE)
    del door.headers["authorization"]
    await door.post(session.removeprefix(world.settings.base_url))
    page = (await door.get("/org/events/monkey-time/door")).text
    assert "Émile Œuvrard" in page
    assert "Entrée refusée sans réseau" in page
    assert "Porte Nord" in page


async def test_an_undo_that_was_pressed_in_time_counts_whenever_it_arrives(
    door: httpx.AsyncClient, world: World, people: list[Registration]
) -> None:
    assert isinstance(world.clock, FixedClock)
    pressed = world.now() + timedelta(seconds=8)
    await door.post(f"{API}/scans", json={"scan_id": "s", "ticket_code": people[0].short_code})
    world.clock.advance(timedelta(minutes=20))
    late = await door.post(f"{API}/scans/s/void", json={"scan_id": "v"})
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "too-late-to-undo")
    body = {"scan_id": "w", "undone_at": (pressed + timedelta(minutes=2)).isoformat()}
    assert (await door.post(f"{API}/scans/s/void", json=body)).status_code == 409
    body = {"scan_id": "v", "undone_at": pressed.isoformat()}
    assert (await door.post(f"{API}/scans/s/void", json=body)).json()["outcome"] == "voided"
    assert await state() == []


async def test_news_tell_who_came_and_whose_entry_was_undone(
    door: httpx.AsyncClient, world: World, event: EventRecord, people: list[Registration]
) -> None:
    keys = await keyring(world)
    mine = [list_id(keys.verifier.deployment_id, event.number, person.ticket_id) for person in people]
    for index in (0, 1):
        scan = {"scan_id": f"s{index}", "ticket_code": people[index].short_code, "gate": "A"}
        await door.post(f"{API}/scans", json=scan)
    first = (await door.get(f"{API}/door/news")).json()
    assert {each["id"] for each in first["people"]} == set(mine[:2])
    assert first["inside"] == {"": 2}
    await door.post(f"{API}/scans/s1/void", json={"scan_id": "v1"})
    then = (await door.get(f"{API}/door/news", params={"since": first["cursor"]})).json()
    inside = {each["id"]: each.get("inside", False) for each in then["people"]}
    assert inside == {mine[0]: True, mine[1]: False}
    assert (await door.get(f"{API}/door/news", params={"since": "nonsense-1"})).status_code == 200


async def test_a_name_is_opened_by_its_own_ticket_only(
    door: httpx.AsyncClient, world: World, event: EventRecord, people: list[Registration]
) -> None:
    answer = await door.get(f"{API}/door/names")
    assert "Dupont" not in answer.text
    names = answer.json()["names"]
    assert len(names) == len(people)
    keys = await keyring(world)
    listed = list_id(keys.verifier.deployment_id, event.number, people[0].ticket_id)
    code = await ticket_code_of(world, event, people[0])
    key = sha256(b"convive sealed name v1\x00" + signature_of(code)).digest()[:16]
    sealed = b64decode(names[listed])
    plain = AESGCM(key).decrypt(sealed[:12], sealed[12:], None)
    assert msgspec.json.decode(plain) == ["Anne Dupont", "Ville de Lens"]
    part = int(listed[:2], 16) % 64
    some = (await door.get(f"{API}/door/names", params={"parts": f"{part},x,999"})).json()["names"]
    assert listed in some
