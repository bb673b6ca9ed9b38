"""What programs find: the addresses that everybody may know, and nothing that is somebody's own."""

from io import BytesIO
from xml.etree import ElementTree

import httpx
from PIL import Image

from events_app.infra.world import World
from tests.factories import make_event

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


async def test_the_sitemap_names_what_is_announced_publicly(client: httpx.AsyncClient, world: World) -> None:
    await make_event(world, slug="pour-tous")
    await make_event(world, slug="par-lien", visibility="link")
    await make_event(world, slug="sur-invitation", visibility="invited")
    await make_event(world, slug="brouillon", status="draft")
    answer = await client.get("/sitemap.xml")
    found = ElementTree.fromstring(answer.text).findall("s:url/s:loc", SPACE)  # noqa: S314 - our own
    base = world.settings.base_url
    assert [each.text for each in found] == [f"{base}/", f"{base}/events/pour-tous"]
    [changed] = ElementTree.fromstring(answer.text).findall("s:url/s:lastmod", SPACE)  # noqa: S314
    assert changed.text == world.now().date().isoformat()


async def test_robots_keep_out_of_what_is_personal(client: httpx.AsyncClient, world: World) -> None:
    lines = (await client.get("/robots.txt")).text.splitlines()
    assert {"Disallow: /me/", "Disallow: /tickets/", "Disallow: /org"} <= set(lines)
    assert f"Sitemap: {world.settings.base_url}/sitemap.xml" in lines


async def test_every_icon_that_is_named_is_there(client: httpx.AsyncClient) -> None:
    manifest = (await client.get("/site.webmanifest")).json()
    for icon in manifest["icons"]:
        answer = await client.get(icon["src"])
        assert answer.headers["content-type"] == "image/png"

        assert "x".join(map(str, Image.open(BytesIO(answer.content)).size)) == icon["sizes"]
    for habit in ("/favicon.ico", "/apple-touch-icon.png"):
        led = await client.get(habit, follow_redirects=True)
        assert led.headers["content-type"] == "image/png"


async def test_a_poster_leads_to_the_event(client: httpx.AsyncClient, world: World) -> None:
    await make_event(world, slug="brouillon", status="draft")
    await make_event(world, slug="monkey-time", title="Œuf <&> fête")
    assert (await client.get("/events/brouillon/qr.svg")).status_code == 404
    drawn = await client.get("/events/monkey-time/qr.svg")
    assert drawn.status_code == 200, drawn.text[:3000]
    assert drawn.headers["content-type"] == "image/svg+xml"
    root = ElementTree.fromstring(drawn.text)  # noqa: S314 - our own
    assert root[0].text == "Œuf <&> fête"


async def test_who_followed_a_cut_link_finds_a_search(client: httpx.AsyncClient) -> None:
    lost = await client.get("/events/nulle-part", headers={"accept": "text/html", "accept-language": "fr"})
    assert lost.status_code == 404
    assert 'action="/"' in lost.text
    assert 'href="/my-tickets"' in lost.text


async def test_a_link_preview_has_a_picture_of_the_size_it_says(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_event(world, slug="monkey-time", title="Œuf <&> fête \N{PARTY POPPER} 中文 " * 8)
    page = (await client.get("/events/monkey-time")).text
    assert f'content="{world.settings.base_url}/events/monkey-time/cover.png?1"' in page
    drawn = await client.get("/events/monkey-time/cover.png?1")
    assert Image.open(BytesIO(drawn.content)).size == (1200, 630)
    kept = await client.get("/events/monkey-time/cover.png", headers={"if-none-match": drawn.headers["etag"]})
    assert kept.status_code == 304
