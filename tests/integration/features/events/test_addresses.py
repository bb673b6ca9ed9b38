"""Every title has an address of its own, whatever it is."""

import httpx
import pytest

from events_app.features.events.queries import free_slug
from events_app.infra.world import World
from events_app.kernel.text import is_slug, slugify
from tests.factories import make_event

TITLES = ["New", "Enrol", "新しい", "x" * 200, "Monkey Time", "Nouveau"]


@pytest.mark.parametrize("title", TITLES)
async def test_an_event_of_any_title_gets_its_pages(
    client: httpx.AsyncClient, world: World, organiser_key: str, title: str
) -> None:
    await make_event(world)
    client.headers["authorization"] = f"Bearer {organiser_key}"
    form = {
        "title": title,
        "starts_at": "2018-09-10T14:00",
        "ends_at": "2018-09-10T16:00",
        "capacity": "40",
    }
    for _ in range(2):
        made = await client.post("/org/events/new/free", data=form)
        assert made.status_code == 303, made.text
        slug = made.headers["location"].split("/")[3]
        assert is_slug(slug)
        page = await client.get(f"/org/events/{slug}/edit")
        assert page.status_code == 200
    wanted = slugify(title)
    assert await free_slug(wanted) not in ("new", "enrol", wanted)


@pytest.mark.parametrize("title", ["New", "新しい"])
async def test_a_session_of_any_title_gets_its_page(
    client: httpx.AsyncClient, world: World, organiser_key: str, title: str
) -> None:
    event = await make_event(world)
    client.headers["authorization"] = f"Bearer {organiser_key}"
    form = {
        "title": title,
        "kind": "other",
        "starts_at": "2018-04-10T14:00",
        "ends_at": "2018-04-10T15:00",
    }
    assert (await client.post(f"/org/events/{event.slug}/programme/new", data=form)).status_code == 303
    answer = await client.get(f"/api/v1/events/{event.slug}/sessions")
    [session] = answer.json()["items"]
    assert session["code"] != "new"
    page = await client.get(f"/org/events/{event.slug}/programme/{session['code']}")
    assert title in page.text
