"""A scan is judged at the time it was made, and once: by its device and its id."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from events_app.features.accounts.service import create_api_key
from events_app.features.admission import devices
from events_app.features.admission.tickets import keyring, ticket_code_of
from events_app.features.events.model import EventRecord
from events_app.features.events.service import cancel_event, postpone_event
from events_app.features.registration.address import replace
from events_app.features.registration.queries import registration_by_id
from events_app.features.registration.tables import Registration
from events_app.features.registration.withdrawal import cancel
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from events_app.kernel.clock import FixedClock
from tests.integration.features.admission.rows import (
    ScanCall,
    make_event,
    make_registrations,
    presence_count,
)


async def code_of(world: World, event: EventRecord, person: Registration) -> str:
    return await ticket_code_of(world, event, person)


async def test_a_scan_made_before_the_withdrawal_counts_and_is_flagged(
    door: httpx.AsyncClient, world: World, event: EventRecord, people: list[Registration]
) -> None:
    """The device was offline: the person is inside, whatever was decided meanwhile."""
    assert isinstance(world.clock, FixedClock)
    made = world.now()
    world.clock.advance(timedelta(minutes=5))
    await cancel(world, SYSTEM, people[0].id)
    world.clock.advance(timedelta(minutes=5))

    def fact(person: Registration, scan_id: str, at: datetime) -> dict[str, Any]:
        return {"scan_id": scan_id, "ticket_code": person.short_code, "scanned_at": at.isoformat()}

    url = f"/api/v1/events/{event.slug}/scans/batch"
    scans = [fact(people[0], "b1", made + timedelta(minutes=1)), fact(people[1], "b2", made)]
    items = (await door.post(url, json={"scans": scans})).json()["items"]
    assert [(item["scan_id"], item["outcome"], item["reason"], item["conflict"]) for item in items] == [
        ("b2", "admitted", "ok", False),
        ("b1", "admitted", "withdrawn_since", True),
    ]
    assert "Tell a supervisor" in items[1]["detail"]
    assert (await door.post(url, json={"scans": scans})).json()["items"] == items
    assert await presence_count(event.id) == 2
    [kept] = await db.rows("SELECT flagged FROM scan WHERE scan_id = 'b1'")
    assert kept["flagged"]
    late = [fact(people[0], "b3", made + timedelta(minutes=6))]
    [after] = (await door.post(url, json={"scans": late})).json()["items"]
    assert (after["outcome"], after["reason"]) == ("refused", "cancelled")


async def test_a_waiting_person_who_withdrew_had_no_place_before(
    door: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    assert isinstance(world.clock, FixedClock)
    [waiting] = await make_registrations(world, event, ["En Attente"], "waiting")
    made = world.now()
    world.clock.advance(timedelta(minutes=5))
    await cancel(world, SYSTEM, waiting.id)
    scan = {"scan_id": "w", "ticket_code": waiting.short_code, "scanned_at": made.isoformat()}
    answer = (await door.post(f"/api/v1/events/{event.slug}/scans/batch", json={"scans": [scan]})).json()
    assert [(item["outcome"], item["reason"]) for item in answer["items"]] == [("refused", "waiting")]


async def test_a_scan_made_before_the_event_was_cancelled_counts_and_is_flagged(
    door: httpx.AsyncClient, world: World, event: EventRecord, people: list[Registration]
) -> None:
    assert isinstance(world.clock, FixedClock)
    made = world.now()
    world.clock.advance(timedelta(minutes=5))
    await cancel_event(world, SYSTEM, event.slug, "tempête")
    scans = [
        {"scan_id": f"e{n}", "ticket_code": people[n].short_code, "scanned_at": at.isoformat()}
        for n, at in enumerate((made, world.now()))
    ]
    answer = (await door.post(f"/api/v1/events/{event.slug}/scans/batch", json={"scans": scans})).json()
    assert [(item["outcome"], item["conflict"]) for item in answer["items"]] == [
        ("admitted", True),
        ("refused", False),
    ]


async def test_a_scan_made_before_the_event_was_postponed_counts_and_is_flagged(
    door: httpx.AsyncClient, world: World, event: EventRecord, people: list[Registration]
) -> None:
    assert isinstance(world.clock, FixedClock)
    made = world.now()
    world.clock.advance(timedelta(minutes=5))
    await postpone_event(world, SYSTEM, event.slug, "tempête")
    scans = [
        {"scan_id": f"e{n}", "ticket_code": people[n].short_code, "scanned_at": at.isoformat()}
        for n, at in enumerate((made, world.now()))
    ]
    answer = (await door.post(f"/api/v1/events/{event.slug}/scans/batch", json={"scans": scans})).json()
    assert [(item["outcome"], item["reason"], item["conflict"]) for item in answer["items"]] == [
        ("admitted", "withdrawn_since", True),
        ("refused", "event_postponed", False),
    ]


@pytest.mark.parametrize("signed", [False, True])
async def test_a_scan_of_a_ticket_that_was_replaced_since_counts_and_is_flagged(
    door: httpx.AsyncClient, world: World, event: EventRecord, people: list[Registration], signed: bool
) -> None:
    assert isinstance(world.clock, FixedClock)
    keys = await keyring(world)
    write = keys.code if signed else keys.opaque
    code = write(event.number, people[0].ticket_id, people[0].ticket_generation)
    made = world.now()
    world.clock.advance(timedelta(minutes=5))
    holder = await registration_by_id(people[0].id)
    assert holder is not None
    await replace(world, SYSTEM, event, holder, "juste@example.org")
    world.clock.advance(timedelta(minutes=5))
    scans = [
        {"scan_id": f"r{n}", "ticket_code": code, "scanned_at": at.isoformat()}
        for n, at in enumerate((made, world.now()))
    ]
    url = f"/api/v1/events/{event.slug}/scans/batch"
    first, second = [(await door.post(url, json={"scans": [scan]})).json()["items"][0] for scan in scans]
    assert (first["outcome"], first["reason"], first["conflict"]) == ("admitted", "withdrawn_since", True)
    assert second["outcome"] == "refused"


async def test_doors_open_two_hours_before_the_start(
    door: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    later = await make_event(world, "later", 9, starts_at=world.now() + timedelta(hours=3))
    [person] = await make_registrations(world, later, ["Tôt Venu"])
    key = await create_api_key(world, SYSTEM, later.body_id, "all", Role.ORGANISER)
    reasons = []
    for number, hours in enumerate((0, 1, 5.01)):
        body = {
            "scan_id": f"s{number}",
            "ticket_code": person.short_code,
            "direction": "out" if number == 3 else "in",
            "scanned_at": (world.now() + timedelta(hours=hours)).isoformat(),
        }
        answer = await door.post(
            "/api/v1/events/later/scans", json=body, headers={"authorization": f"Bearer {key}"}
        )
        reasons.append(answer.json()["reason"])
    assert reasons == ["doors_closed", "ok", "already_in"]
    body = {"scan_id": "s9", "ticket_code": person.short_code}
    assert (await door.post("/api/v1/events/later/scans", json=body)).status_code == 403


async def test_whoever_goes_out_uncounted_is_wished_well_and_noted(
    scan: ScanCall, world: World, event: EventRecord, people: list[Registration]
) -> None:
    out = await scan(people[0].short_code, "o1", direction="out")
    assert (out["outcome"], out["reason"]) == ("left", "not_inside")
    assert "noted" in out["detail"]
    assert await presence_count(event.id) == 0
    assert len(await db.rows("SELECT id FROM scan")) == 1
    assert (await scan(people[0].short_code, "o2"))["reason"] == "ok"


async def test_scan_ids_are_each_device_s_own(
    door: httpx.AsyncClient, world: World, event: EventRecord, people: list[Registration]
) -> None:
    url = f"/api/v1/events/{event.slug}/scans"
    by_key, found = dict(door.headers), []
    for number, device in enumerate(("left", "right")):
        body = {"scan_id": "1", "ticket_code": people[number].short_code, "device": device}
        found.append((await door.post(url, json=body)).json())
    _, token = await devices.offer_enrolment(world, SYSTEM, event, "Porte A", "")
    await door.post(f"/door/enrol/{token}")
    del door.headers["authorization"]
    body = {"scan_id": "1", "ticket_code": people[2].short_code, "device": "left"}
    found.append((await door.post(url, json=body)).json())
    assert [answer["outcome"] for answer in found] == ["admitted"] * 3
    assert len({answer["device"] for answer in found}) == 3
    door.headers["authorization"] = by_key["authorization"]
    undo = {"scan_id": "2", "device": "left"}
    assert (await door.post(f"{url}/1/void", json={"scan_id": "2"})).status_code == 404, "whose is not said"
    assert (await door.post(f"{url}/1/void", json=undo)).json()["outcome"] == "voided"
    assert await presence_count(event.id) == 2
    gone = await db.rows("SELECT id FROM presence WHERE registration = {}", people[0].id)
    assert gone == []


async def test_a_scan_id_is_not_used_for_another_scan(
    door: httpx.AsyncClient, scan: ScanCall, world: World, event: EventRecord, people: list[Registration]
) -> None:
    codes = [await code_of(world, event, person) for person in people]
    first = await scan(codes[0], "same")
    url = f"/api/v1/events/{event.slug}/scans"
    body = {"scan_id": "same", "ticket_code": codes[0]}
    for other in ({"ticket_code": codes[1]}, {"direction": "out"}, {"session": "a1"}, {"ticket_code": "x"}):
        answer = await door.post(url, json=body | other)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/scan-id-reused"), other
    items = (
        await door.post(
            f"{url}/batch",
            json={
                "scans": [
                    body,
                    body | {"ticket_code": codes[1]},
                    {"scan_id": "twice", "ticket_code": codes[1]},
                    {"scan_id": "twice", "ticket_code": codes[2]},
                ]
            },
        )
    ).json()["items"]
    assert [(item["scan_id"], item["outcome"]) for item in items] == [
        ("same", "admitted"),
        ("twice", "admitted"),
        ("same", "error"),
        ("twice", "error"),
    ]
    assert items[0] == first
    assert [(item["problem"]["index"], item["problem"]["status"]) for item in items[2:]] == [
        (1, 409),
        (3, 409),
    ]
    assert await presence_count(event.id) == 2
