"""The assignments rows of the public contract."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import msgspec

from events_app.features.accounts.service import create_api_key
from events_app.features.accounts.tables import Body
from events_app.features.workshops.solving import verify
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from tests.factories import make_event, make_registration
from tests.integration.features.workshops.afternoon import afternoon

RUNS = "/api/v1/events/monkey-time/assignments"


def by(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def proposed(client: httpx.AsyncClient, key: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(RUNS, json=body, headers=by(key))
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def test_propose_read_and_publish(client: httpx.AsyncClient, world: World, organiser_key: str) -> None:
    scene = await afternoon(world)
    run = await proposed(client, organiser_key, seed=2018, slot="ateliers", objective="generous")
    assert (run["status"], run["seed"], run["slot"], run["revision"]) == ("proposed", 2018, "ateliers", 1)
    objective = run["objective"]
    assert (objective["name"], objective["proven"], objective["moved"]) == ("generous", True, 0)
    assert sum(objective["rank_counts"]) + objective["unassigned"] == 40
    places = run["places"]
    assert {place["registration"] for place in places} == {str(person.id) for person in scene.confirmed}
    for rank, count in enumerate(objective["rank_counts"], start=1):
        assert sum(1 for place in places if place["rank"] == rank) == count
    assert {place["slot"] for place in places} == {"ateliers"}
    assert sum(1 for place in places if place["session"] is None) == objective["unassigned"]
    verify(msgspec.json.encode(run["certificate"]))

    read = await client.get(f"/api/v1/assignments/{run['id']}", headers=by(organiser_key))
    assert (read.json(), read.headers["etag"]) == (run, '"1"')
    done = await client.post(f"/api/v1/assignments/{run['id']}/publish", headers=by(organiser_key))
    assert done.status_code == 200
    assert done.json()["status"] == "published"
    assert done.json()["published_at"].endswith("Z")
    published = {(place["registration"], place["session"]) for place in done.json()["places"]}
    assert published == {(place["registration"], place["session"]) for place in places}
    assert done.json()["objective"] == objective
    leaver = next(place["registration"] for place in places if place["session"])
    await client.post(f"/api/v1/registrations/{leaver}/cancel", headers=by(organiser_key))
    later = (await client.get(f"/api/v1/assignments/{run['id']}", headers=by(organiser_key))).json()
    assert leaver not in {place["registration"] for place in later["places"]}
    counted = [place["rank"] for place in later["places"]]
    assert later["objective"]["rank_counts"] == [counted.count(rank) for rank in (1, 2, 3)]


async def test_the_list_has_the_newest_first(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    await afternoon(world, people=6)
    ids = []
    for seed in range(3):
        ids.append((await proposed(client, organiser_key, seed=seed))["id"])
        world.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
    first = (await client.get(f"{RUNS}?limit=2", headers=by(organiser_key))).json()
    assert [run["id"] for run in first["items"]] == [ids[2], ids[1]]
    rest = await client.get(f"{RUNS}?limit=2&cursor={first['next_cursor']}", headers=by(organiser_key))
    assert [run["id"] for run in rest.json()["items"]] == [ids[0]]
    assert rest.json()["next_cursor"] is None


async def test_the_same_idempotency_key_proposes_once(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    await afternoon(world, people=6)
    headers = by(organiser_key) | {"idempotency-key": "once"}
    first, second = [await client.post(RUNS, json={}, headers=headers) for _ in range(2)]
    assert first.json() == second.json()
    assert len((await client.get(RUNS, headers=by(organiser_key))).json()["items"]) == 1


async def test_locks_and_changes_by_hand(client: httpx.AsyncClient, world: World, organiser_key: str) -> None:
    scene = await afternoon(world, people=20)
    locks = [{"registration": str(person.id), "session": "mental"} for person in scene.people[:5]]
    run = await proposed(client, organiser_key, locks=locks)
    held = [place for place in run["places"] if place["locked"]]
    assert [(p["registration"], p["session"]) for p in held] == [
        (lock["registration"], lock["session"]) for lock in locks
    ]
    address = f"/api/v1/assignments/{run['id']}"
    who = str(scene.people[0].id)
    change = {"places": [{"registration": who, "session": "reseauter", "locked": False}]}
    stale = await client.patch(address, json=change, headers=by(organiser_key) | {"if-match": '"9"'})
    assert stale.status_code == 412
    done = await client.patch(address, json=change, headers=by(organiser_key) | {"if-match": '"1"'})
    assert done.status_code == 200
    assert done.json()["revision"] == 2
    assert done.json()["certificate"] is None
    place = next(place for place in done.json()["places"] if place["registration"] == who)
    assert (place["session"], place["locked"], place["reason"]) == ("reseauter", False, "by_hand")


async def test_what_is_refused_says_where(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    scene = await afternoon(world, people=12)
    other = await make_event(world)
    stranger = await make_registration(world, other)
    mine = str(scene.people[0].id)
    full = [{"registration": str(person.id), "session": "mental"} for person in scene.people[:9]]
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"slot": "nowhere"}, ["/slot"]),
        ({"objective": "luck"}, ["/objective"]),
        ({"seed": -1}, ["/seed"]),
        ({"seed": 2**60}, ["/seed"]),
        ({"locks": [{"registration": str(stranger.id), "session": "mental"}]}, ["/locks/0/registration"]),
        (
            {"locks": [{"registration": str(uuid4()), "session": "no"}]},
            ["/locks/0/registration", "/locks/0/session"],
        ),
        (
            {"locks": [{"registration": mine, "session": s} for s in ("mental", "confiance")]},
            ["/locks/1/session"],
        ),
        ({"locks": full}, ["/locks/8/session"]),
        ({"balance": {"max_share_of_one_profile": 1.5}}, ["/balance/max_share_of_one_profile"]),
        (
            {"balance": {"at_least_one_of_profiles": ["student", "pirate"]}},
            ["/balance/at_least_one_of_profiles/1"],
        ),
    ]
    for body, pointers in cases:
        answer = await client.post(RUNS, json=body, headers=by(organiser_key))
        assert answer.status_code == 422, body
        assert [error["pointer"] for error in answer.json()["errors"]] == pointers
    for body in (
        {"unknown": 1},
        {"locks": 3},
        {"seed": "x"},
        {"locks": [{"registration": "x", "session": "y"}]},
    ):
        answer = await client.post(RUNS, json=body, headers=by(organiser_key))
        assert answer.status_code == 422, (body, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    nobody = await client.post("/api/v1/events/monkey-time-2/assignments", json={}, headers=by(organiser_key))
    assert (nobody.status_code, nobody.json()["type"]) == (409, "/problems/nothing-to-place")
    run = await proposed(client, organiser_key)
    for body in (
        {"places": []},
        {"places": [{"registration": mine}]},
        {"places": [{"registration": mine, "session": "no"}]},
    ):
        answer = await client.patch(f"/api/v1/assignments/{run['id']}", json=body, headers=by(organiser_key))
        assert answer.status_code == 422, body


async def test_only_its_own_organisers(client: httpx.AsyncClient, world: World, organiser_key: str) -> None:
    await afternoon(world, people=6)
    run = await proposed(client, organiser_key)
    stranger = Body(id=world.new_id(), slug="other", name="Other", created_at=world.now())
    await stranger.save()
    foreign = await create_api_key(world, SYSTEM, stranger.id, "foreign", Role.ORGANISER)
    address = f"/api/v1/assignments/{run['id']}"
    assert (await client.post(RUNS, json={}, headers=by(foreign))).status_code == 403
    assert (await client.get(RUNS, headers=by(foreign))).status_code == 403
    assert (await client.get(address, headers=by(foreign))).status_code == 404
    assert (await client.post(f"{address}/publish", headers=by(foreign))).status_code == 404
    assert (await client.post(f"{address}/publish")).status_code == 401
    assert (await client.get(f"/api/v1/assignments/{uuid4()}", headers=by(organiser_key))).status_code == 404
