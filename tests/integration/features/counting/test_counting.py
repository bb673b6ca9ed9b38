"""Counting where nobody registers: once each, in any order, by several phones, and what is read then."""

import random
from datetime import timedelta
from typing import Any

import httpx
import pytest

from events_app.features.accounts.service import create_api_key
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from tests.factories import make_event

TALLIES = "/api/v1/events/fete/tallies"


@pytest.fixture
async def fete(client: httpx.AsyncClient, world: World, organiser_key: str) -> Any:
    event = await make_event(world, slug="fete", registration_required=False)
    client.headers["authorization"] = f"Bearer {organiser_key}"
    return event


def tally(number: int, **said: Any) -> dict[str, Any]:
    return {"tally_id": f"t{number}", "site": "Parc", "direction": "in", "count": 1} | said


async def send(client: httpx.AsyncClient, *tallies: dict[str, Any], device: str = "a") -> list[str]:
    answer = await client.post(TALLIES, json={"tallies": list(tallies), "device": device})
    assert answer.status_code == 200, answer.text
    return [each["status"] for each in answer.json()["tallies"]]


async def test_each_count_is_taken_once_and_the_order_does_not_matter(
    client: httpx.AsyncClient, world: World, fete: Any
) -> None:
    chance = random.Random(7)  # noqa: S311 - the same every time
    all_of_them = [
        tally(
            number,
            site=chance.choice(["Parc", "Terril"]),
            direction=chance.choice(["in", "in", "out"]),
            count=chance.randint(1, 10),
            at=(world.now() - timedelta(minutes=number % 90)).isoformat(),
        )
        for number in range(60)
    ]
    sent = all_of_them + all_of_them[:20]  # some of them twice
    chance.shuffle(sent)
    statuses = []
    for start in range(0, len(sent), 9):
        statuses += await send(client, *sent[start : start + 9])
    assert statuses.count("kept") == 60
    assert statuses.count("known") == 20
    figures = (await client.get(TALLIES)).json()
    for site in figures["sites"]:
        mine = [each for each in all_of_them if each["site"] == site["site"]]
        assert site["entered"] == sum(each["count"] for each in mine if each["direction"] == "in")
        assert site["left"] == sum(each["count"] for each in mine if each["direction"] == "out")
        hours = [hour for hour in figures["hours"] if hour["site"] == site["site"]]
        assert sum(hour["entered"] for hour in hours) == site["entered"]
        assert site["peak"] >= site["inside"]


async def test_two_phones_may_use_the_same_ids_and_one_phone_may_not(
    client: httpx.AsyncClient, fete: Any
) -> None:
    assert await send(client, tally(1, count=5), device="a") == ["kept"]
    assert await send(client, tally(1, count=3), device="b") == ["kept"]
    assert await send(client, tally(1, count=5), device="a") == ["known"]
    assert await send(client, tally(1, count=4), device="a") == ["refused"]
    assert (await client.get(TALLIES)).json()["entered"] == 8


async def test_one_that_cannot_be_counted_does_not_hold_up_the_others(
    client: httpx.AsyncClient, fete: Any
) -> None:
    assert await send(client, tally(1), tally(2, count=0), tally(3, site=""), tally(4)) == [
        "kept",
        "refused",
        "refused",
        "kept",
    ]
    for wrong in (
        {"tallies": "x"},
        {"tallies": [{"tally_id": "x"}]},
        {"tallies": [tally(5, direction="up")]},
        {"tallies": [tally(5, at="2018-07-01T10:00:00")]},
        {"tallies": [tally(number) for number in range(501)]},
    ):
        assert (await client.post(TALLIES, json=wrong)).status_code in (400, 422), wrong
    assert (await client.get(TALLIES + "?by=gate")).status_code == 422
    assert (await client.get(TALLIES + "?by=hour")).json()["sites"] == []


async def test_a_clock_that_is_ahead_counts_now(client: httpx.AsyncClient, world: World, fete: Any) -> None:
    await send(client, tally(1, at=(world.now() + timedelta(days=400)).isoformat()))
    [hour] = (await client.get(TALLIES)).json()["hours"]
    assert hour["starts_at"][:13] == world.now().isoformat()[:13]


async def test_a_site_that_is_full_is_said_on_the_board(client: httpx.AsyncClient, fete: Any) -> None:
    sites = {"sites": [{"name": "Parc", "gates": ["Nord", "Sud"], "most": 10}]}
    kept = await client.put("/api/v1/events/fete/counting", json=sites)
    assert kept.json() == sites
    stale = await client.put("/api/v1/events/fete/counting", json=sites, headers={"if-match": '"9"'})
    assert stale.status_code == 412
    await send(client, tally(1, count=9, gate="Nord"), tally(2, count=6, site="PARC"))
    [site] = (await client.get(TALLIES)).json()["sites"]
    assert (site["site"], site["inside"], site["gates"]["Nord"]) == ("Parc", 15, 9)


async def test_a_draft_is_not_counted_and_a_reader_counts_nobody(
    client: httpx.AsyncClient, world: World, fete: Any
) -> None:
    await make_event(world, slug="brouillon", status="draft", registration_required=False)
    draft = await client.post("/api/v1/events/brouillon/tallies", json={"tallies": [tally(1)]})
    assert (draft.status_code, draft.json()["type"]) == (409, "/problems/not-counted-now")
    reader = await create_api_key(world, SYSTEM, fete.body_id, "lecture", Role.READER)
    client.headers["authorization"] = f"Bearer {reader}"
    assert (await client.post(TALLIES, json={"tallies": [tally(1)]})).status_code == 403
    assert (await client.get(TALLIES)).status_code == 200
