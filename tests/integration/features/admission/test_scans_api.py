"""Scans by the API, on both databases."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from events_app.features.admission.tickets import keyring, ticket_code_of
from events_app.features.events.model import EventRecord
from events_app.features.registration.tables import Registration
from events_app.infra import database as db
from events_app.infra.world import World
from tests.integration.features.admission.rows import (
    ScanCall,
    make_event,
    make_registrations,
    make_session,
    presence_count,
)


async def code_of(world: World, event: EventRecord, person: Registration) -> str:
    return await ticket_code_of(world, event, person)


async def test_first_entry_second_entry_out_and_back(
    scan: ScanCall, world: World, event: EventRecord, people: list[Registration]
) -> None:
    code = await code_of(world, event, people[0])
    first = await scan(code, "s1", gate="Porte A")
    assert (first["outcome"], first["reason"]) == ("admitted", "ok")
    assert first["registration"]["name"] == "Anne Dupont"
    assert first["registration"]["organisation"] == "Ville de Lens"
    second = await scan(code, "s2", gate="Porte B")
    assert (second["outcome"], second["reason"]) == ("already_admitted", "already_in")
    assert second["first_scan"] == {
        "scan_id": "s1",
        "gate": "Porte A",
        "scanned_at": first["scanned_at"],
    }
    assert "10 am (Porte A)" in second["detail"].replace("\u00a0", " ")
    assert (await scan(code, "s3", direction="out"))["outcome"] == "left"
    again = await scan(code, "s4", direction="out")
    assert (again["outcome"], again["reason"]) == ("left", "not_inside")
    back = await scan(code, "s5")
    assert (back["outcome"], back["reason"]) == ("admitted", "re_entry")


async def test_the_same_scan_again_gets_the_same_answer(
    scan: ScanCall, world: World, event: EventRecord, people: list[Registration]
) -> None:
    code = await code_of(world, event, people[0])
    first = await scan(code, "same")
    assert await scan(code, "same") == first
    assert await scan(code, "same", gate="B") == first
    assert await presence_count(event.id) == 1


async def test_a_bad_scan_of_a_batch_costs_only_itself(
    door: httpx.AsyncClient, event: EventRecord, people: list[Registration]
) -> None:
    good = [{"scan_id": f"g{n}", "ticket_code": person.short_code} for n, person in enumerate(people)]
    faults = {
        "/ticket_code": {"scan_id": "b", "ticket_code": "A" * 1001},
        "/scan_id": {"ticket_code": "x"},
        "/gate": {"scan_id": "b", "ticket_code": "x", "gate": 7},
        "/scanned_at": {"scan_id": "b", "ticket_code": "x", "scanned_at": "yesterday"},
        "/colour": {"scan_id": "b", "ticket_code": "x", "colour": "red"},
        "/direction": {"scan_id": "b", "ticket_code": "x", "direction": "up"},
    }
    scans = [good[0], *faults.values(), "no object", None, [], good[1], good[2]]
    year = {"scan_id": "b", "ticket_code": "x", "scanned_at": "0001-01-01T00:00:00+23:59"}
    overrides = {"scan_id": "b", "ticket_code": "x", "override": "because"}
    answer = await door.post(
        f"/api/v1/events/{event.slug}/scans/batch", json={"scans": [*scans, year, overrides]}
    )
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert [item["outcome"] for item in items] == ["admitted"] * 3 + ["error"] * 11
    problems = [item["problem"] for item in items[3:]]
    assert [problem["index"] for problem in problems] == [*range(1, 10), 12, 13]
    assert [problem["status"] for problem in problems] == [422] * 10 + [403]
    pointers = [error["pointer"] for problem in problems for error in problem["errors"]]
    assert pointers == [*faults, "", "", "", "/scanned_at"]
    assert all(item["detail"] for item in items[3:])
    assert await presence_count(event.id) == 3


async def test_every_kind_of_code_is_read(
    scan: ScanCall, world: World, event: EventRecord, people: list[Registration]
) -> None:
    person = people[0]
    signed = await code_of(world, event, person)
    opaque = (await keyring(world)).opaque(event.number, person.ticket_id, person.ticket_generation)
    short = person.short_code
    spellings = [
        signed,
        signed.lower(),
        opaque,
        short,
        f" {short[:3].lower()}-{short[3:6]} {short[6:]} ",
        f"https://convive.example/tickets/{signed}",
        f"http://testserver.local/tickets/{signed}.svg?x=1",
    ]
    found = [(await scan(text, f"s{n}"))["registration"]["id"] for n, text in enumerate(spellings)]
    assert found == [str(person.id)] * len(spellings)


async def test_what_cannot_pass_says_why(
    scan: ScanCall, world: World, event: EventRecord, people: list[Registration]
) -> None:
    other = await make_event(world, "forum", 8)
    [stranger] = await make_registrations(world, other, ["Un Autre"])
    [waiting] = await make_registrations(world, event, ["En Attente"], "waiting")
    [withdrawn] = await make_registrations(world, event, ["Parti Loin"], "cancelled")
    opaque = (await keyring(world)).opaque(event.number, people[0].ticket_id, 1)
    signed = await code_of(world, event, people[0])
    forged = signed[:30] + ("B" if signed[30] == "A" else "A") + signed[31:]
    short = people[0].short_code
    mistyped = short[:-1] + ("0" if short[-1] != "0" else "1")
    tried = {
        await code_of(world, other, stranger): "other_event",
        await code_of(world, event, waiting): "waiting",
        await code_of(world, event, withdrawn): "cancelled",
        opaque: "unknown_code",
        forged: "bad_signature",
        mistyped: "mistyped",
        "https://example.org/": "unknown_code",
        "\u202e\x00🙂": "unknown_code",
        (await keyring(world)).code(event.number, people[0].ticket_id, 1): "revoked",
    }
    for number, (code, reason) in enumerate(tried.items()):
        answer = await scan(code, f"s{number}")
        assert (answer["outcome"], answer["reason"]) == ("refused", reason)
        assert answer["detail"]
    assert await presence_count(event.id) == 0
    found = await db.rows("SELECT scan_id FROM scan WHERE event = {}", event.id)
    assert len(found) == len(tried)


async def test_a_room_of_two_refuses_the_third_and_frees_a_place(
    scan: ScanCall, world: World, event: EventRecord, people: list[Registration]
) -> None:
    await make_session(world, event, "a1", capacity_max=2)
    codes = [await code_of(world, event, person) for person in people]
    answers = [(await scan(code, f"in{n}", session="a1"))["reason"] for n, code in enumerate(codes)]
    assert answers == ["ok", "ok", "session_full"]
    assert (await scan(codes[0], "out", session="a1", direction="out"))["outcome"] == "left"
    assert (await scan(codes[2], "again", session="a1"))["outcome"] == "admitted"
    assert (await scan(codes[2], "door"))["outcome"] == "admitted", "the event's own door is another point"
    assert (await scan(codes[2], "lost", session="a9"))["reason"] == "unknown_session"


async def test_a_batch_is_answered_in_the_order_of_the_scans(
    door: httpx.AsyncClient, scan: ScanCall, world: World, event: EventRecord, people: list[Registration]
) -> None:
    codes = [await code_of(world, event, person) for person in people]
    await scan(codes[2], "online", gate="A")
    now = world.now()

    def fact(scan_id: str, code: str, minutes: int) -> dict[str, Any]:
        at = (now + timedelta(minutes=minutes)).isoformat()
        return {"scan_id": scan_id, "ticket_code": code, "gate": "B", "scanned_at": at, "direction": "in"}

    batch = [
        fact("b3", codes[0], 30),
        fact("b1", codes[0], 10),
        fact("b2", codes[1], 20),
        fact("b2", codes[1], 20),
        fact("b4", codes[2], 40),
    ]
    url = f"/api/v1/events/{event.slug}/scans/batch"
    items = (await door.post(url, json={"scans": batch})).json()["items"]
    assert [(item["scan_id"], item["outcome"], item["conflict"]) for item in items] == [
        ("b1", "admitted", False),
        ("b2", "admitted", False),
        ("b2", "admitted", False),
        ("b3", "already_admitted", False),
        ("b4", "already_admitted", True),
    ]
    assert (await door.post(url, json={"scans": batch})).json()["items"] == items
    too_many = [fact(f"n{number}", "x", 1) for number in range(501)]
    assert (await door.post(url, json={"scans": too_many})).status_code == 422


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"scan_id": ""}, "/scan_id"),
        ({"scan_id": "x" * 81}, "/scan_id"),
        ({"scan_id": "\u00e9"}, "/scan_id"),
        ({"ticket_code": ""}, "/ticket_code"),
        ({"ticket_code": "A" * 1001}, "/ticket_code"),
        ({"direction": "up"}, "/direction"),
        ({"scanned_at": "2018-04-10T14:00:00"}, "/scanned_at"),
        ({"scanned_at": "0001-01-01T00:00:00+23:59"}, "/scanned_at"),
        ({"gate": "x" * 81}, "/gate"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_bad_input_is_named(
    door: httpx.AsyncClient, event: EventRecord, fields: dict[str, str], pointer: str
) -> None:
    body = {"scan_id": "s", "ticket_code": "x"} | fields
    answer = await door.post(f"/api/v1/events/{event.slug}/scans", json=body)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_only_a_supervisor_overrides(
    door: httpx.AsyncClient, world: World, event: EventRecord, organiser_key: str
) -> None:
    [waiting] = await make_registrations(world, event, ["En Attente"], "waiting")
    body = {"scan_id": "o1", "ticket_code": waiting.short_code, "override": "place libre"}
    url = f"/api/v1/events/{event.slug}/scans"
    assert (await door.post(url, json=body)).status_code == 403
    answer = await door.post(url, json=body, headers={"authorization": f"Bearer {organiser_key}"})
    assert (answer.json()["outcome"], answer.json()["override"]) == ("admitted", "place libre")
