"""The agenda and the page of one event, as everybody sees them."""

import json
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from events_app.infra import database as db
from events_app.infra.world import World
from tests.integration.features.events.test_api import EVENTS, MONKEY_TIME, WORKSHOP


@pytest.fixture
async def published(client: httpx.AsyncClient, organiser_key: str) -> dict[str, str]:
    """The key's header; the Monkey Time is online."""
    key = {"authorization": f"Bearer {organiser_key}"}
    body = MONKEY_TIME | {"summary": "Deux heures de coaching <script>alert(1)</script>"}
    assert (await client.post(EVENTS, json=body, headers=key)).status_code == 201
    path = f"{EVENTS}/monkey-time-lens"
    assert (await client.post(f"{path}/sessions", json=WORKSHOP, headers=key)).status_code == 201
    assert (await client.post(f"{path}/publish", headers=key)).status_code == 200
    return key


async def test_the_event_page_says_what_when_and_where(
    client: httpx.AsyncClient, published: dict[str, str]
) -> None:
    answer = await client.get("/events/monkey-time-lens")
    assert answer.status_code == 200
    for words in (
        "Monkey Time",
        "mardi 10 avril 2018, 14\u202fh\u00a0– 16\u202fh",
        "Maison syndicale des mineurs",
        "Je veux reprendre confiance en moi",
        'href="/events/monkey-time-lens/register"',
        "https://www.openstreetmap.org/search?query=",
        '<link rel="canonical" href="http://testserver.local/events/monkey-time-lens">',
    ):
        assert words in answer.text
    assert "<script>alert" not in answer.text


async def test_its_structured_data_is_read_back(client: httpx.AsyncClient, published: dict[str, str]) -> None:
    html = (await client.get("/events/monkey-time-lens")).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    assert (data["@type"], data["startDate"], data["endDate"]) == (
        "Event",
        "2018-04-10T14:00+02:00",
        "2018-04-10T16:00+02:00",
    )
    assert data["description"] == "Deux heures de coaching <script>alert(1)</script>"
    assert data["location"]["address"]["addressLocality"] == "Lens"
    assert data["maximumAttendeeCapacity"] == 40


async def test_the_rendered_page_is_kept_until_something_changes(
    client: httpx.AsyncClient, published: dict[str, str], world: World
) -> None:
    path = f"{EVENTS}/monkey-time-lens"
    first = await client.get("/events/monkey-time-lens")
    etag = {"if-none-match": first.headers["etag"]}
    assert (await client.get("/events/monkey-time-lens", headers=etag)).status_code == 304

    async def changed() -> bool:
        answer = await client.get("/events/monkey-time-lens", headers=etag)
        etag["if-none-match"] = answer.headers["etag"]
        return answer.status_code == 200

    await client.patch(path, json={"title": "Monkey Time, bis"}, headers=published)
    assert await changed()
    await client.patch(f"{path}/sessions/confiance", json={"room": "Salle 9"}, headers=published)
    assert await changed()
    await client.delete(f"{path}/sessions/confiance", headers=published)
    assert await changed()
    await client.post(f"{path}/sessions", json=WORKSHOP, headers=published)
    assert await changed()
    assert not await changed()
    english = await client.get("/events/monkey-time-lens", headers={"accept-language": "en"} | etag)
    assert "Tuesday 10 April 2018" in english.text


async def test_the_page_changes_with_the_clock_alone(
    client: httpx.AsyncClient, published: dict[str, str], world: World
) -> None:
    assert "/register" in (await client.get("/events/monkey-time-lens")).text
    world.clock.advance(timedelta(days=41))  # type: ignore[attr-defined]
    assert "/register" not in (await client.get("/events/monkey-time-lens")).text


async def test_a_cancelled_event_says_so(client: httpx.AsyncClient, published: dict[str, str]) -> None:
    await client.post(f"{EVENTS}/monkey-time-lens/cancel", json={"reason": "Neige"}, headers=published)
    html = (await client.get("/events/monkey-time-lens")).text
    assert "Neige" in html
    assert "/register" not in html
    assert "EventCancelled" in html


@pytest.mark.parametrize("slug", ["nothing", "%00", "..%2f", "x" * 200])
async def test_an_unknown_event_is_a_kind_page(client: httpx.AsyncClient, slug: str) -> None:
    answer = await client.get(f"/events/{slug}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


async def test_the_agenda_is_searched_by_words_commune_and_dates(
    client: httpx.AsyncClient, published: dict[str, str]
) -> None:
    async def found(**query: str) -> bool:
        answer = await client.get("/", params=query)
        assert answer.status_code == 200
        return 'href="/events/monkey-time-lens"' in answer.text

    assert await found()
    assert await found(q="MONKEY coaching")
    assert await found(commune="lens")
    assert await found(**{"from": "2018-04-10", "to": "2018-04-10"})
    assert not await found(q="théâtre")
    assert not await found(commune="Béthune")
    assert not await found(commune="Lille")
    assert not await found(**{"from": "2018-04-11"})
    assert await found(after="cut")


async def test_a_wrong_date_is_said_and_kept(client: httpx.AsyncClient, published: dict[str, str]) -> None:
    answer = await client.get("/", params={"from": "<b>", "q": "\x00"})
    assert answer.status_code == 422
    assert 'value="&lt;b&gt;"' in answer.text


async def test_events_by_link_and_by_invitation_are_not_listed(
    client: httpx.AsyncClient, published: dict[str, str]
) -> None:
    for visibility in ("link", "invited"):
        await client.patch(f"{EVENTS}/monkey-time-lens", json={"visibility": visibility}, headers=published)
        assert "monkey-time-lens" not in (await client.get("/")).text
        assert '<meta name="robots" content="noindex">' in (await client.get("/events/monkey-time-lens")).text


async def test_communes_are_suggested(client: httpx.AsyncClient) -> None:
    assert (await client.get("/communes", params={"q": "lens"})).json()[0] == {
        "insee": "62498",
        "name": "Lens",
        "postcodes": ["62300"],
    }
    assert (await client.get("/communes")).json() == []


async def test_the_stamp_moves_with_every_commit_and_only_then(database: str) -> None:
    first = db.change_stamp()
    if db.is_postgres():
        assert first is None
        return
    assert db.change_stamp() == first
    await db.execute("INSERT INTO counter (name, value) VALUES ('x', 1)")
    second = db.change_stamp()
    assert second != first
    await db.rows("SELECT value FROM counter")
    assert db.change_stamp() == second
    await db.close_database()
    assert db.change_stamp() not in (first, second)


@pytest.mark.parametrize("path", ["/", "/api/v1/events", "/org"])
async def test_a_list_asks_the_database_as_often_for_three_events_as_for_one(
    client: httpx.AsyncClient, published: dict[str, str], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    asked: list[str] = []
    engine = db.engine()
    run_raw = engine.run_raw

    async def counted(sql: str, *args: Any) -> Any:
        asked.append(sql)
        return await run_raw(sql, *args)

    monkeypatch.setattr(engine, "run_raw", counted)

    async def statements() -> int:
        asked.clear()
        answer = await client.get(path, headers=published)
        assert answer.status_code == 200
        assert "monkey-time-lens" in answer.text
        return len(asked)

    one = await statements()
    for number in (2, 3):
        body = MONKEY_TIME | {"slug": f"monkey-time-{number}"}
        assert (await client.post(EVENTS, json=body, headers=published)).status_code == 201
        await client.post(f"{EVENTS}/monkey-time-{number}/publish", headers=published)
    assert await statements() == one
