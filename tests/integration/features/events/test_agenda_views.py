"""The agenda as a list, a month and a map: each holds what the same filter finds."""

import re
from datetime import UTC, datetime

import httpx
import pytest

from events_app.infra.world import World
from tests.factories import make_event

LENS, LIEVIN, BETHUNE = "62498", "62510", "62119"


@pytest.fixture
async def events(client: httpx.AsyncClient, world: World) -> None:
    """Three in April and May, one of them by link; an own format, a commune elsewhere."""

    async def there(slug: str, month: int, insee: str | None, commune: str, **more: object) -> None:
        starts = datetime(2018, month, 10, 12, tzinfo=UTC)
        ends = starts.replace(hour=14)
        await make_event(
            world,
            slug=slug,
            title=f"Chez {slug}",
            starts_at=starts,
            ends_at=ends,
            venue_insee=insee,
            venue_commune=commune,
            **more,
        )

    await there("lens", 4, LENS, "Lens", format="forum")
    await there("lievin", 4, LIEVIN, "Liévin", format="own-kind")
    await there("bethune", 5, BETHUNE, "Béthune", format="forum")
    await there("cache", 4, LENS, "Lens", visibility="link")
    await there("lille", 5, None, "Lille")


def found(page: str) -> set[str]:
    return set(re.findall(r'href="/events/([a-z]+)"', page))


async def test_each_view_holds_what_the_filter_finds(client: httpx.AsyncClient, events: None) -> None:
    for query, wanted in (
        ("", {"lens", "lievin", "bethune", "lille"}),
        ("?format=forum", {"lens", "bethune"}),
        ("?format=own-kind", {"lievin"}),
        ("?view=month&month=2018-04", {"lens", "lievin"}),
        ("?view=month&month=2018-05&format=forum", {"bethune"}),
        ("?view=month", set()),  # of today, in March
        ("?view=month&month=2018-13", set()),
        ("?view=unknown&format=nothing", set()),
    ):
        answer = await client.get("/" + query)
        assert (answer.status_code, found(answer.text)) == (200, wanted), query
    on_map = (await client.get("/?view=map&format=forum")).text.partition('class="map-list"')[2]
    assert re.findall(r'<li><a href="(/\?[^"]*)">', on_map) == [
        "/?format=forum&amp;commune=B%C3%A9thune",
        "/?format=forum&amp;commune=Lens",
    ]


async def test_a_commune_shows_what_is_around_it_the_nearest_first(
    client: httpx.AsyncClient, events: None
) -> None:
    for named in ("Lens", "lens", LENS):
        page = (await client.get("/", params={"commune": named})).text
        here, _, around = page.partition('id="around"')
        assert found(here) == {"lens"}, named
        assert 'href="/follow?commune=62498"' in page
        assert re.findall(r'href="/events/([a-z]+)"', around)[0] == "lievin"
    assert 'id="around"' not in (await client.get("/?commune=Lille")).text


async def test_the_address_of_each_view_keeps_what_was_asked(client: httpx.AsyncClient, events: None) -> None:
    page = (await client.get("/?q=chez&commune=Lens&view=month&month=2018-04")).text
    views = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    assert views is not None
    assert re.findall(r'href="([^"]*)"', views[0]) == [
        "/?q=chez&amp;commune=Lens",
        "/?q=chez&amp;commune=Lens&amp;view=month",
        "/?q=chez&amp;commune=Lens&amp;view=map",
    ]
    assert 'name="view" value="month"' in page
    for month in ("2000-01", "2200-12"):
        assert (await client.get(f"/?view=month&month={month}")).status_code == 200
