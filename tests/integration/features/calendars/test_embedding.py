"""The agenda within another site's page: framed nowhere else, no scripts, no cookies."""

import html
import re

import httpx

from events_app.infra.world import World
from tests.factories import make_event


async def test_the_agenda_and_an_event_may_stand_in_a_frame_and_nothing_else_may(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world, title="Monkey <Time>", venue_insee="62498", venue_commune="Lens")
    await make_event(world, slug="cache", title="Par lien", visibility="link")
    await make_event(world, slug="brouillon", title="Brouillon", status="draft")
    for path in ("/embed/agenda", "/embed/agenda?commune=Lens&lang=en", f"/embed/events/{event.slug}"):
        answer = await client.get(path)
        assert answer.status_code == 200, path
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors *" in policy
        assert "script-src" not in policy
        assert "form-action 'none'" in policy
        assert "set-cookie" not in answer.headers
        assert "<script" not in answer.text
        assert "Monkey &lt;Time&gt;" in answer.text
        assert "Par lien" not in answer.text
        assert "Brouillon" not in answer.text
        assert '<base target="_blank">' in answer.text
    assert "Monkey" not in (await client.get("/embed/agenda?commune=Arras")).text
    for path in (
        "/",
        f"/events/{event.slug}",
        f"/events/{event.slug}/register",
        "/follow",
        "/embed/agenda?x=1",
    ):
        assert "frame-ancestors 'none'" in (await client.get(path)).headers["content-security-policy"], path
    assert (await client.get("/embed/agenda?commune=Paris")).status_code == 400
    assert (await client.get("/embed/events/brouillon")).status_code == 404
    assert (await client.get("/embed/events/nulle-part")).status_code == 404


async def test_the_page_says_what_to_paste(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, title='Un "titre" <b>')
    for path, name in (
        ("/follow?commune=62498&q=x", "Événements"),
        (f"/events/{event.slug}/follow", event.title),
    ):
        page = (await client.get(path)).text
        pasted = [
            html.unescape(text) for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
        ]
        assert html.unescape(re.findall(r'title="([^"]*)"', pasted[0])[0]) == name
        assert html.unescape(re.findall(r">([^<]*)</a>", pasted[1])[0]) == name
        address = html.unescape(re.findall(r'src="([^"]*)"', pasted[0])[0])
        shown = await client.get(address.removeprefix("http://testserver.local"))
        assert "frame-ancestors *" in shown.headers["content-security-policy"]
