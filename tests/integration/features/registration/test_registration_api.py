"""The public API of registrations, by HTTP."""

from typing import Any

import httpx
import pytest

from events_app.features.events.model import ConsentPurpose, Question, ShownWhen
from events_app.infra.world import World
from tests.factories import make_event, make_registration, make_workshops

PERSON = {"email": "lea@example.org", "given_name": "Léa", "family_name": "Martin"}


def key(organiser_key: str, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {organiser_key}"} | more


async def post(
    client: httpx.AsyncClient, slug: str, headers: dict[str, str] | None = None, **fields: Any
) -> Any:
    return await client.post(f"/api/v1/events/{slug}/registrations", json=PERSON | fields, headers=headers)


async def test_an_organiser_gets_the_ticket_and_the_links(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    await make_event(world, capacity=1)
    first = await post(client, "monkey-time", key(organiser_key), companions=0, consent=True)
    assert first.status_code == 201
    answer = first.json()
    assert list(answer) == [
        "id",
        "status",
        "waiting_position",
        "ticket_code",
        "manage_url",
        "calendar_url",
    ]
    assert (answer["status"], answer["waiting_position"]) == ("confirmed", None)
    assert len(answer["ticket_code"]) == 122
    assert answer["manage_url"].startswith("http://testserver.local/me/")
    assert answer["calendar_url"].endswith("/calendar.ics")
    second = await post(client, "monkey-time", key(organiser_key), email="tom@example.org")
    assert (second.json()["status"], second.json()["waiting_position"]) == ("waiting", 1)
    repeated = await post(client, "monkey-time", key(organiser_key))
    assert (repeated.status_code, repeated.json()["type"]) == (409, "/problems/already-registered")


async def test_a_stranger_cannot_tell_who_is_registered(client: httpx.AsyncClient, world: World) -> None:
    await make_event(world)
    new, known = await post(client, "monkey-time"), await post(client, "monkey-time")
    assert (new.status_code, known.status_code) == (201, 201)
    assert new.json() | {"id": ""} == known.json() | {"id": ""}
    assert new.json()["id"] != known.json()["id"]
    assert new.json()["manage_url"] is None
    assert set(new.headers) == set(known.headers)


@pytest.mark.parametrize("capacity", [1, 2, 8, 10, 40, 1000, None])
@pytest.mark.parametrize("others", [0, 1, 3])
async def test_nothing_public_moves_with_one_registration(
    client: httpx.AsyncClient, world: World, organiser_key: str, capacity: int | None, others: int
) -> None:
    """Whoever looks before and after learns no more from somebody new than from somebody known."""
    event = await make_event(world, capacity=capacity)
    for _ in range(others):
        await make_registration(world, event)
    was_full = await public(client)
    await post(client, "monkey-time")
    now = await public(client)
    if capacity is not None and others == capacity - 1:
        assert now != was_full  # the last place is gone, which must be said
    else:
        assert now == was_full
    exact = (await client.get("/api/v1/events/monkey-time", headers=key(organiser_key))).json()["places"]
    assert exact["confirmed"] + exact["waiting"] == others + 1


async def public(client: httpx.AsyncClient) -> list[str]:
    """All that everybody may read about the event and that could move, tags of the answers with it."""
    found = []
    for url in ("/", "/events/monkey-time", "/api/v1/events", "/api/v1/events/monkey-time", "/calendar.ics"):
        answer = await client.get(url)
        found += [answer.text, answer.headers.get("etag", ""), answer.headers.get("last-modified", "")]
    return found


async def test_closed_unknown_and_unready_events(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    await make_event(world, slug="closed", registration_closes_at=world.now())
    await make_event(world, slug="draft", status="draft")
    assert (await post(client, "closed")).json()["type"] == "/problems/registration-closed"
    assert (await post(client, "closed", key(organiser_key))).status_code == 409
    assert (await post(client, "draft")).status_code == 404
    assert (await post(client, "draft", key(organiser_key))).status_code == 409
    assert (await post(client, "nowhere")).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'{"email": "a@example.org"}', 422),
        (b'{"email": "\\ud800@x.org", "given_name": "a", "family_name": "b"}', 400),
        (b'{"email": "a@example.org", "given_name": "a", "family_name": "b", "surprise": 1}', 422),
        (b'{"email": "a@example.org", "given_name": 1, "family_name": "b"}', 422),
        (b'{"email": "a@example.org", "given_name": "a", "family_name": "b", "companions": -1}', 422),
        (b'{"email": "a@example.org", "given_name": "a", "family_name": "b", "companions": 1e999}', 422),
        (b'{"email": "a@example.org\\r\\nBcc: b@x.org", "given_name": "a", "family_name": "b"}', 422),
        (b'{"email": "a@example.org", "given_name": "a", "family_name": "b", "insee": "99999"}', 422),
        (b'{"email": "a@example.org", "given_name": "a", "family_name": "b", "answers": {"x": 1}}', 422),
        (b'{"email": "a@example.org", "given_name": "a", "family_name": "b", "consent": ["x"]}', 422),
        (b'{"email": "a@example.org", "given_name": "\\u202e\\u0000", "family_name": "b"}', 422),
    ],
)
async def test_bad_bodies(client: httpx.AsyncClient, world: World, body: bytes, status: int) -> None:
    await make_event(world)
    url = "/api/v1/events/monkey-time/registrations"
    answer = await client.post(url, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_strange_names_are_kept_as_text(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    await make_event(world)
    for number, name in enumerate(("<script>alert(1)</script>", "=cmd()", "שרה", "Zoë 🙂", "O'Brien\r\nX")):
        made = await post(
            client, "monkey-time", key(organiser_key), email=f"p{number}@example.org", given_name=name
        )
        assert made.status_code == 201
        shown = await client.get(f"/api/v1/registrations/{made.json()['id']}", headers=key(organiser_key))
        assert shown.json()["given_name"] == name.replace("\r\n", " ")


async def test_questions_consents_and_every_pointer(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    await make_event(
        world,
        questions=[
            Question("job", "In work", "yes_no", required=True),
            Question("where", "Where", "short_text", required=True, shown_when=ShownWhen("job", ["yes"])),
            Question("day", "Day", "date"),
        ],
        consents=[ConsentPurpose("photo", "Photographs"), ConsentPurpose("data", "Data", required=True)],
    )
    refused = await post(client, "monkey-time", answers={"job": True, "day": "2018-02-30", "x": "y"})
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [
        ("/answers/x", "unknown"),
        ("/answers/where", "required"),
        ("/answers/day", "invalid"),
        ("/consent/data", "required"),
    ]
    made = await post(
        client, "monkey-time", key(organiser_key), answers={"job": "no", "where": "dropped"}, consent=True
    )
    shown = await client.get(f"/api/v1/registrations/{made.json()['id']}", headers=key(organiser_key))
    assert shown.json()["answers"] == {"job": False}


async def test_reading_changing_and_withdrawing_with_revisions(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    event = await make_event(world, capacity=1)
    await make_workshops(world, event)
    made = (await post(client, "monkey-time", key(organiser_key))).json()
    waits = (await post(client, "monkey-time", key(organiser_key), email="tom@example.org")).json()
    url = f"/api/v1/registrations/{made['id']}"
    assert (await client.get(url)).status_code == 401
    read = await client.get(url, headers=key(organiser_key))
    assert read.headers["etag"] == '"1"'
    stale = key(organiser_key, **{"if-match": '"7"'})
    assert (await client.patch(url, json={"given_name": "Lia"}, headers=stale)).status_code == 412
    fresh = key(organiser_key, **{"if-match": read.headers["etag"]})
    changed = await client.patch(url, json={"given_name": "Lia", "insee": "62498"}, headers=fresh)
    assert (changed.json()["given_name"], changed.json()["commune"], changed.json()["revision"]) == (
        "Lia",
        "Lens",
        2,
    )
    wishes = await client.put(
        url + "/preferences", json={"preferences": ["mental", "confiance"]}, headers=key(organiser_key)
    )
    assert wishes.json()["preferences"] == ["mental", "confiance"]
    twice = await client.put(
        url + "/preferences", json={"preferences": ["mental", "mental"]}, headers=key(organiser_key)
    )
    assert twice.json()["errors"][0]["pointer"] == "/preferences/1"
    cancelled = await client.post(url + "/cancel", headers=key(organiser_key))
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    promoted = await client.get(f"/api/v1/registrations/{waits['id']}", headers=key(organiser_key))
    assert promoted.json()["status"] == "confirmed"


async def test_the_personal_link_opens_one_registration_and_nothing_else(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    event = await make_event(world)
    await make_workshops(world, event)
    mine = (await post(client, "monkey-time", key(organiser_key))).json()
    other = (await post(client, "monkey-time", key(organiser_key), email="tom@example.org")).json()
    link = key(mine["manage_url"].rpartition("/")[2])
    url = f"/api/v1/registrations/{mine['id']}"
    wishes = await client.put(url + "/preferences", json={"preferences": ["mental"]}, headers=link)
    assert wishes.json()["preferences"] == ["mental"]
    taken = await client.patch(url, json={"email": "tom@example.org"}, headers=link)
    assert taken.json()["errors"][0]["code"] == "not-changeable"
    assert (await client.get(f"/api/v1/registrations/{other['id']}", headers=link)).status_code == 403
    assert (await client.get("/api/v1/events/monkey-time/registrations", headers=link)).status_code == 401
    assert (await client.post(url + "/approve", headers=link)).status_code == 401
    assert (await client.post(url + "/cancel", headers=link)).json()["status"] == "cancelled"


async def test_the_list_goes_page_by_page(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    await make_event(world, capacity=2)
    for number in range(3):
        await post(client, "monkey-time", key(organiser_key), email=f"p{number}@example.org")
    url = "/api/v1/events/monkey-time/registrations"
    first = (await client.get(url, params={"limit": 2}, headers=key(organiser_key))).json()
    assert [item["email"] for item in first["items"]] == ["p0@example.org", "p1@example.org"]
    rest = (await client.get(url, params={"cursor": first["next_cursor"]}, headers=key(organiser_key))).json()
    assert [item["waiting_position"] for item in rest["items"]] == [1]
    assert rest["next_cursor"] is None
    for wrong in ({"limit": 0}, {"limit": 501}, {"cursor": "x"}, {"status": "x"}, {"session": "x"}):
        assert (await client.get(url, params=wrong, headers=key(organiser_key))).status_code in (400, 422)


async def test_approval(client: httpx.AsyncClient, world: World, organiser_key: str) -> None:
    await make_event(world, approval=True, capacity=1)
    made = [
        (await post(client, "monkey-time", key(organiser_key), email=f"p{number}@example.org")).json()
        for number in range(3)
    ]
    assert [each["status"] for each in made] == ["pending"] * 3
    urls = [f"/api/v1/registrations/{each['id']}" for each in made]
    yes = await client.post(urls[1] + "/approve", headers=key(organiser_key))
    late = await client.post(urls[0] + "/approve", headers=key(organiser_key))
    no = await client.post(urls[2] + "/refuse", headers=key(organiser_key))
    assert [yes.json()["status"], late.json()["status"], no.json()["status"]] == [
        "confirmed",
        "waiting",
        "refused",
    ]
    full = await client.post(urls[0] + "/approve", headers=key(organiser_key))
    assert (full.status_code, full.json()["type"]) == (409, "/problems/no-place-left")


async def test_an_idempotency_key_registers_once(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    await make_event(world)
    headers = key(organiser_key, **{"idempotency-key": "one"})
    answers = [await post(client, "monkey-time", headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert (await post(client, "monkey-time", headers, given_name="Lia")).status_code == 422
