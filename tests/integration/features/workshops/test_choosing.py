"""Sessions that people choose themselves: first come, first served, one at a time."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from events_app.app import introduce_features
from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.registration import approval, withdrawal
from events_app.features.registration.choices import SessionFull
from events_app.features.registration.links import manage_path, manage_url
from events_app.features.registration.model import Companion
from events_app.features.workshops.choosing import choose
from events_app.features.workshops.queries import occupancy_of, places_of
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import again, make_event, make_registration, make_session

HALF = timedelta(minutes=30)


@pytest.fixture(autouse=True)
def features() -> None:
    introduce_features()


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def session(
    world: World, event: EventRecord, code: str, after: int = 0, most: int | None = None
) -> SessionRecord:
    """Half an hour, so many half hours after the start."""
    starts_at = event.starts_at + after * HALF
    return await make_session(
        world,
        event,
        code,
        kind="other",
        slot="",
        choice="places",
        starts_at=starts_at,
        ends_at=starts_at + HALF,
        capacity_min=None,
        capacity_max=most,
    )


async def programme(world: World, **fields: Any) -> EventRecord:
    """Two sessions at one time, the first with two places, and one later."""
    event = await make_event(world, **fields)
    await session(world, event, "energie", most=2)
    await session(world, event, "mobilite")
    await session(world, event, "cloture", after=2, most=40)
    return event


async def codes_of(person: Any) -> list[str]:
    return [place.session.code for place in await places_of(person.id)]


async def test_places_are_taken_and_said(desk: httpx.AsyncClient, world: World) -> None:
    event = await programme(world)
    person = await make_registration(world, event)

    answer = await desk.put(
        f"/api/v1/registrations/{person.id}/sessions", json={"sessions": ["cloture", "energie"]}
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["sessions"] == ["cloture", "energie"]
    assert [place["session"] for place in answer.json()["places"]] == ["energie", "cloture"]
    found = (await desk.get("/api/v1/events/monkey-time/sessions/energie")).json()
    assert (found["choice"], found["places"]) == ("places", {"capacity": 2, "taken": 1, "left": 1})
    del desk.headers["authorization"]
    public = (await desk.get("/api/v1/events/monkey-time/sessions")).json()["items"]
    assert [each["places"]["taken"] for each in public] == [None, None, None]


async def test_a_full_session_and_two_at_one_time_are_refused(desk: httpx.AsyncClient, world: World) -> None:
    event = await programme(world)
    for _ in range(2):
        await make_registration(world, event, sessions=["energie"])
    person = await make_registration(world, event, sessions=["mobilite"])

    async def put(*codes: str) -> tuple[int, str]:
        path = f"/api/v1/registrations/{person.id}/sessions"
        answer = await desk.put(path, json={"sessions": list(codes)})
        return answer.status_code, answer.json().get("type", "").rpartition("/")[2]

    assert await put("energie") == (409, "session-full")
    assert await put("energie", "mobilite") == (409, "session-overlap")
    assert await put("inconnue") == (422, "invalid-input")
    assert await codes_of(person) == ["mobilite"]
    assert await put() == (200, "")
    assert await codes_of(person) == []


async def test_another_session_frees_the_first(desk: httpx.AsyncClient, world: World) -> None:
    event = await programme(world)
    people = [await make_registration(world, event, sessions=["energie"]) for _ in range(2)]

    await choose(world, SYSTEM, people[0].id, ["mobilite"])
    await make_registration(world, event, sessions=["energie"])
    await withdrawal.cancel(world, SYSTEM, people[1].id)
    last = await make_registration(world, event, sessions=["energie", "cloture"])

    assert await codes_of(people[0]) == ["mobilite"]
    assert await codes_of(last) == ["energie", "cloture"]


async def test_nobody_is_oversold_when_all_choose_at_once(database: str, world: World) -> None:
    event = await programme(world)
    people = [await make_registration(world, event) for _ in range(12)]

    outcomes = await asyncio.gather(
        *(choose(world, SYSTEM, person.id, ["energie"]) for person in people), return_exceptions=True
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, SessionFull)]
    assert len(refused) == 10
    assert sorted((await occupancy_of(event.id)).values()) == [2]


async def test_whoever_registers_together_is_not_oversold(database: str, world: World) -> None:
    event = await programme(world)

    outcomes = await asyncio.gather(
        *(make_registration(world, event, email=f"p{n}@example.org", sessions=["energie"]) for n in range(6)),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, SessionFull) for outcome in outcomes) == 4
    assert sorted((await occupancy_of(event.id)).values()) == [2]


async def test_whoever_leads_a_group_chooses_for_all_of_it(database: str, world: World) -> None:
    event = await programme(world, max_companions=3)
    lead = await make_registration(
        world, event, sessions=["energie"], companions=[Companion("Nur", "Delattre")]
    )

    assert sorted((await occupancy_of(event.id)).values()) == [2]
    await choose(world, SYSTEM, lead.id, ["energie", "cloture"])  # their own places are no hindrance
    assert sorted((await occupancy_of(event.id)).values()) == [2, 2]
    with pytest.raises(SessionFull):
        await make_registration(world, event, sessions=["energie"])


async def test_who_is_accepted_later_gets_what_is_left_then(database: str, world: World) -> None:
    event = await programme(world, approval=True)
    people = [await make_registration(world, event, sessions=["energie", "cloture"]) for _ in range(3)]

    for person in people:
        await approval.approve(world, SYSTEM, person.id)

    assert [await codes_of(person) for person in people] == [
        ["energie", "cloture"],
        ["energie", "cloture"],
        ["cloture"],
    ]


async def test_the_form_and_the_personal_page_offer_them(client: httpx.AsyncClient, world: World) -> None:
    event = await programme(world)
    client.headers["accept-language"] = "en"
    form = {
        "email": "nour@example.org",
        "given_name": "Nour",
        "sessions.0": "energie",
        "sessions.1": "cloture",
    }

    page = await client.get("/events/monkey-time/register")
    assert page.text.count('value="energie"') == 1
    sent = await client.post("/events/monkey-time/register", data=form)
    assert sent.status_code == 303
    assert len(await occupancy_of(event.id)) == 2

    person = await make_registration(world, event, sessions=["energie"])
    third = await client.post(
        "/events/monkey-time/register", data=form | {"email": "zoe@example.org", "sessions.1": ""}
    )
    assert third.status_code == 409
    assert "“Energie” has no place left. Please choose another session." in third.text
    mine = await client.get(manage_path(world, person))
    assert "Chosen sessions" in mine.text
    changed = await client.post(manage_path(world, person) + "/sessions", data={"sessions.0": "mobilite"})
    assert changed.status_code == 303
    assert await codes_of(person) == ["mobilite"]


async def test_what_has_begun_is_neither_taken_nor_left(client: httpx.AsyncClient, world: World) -> None:
    event = await programme(world)
    hours = {"starts_at": world.now() - HALF, "ends_at": world.now() + HALF}
    await make_session(world, event, "avant", kind="other", slot="", choice="places", **hours)
    person = await make_registration(world, event, sessions=["avant"])
    token = manage_url(world, person).rpartition("/")[2]
    headers = {"authorization": f"Bearer {token}"}
    path = f"/api/v1/registrations/{person.id}/sessions"

    kept = await client.put(path, json={"sessions": ["cloture"]}, headers=headers)
    await choose(world, SYSTEM, person.id, [])
    late = await client.put(path, json={"sessions": ["avant"]}, headers=headers)

    assert kept.json()["sessions"] == ["avant", "cloture"]
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "not-possible-now")


async def test_a_session_with_people_is_not_opened_to_everybody(
    desk: httpx.AsyncClient, world: World
) -> None:
    event = await programme(world)
    await make_registration(world, event, sessions=["energie"])
    path = "/api/v1/events/monkey-time/sessions/energie"

    refused = await desk.patch(path, json={"choice": "open"})
    wrong = await desk.patch(path, json={"choice": "wishes"})

    assert [error["pointer"] for error in refused.json()["errors"]] == ["/choice"]
    assert [error["code"] for error in wrong.json()["errors"]] == ["no-workshop"]


async def test_workshops_may_go_by_places_and_the_placement_leaves_them(
    desk: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    await make_session(world, event, "mental", choice="places")
    person = await make_registration(world, event, sessions=["mental"])

    refused = await desk.put(
        f"/api/v1/registrations/{person.id}/preferences", json={"preferences": ["mental"]}
    )
    people = await desk.get("/api/v1/events/monkey-time/registrations", params={"session": "mental"})

    assert refused.status_code == 422
    assert [each["id"] for each in people.json()["items"]] == [str((await again(person)).id)]


async def test_the_list_shows_places_and_who_came(desk: httpx.AsyncClient, world: World) -> None:
    event = await programme(world)
    person = await make_registration(world, event, sessions=["energie", "cloture"])
    code = await ticket_code_of(world, event, person)
    scan = ScanRequest(scan_id="un", ticket_code=code, gate="Nord", scanned_at=event.starts_at)
    await record_scan(world, SYSTEM, event, scan)

    columns = {"columns": "1", "column": ["places", "presence"]}
    page = await desk.get("/org/events/monkey-time/registrations", params=columns)

    assert "Energie ; Cloture" in page.text
    assert re.search(r'data-label="Came in at">[^<]*2018', page.text)
