"""The evening itself: presence, announced rounds, the board of the screen and of the phone."""

import asyncio
from collections import Counter
from datetime import timedelta
from itertools import combinations
from typing import Any

import httpx
import pytest

from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.model import EventRecord, Question
from events_app.features.events.service import cancel_event
from events_app.features.registration import links, withdrawal
from events_app.features.registration.model import RegistrationRecord
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session

ROOM = "/api/v1/events/monkey-time/sessions/soir/room"
PAGE = "/org/events/monkey-time/networking/soir"
COMES, RECEIVES = "Candidat", "Structure qui recrute"
SIDES = Question(code="cote", label="Vous êtes", kind="one_choice", choices=[COMES, RECEIVES])
TABLES = {"rounds": 3, "minutes": 20, "pause_minutes": 5, "tables": 4}
PAIRS = {
    "rounds": 3,
    "minutes": 10,
    "pause_minutes": 2,
    "sides": {"question": "cote", "a": [COMES], "b": [RECEIVES]},
}


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def evening(
    desk: httpx.AsyncClient, world: World, kind: str, people: int = 12
) -> tuple[EventRecord, list[RegistrationRecord]]:
    """With a published plan. Of speed-dating, the first three receive."""
    event = await make_event(world, questions=[SIDES])
    await make_session(world, event, "soir", kind=kind, slot="", capacity_min=None, capacity_max=None)
    registered = [
        await make_registration(
            world,
            event,
            family_name=f"Numéro{number:02}",
            organisation=f"Structure {number}" if number < 3 else "",
            answers={"cote": RECEIVES if number < 3 else COMES},
        )
        for number in range(people)
    ]
    settings = TABLES if kind == "networking" else PAIRS
    assert (await desk.put(ROOM, json=settings)).status_code == 200
    plan = (await desk.post(f"{ROOM}/proposals", json={"seed": 5})).json()
    assert (await desk.post(f"/api/v1/plans/{plan['id']}/publish")).status_code == 200
    return event, registered


async def board(desk: httpx.AsyncClient) -> dict[str, Any]:
    answer = await desk.get(f"{ROOM}/board")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def tap(desk: httpx.AsyncClient, person: RegistrationRecord, state: str) -> None:
    answer = await desk.post(f"{ROOM}/presence", json={"registration": str(person.id), "state": state})
    assert answer.status_code == 200, answer.text


async def announce(desk: httpx.AsyncClient, number: int | None = None) -> dict[str, Any]:
    answer = await desk.post(f"{ROOM}/next", json={} if number is None else {"round": number})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def seated(shown: dict[str, Any], number: int) -> list[str]:
    return [p["id"] for table in shown["rounds"][number - 1]["tables"] for p in table["people"]]


def places(shown: dict[str, Any], number: int) -> dict[str, int]:
    tables = shown["rounds"][number - 1]["tables"]
    return {p["id"]: table["number"] for table in tables for p in table["people"]}


@pytest.mark.parametrize("kind", ["networking", "speed_dating"])
async def test_announced_rounds_stay_while_people_come_and_leave(
    desk: httpx.AsyncClient, world: World, kind: str
) -> None:
    _, people = await evening(desk, world, kind)
    absent, late, leaving = people[3], people[4], people[5]
    await tap(desk, absent, "absent")
    await tap(desk, late, "late")

    first = await announce(desk)
    assert first["announced"] == 1
    assert not {str(absent.id), str(late.id)} & set(seated(first, 1))
    assert str(absent.id) not in seated(first, 2)

    await tap(desk, late, "here")
    await tap(desk, leaving, "left")
    second = await announce(desk)
    assert places(second, 1) == places(first, 1)
    assert str(leaving.id) not in seated(second, 2)
    last = await announce(desk)
    assert (places(last, 1), places(last, 2)) == (places(first, 1), places(second, 2))
    for number in (1, 2, 3):
        here = seated(last, number)
        assert len(here) == len(set(here))
    if kind == "networking":
        assert str(late.id) in seated(last, 2)
        pairs = Counter(
            pair
            for each in last["rounds"]
            for table in each["tables"]
            for pair in combinations(sorted(p["id"] for p in table["people"]), 2)
        )
        assert max(pairs.values()) == 1


async def test_the_door_says_who_is_here(desk: httpx.AsyncClient, world: World) -> None:
    event, people = await evening(desk, world, "networking")
    assert {person["state"] for person in (await board(desk))["people"]} == {"here"}  # nobody scans

    for number, person in enumerate(people[:9]):
        code = await ticket_code_of(world, event, person)
        scan = ScanRequest(
            scan_id=f"scan-{number}", ticket_code=code, gate="Nord", scanned_at=event.starts_at
        )
        await record_scan(world, SYSTEM, event, scan)
    shown = await board(desk)
    states = {person["id"]: person["state"] for person in shown["people"]}
    assert [states[str(person.id)] for person in people] == ["here"] * 9 + ["expected"] * 3

    first = await announce(desk)
    assert set(seated(first, 1)) == {str(person.id) for person in people[:9]}
    assert {str(person.id) for person in people[9:]} <= set(seated(first, 2))  # they may still come


async def test_two_organisers_announce_a_round_once(desk: httpx.AsyncClient, world: World) -> None:
    await evening(desk, world, "networking")

    both = await asyncio.gather(*(desk.post(f"{ROOM}/next", json={"round": 1}) for _ in range(2)))

    assert [answer.status_code for answer in both] == [200, 200]
    assert (await board(desk))["announced"] == 1
    too_far = await desk.post(f"{ROOM}/next", json={"round": 3})
    assert too_far.json()["errors"][0]["pointer"] == "/round"


async def test_what_waited_for_the_network_counts_at_its_time(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(desk, world, "networking")
    now = world.now()
    person = str(people[0].id)
    body = {"registration": person, "state": "left", "at": now.isoformat()}
    await desk.post(f"{ROOM}/presence", json=body)
    early = {"registration": person, "state": "here", "at": (now - timedelta(minutes=5)).isoformat()}
    await desk.post(f"{ROOM}/presence", json=early)
    states = {each["id"]: each["state"] for each in (await board(desk))["people"]}
    assert states[person] == "left"

    began = now - timedelta(minutes=3)
    shown = (await desk.post(f"{ROOM}/next", json={"round": 1, "at": began.isoformat()})).json()
    assert shown["rounds"][0]["starts_at"] == began.isoformat().replace("+00:00", "Z")
    assert shown["rounds"][1]["starts_at"] == (began + timedelta(minutes=25)).isoformat().replace(
        "+00:00", "Z"
    )


async def test_the_personal_page_follows_the_evening(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(desk, world, "networking")
    for person in people[1:5]:
        await tap(desk, person, "absent")

    shown = await announce(desk)

    mine = (await desk.get(links.manage_url(world, people[0]))).text
    for number in (1, 2, 3):
        assert f"Table {places(shown, number)[str(people[0].id)]}" in mine


@pytest.mark.parametrize("kind", ["networking", "speed_dating"])
async def test_the_calendar_says_the_tables(desk: httpx.AsyncClient, world: World, kind: str) -> None:
    _, people = await evening(desk, world, kind)
    shown = await board(desk)
    person = people[5]
    mine = {
        each["number"]: table["number"]
        for each in shown["rounds"]
        for table in each["tables"]
        if str(person.id) in [p["id"] for p in table["people"]]
    }

    feed = (await desk.get(links.calendar_url(world, person))).text.replace("\r\n ", "")

    entry = next(part for part in feed.split("BEGIN:VEVENT") if "UID:seats-" in part)
    for table in mine.values():
        assert f"table {table}" in entry
    if kind == "speed_dating":
        assert "Structure " in entry
    await withdrawal.cancel(world, SYSTEM, person.id)
    assert "UID:seats-" not in (await desk.get(links.calendar_url(world, person))).text


async def test_announced_rounds_cannot_be_changed_by_hand(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(desk, world, "networking")
    page = await desk.get(PAGE)
    plan = page.text.partition(f"{PAGE}/plans/")[2][:36]
    await announce(desk)

    move = {"registration": str(people[0].id), "round": 1, "table": 1}
    refused = await desk.patch(f"/api/v1/plans/{plan}", json={"moves": [move]})
    other = (await desk.post(f"{ROOM}/proposals", json={"seed": 9})).json()
    replaced = await desk.post(f"/api/v1/plans/{other['id']}/publish")

    assert [a.json()["type"] for a in (refused, replaced)] == ["/problems/rounds-announced"] * 2


async def test_nobody_here_and_nothing_published_and_the_end(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    await make_session(world, event, "soir", kind="networking", slot="", capacity_min=None, capacity_max=None)
    people = [await make_registration(world, event) for _ in range(4)]
    assert (await desk.post(f"{ROOM}/next", json={})).json()["type"] == "/problems/nothing-published"
    assert (await desk.get(f"{PAGE}/live")).status_code == 409
    await desk.put(ROOM, json={"rounds": 2, "minutes": 10, "tables": 2})
    plan = (await desk.post(f"{ROOM}/proposals", json={})).json()
    await desk.post(f"/api/v1/plans/{plan['id']}/publish")
    for person in people:
        await tap(desk, person, "absent")

    assert seated(await announce(desk), 1) == []
    await announce(desk)
    assert (await desk.post(f"{ROOM}/next", json={})).json()["type"] == "/problems/no-round-left"
    await withdrawal.cancel(world, SYSTEM, people[0].id)
    gone = await desk.post(f"{ROOM}/presence", json={"registration": str(people[0].id), "state": "here"})
    assert gone.status_code == 404


async def test_a_cancelled_event_announces_nothing(desk: httpx.AsyncClient, world: World) -> None:
    await evening(desk, world, "networking")
    await cancel_event(world, SYSTEM, "monkey-time", "Neige")

    assert (await desk.post(f"{ROOM}/next", json={})).json()["type"] == "/problems/event-not-announced"


async def test_an_unchanged_board_is_not_sent_again(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(desk, world, "networking")
    tag = (await desk.get(f"{ROOM}/board")).headers["etag"]

    assert (await desk.get(f"{ROOM}/board", headers={"if-none-match": tag})).status_code == 304
    await tap(desk, people[0], "late")
    assert (await desk.get(f"{ROOM}/board", headers={"if-none-match": tag})).status_code == 200


async def test_the_phone_works_without_javascript(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(desk, world, "networking")
    page = (await desk.get(f"{PAGE}/live")).text
    assert "No round is announced yet" in page
    assert "Announce round 1" in page

    away = {"registration": str(people[0].id), "state": "absent"}
    assert (await desk.post(f"{PAGE}/live/presence", data=away)).status_code == 303
    for _ in range(2):  # pressed twice
        assert (await desk.post(f"{PAGE}/live/next", data={"round": "1"})).status_code == 303
    page = (await desk.get(f"{PAGE}/live")).text
    assert "Round 1 of 3" in page
    assert "Announce round 2" in page
    screen = (await desk.get(f"{PAGE}/screen")).text
    assert people[1].name in screen
