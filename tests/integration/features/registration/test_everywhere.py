"""One search over all that one may see, and nothing of others."""

from typing import Any

import httpx
import pytest

from events_app.features.accounts.bodies import add_body
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def found(desk: httpx.AsyncClient, q: str) -> dict[str, Any]:
    answer = await desk.get("/api/v1/search", params={"q": q})
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def test_people_of_all_own_events_are_found_and_those_of_others_are_not(
    desk: httpx.AsyncClient, world: World
) -> None:
    first = await make_event(world, title="Forum de l'énergie", search_text="forum de l energie")
    second = await make_event(world, slug="plus-tard", starts_at=first.starts_at.replace(year=2019))
    elsewhere = await add_body(world, SYSTEM, "la Ligue")
    foreign = await make_event(world, slug="ailleurs", title="Secret", search_text="forum", body=elsewhere.id)
    for event in (first, second, foreign):
        await make_registration(
            world, event, given_name="Zoé", family_name="Le Goff", organisation="Énergie Lens"
        )

    for typed in ("zoe goff", "LEGOFF", "goff zo", "energie goff"):
        assert [each["event"] for each in (await found(desk, typed))["people"]] == ["plus-tard", first.slug]
    assert [each["slug"] for each in (await found(desk, "forum"))["events"]] == [first.slug]
    assert (await found(desk, "goff martin"))["people"] == []


async def test_sessions_and_organisations_are_found(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    await make_session(world, event, "cloture", title="Clôture", room="Amphithéâtre", coach="Léa Petit")

    for typed in ("cloture", "amphi", "lea pet"):
        assert [each["code"] for each in (await found(desk, typed))["sessions"]] == ["cloture"]
    assert [each["slug"] for each in (await found(desk, event.body_name[:6]))["bodies"]] == [event.body_slug]


@pytest.mark.parametrize("typed", ["", "a", "%", "__", "'", "zz zz zz zz zz zz zz zz zz zz"])
async def test_too_little_or_too_much_finds_nothing(
    desk: httpx.AsyncClient, world: World, typed: str
) -> None:
    await make_registration(world, await make_event(world))

    assert await found(desk, typed) == {"events": [], "people": [], "sessions": [], "bodies": []}


async def test_the_page_leads_to_what_was_found(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    person = await make_registration(world, event, family_name="Quévrechin")

    page = await desk.get("/org/search", params={"q": "quevr", "lang": "en"})
    nothing = await desk.get("/org/search", params={"q": "xyzw", "lang": "en"})
    members = await desk.get("/org/search", params={"q": "membr", "lang": "fr"})

    assert f"/org/events/{event.slug}/registrations/{person.id}" in page.text
    assert "Nothing found" in nothing.text
    assert 'href="/org/members"' in members.text
