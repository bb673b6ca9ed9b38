"""The link of an online event is told to those who have a place, and to nobody else."""

import httpx
import pytest

from events_app.features.mailing.event_letters import about_registration
from events_app.features.registration import links
from events_app.features.registration.job_kinds import CONFIRMATION
from events_app.infra.world import World
from events_app.outputs.markdown import linked
from tests.factories import mail_job, make_event, make_registration

URL = "https://visio.example.org/" + "salle" * 30


async def test_only_those_with_a_place_get_the_link(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    event = await make_event(world, online_url=URL, capacity=1)
    inside = await make_registration(world, event)
    waits = await make_registration(world, event)
    for path in (
        f"/events/{event.slug}",
        f"/events/{event.slug}/register",
        f"/events/{event.slug}/calendar.ics",
        "/calendar.ics",
        "/",
        f"/api/v1/events/{event.slug}",
        "/api/v1/events",
        f"/me/{links.manage_token(world, waits.id)}",
        f"/me/{links.feed_token(world, waits.id)}/calendar.ics",
    ):
        assert "visio.example.org" not in (await client.get(path)).text, path
    mine = (await client.get(f"/me/{links.manage_token(world, inside.id)}")).text
    assert f'href="{URL}"' in mine
    feed = (await client.get(f"/me/{links.feed_token(world, inside.id)}/calendar.ics")).text
    assert URL in feed.replace("\r\n ", "")
    key = {"authorization": f"Bearer {organiser_key}"}
    assert (await client.get(f"/api/v1/events/{event.slug}", headers=key)).json()["online_url"] == URL


async def test_the_mail_holds_the_link(world: World, database: str) -> None:
    event = await make_event(world, online_url=URL)
    person = await make_registration(world, event)
    letter = await about_registration(world, *mail_job(world, CONFIRMATION, person))
    assert letter is not None
    assert letter.facts["event"].online_url == URL


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", "visio", "https://", "ftp://a.example"])
async def test_what_is_no_web_address(
    client: httpx.AsyncClient, world: World, organiser_key: str, wrong: str
) -> None:
    event = await make_event(world)
    answer = await client.patch(
        f"/api/v1/events/{event.slug}",
        json={"online_url": wrong},
        headers={"authorization": f"Bearer {organiser_key}"},
    )
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/online_url"]


def test_an_address_field_with_a_link() -> None:
    assert linked('<b> https://a.example/?x="1') == (
        '&lt;b&gt; <a href="https://a.example/?x=" rel="nofollow noopener">https://a.example/?x=</a>&quot;1'
    )
    assert linked("12 rue d’Arras") == "12 rue d’Arras"


async def test_a_link_in_place_of_an_address_is_looked_for_on_no_map(
    client: httpx.AsyncClient, world: World
) -> None:
    """Nor is it a place to come to for search engines."""
    nowhere = {"venue_name": "", "venue_insee": None, "venue_commune": ""}
    link = await make_event(world, **nowhere, venue_address="https://visio.example.org/salle")
    bare = await make_event(world, **nowhere, venue_address="www.visio.example.org")
    page = await make_event(world, **nowhere, venue_address="", online_url=URL)
    mixed = await make_event(world, online_url=URL)
    for event, way in (
        (link, "OfflineEvent"),
        (bare, "OfflineEvent"),
        (page, "OnlineEvent"),
        (mixed, "MixedEvent"),
    ):
        text = (await client.get(f"/events/{event.slug}")).text
        assert ("openstreetmap" in text) == (event is mixed), event.slug
        assert f"schema.org/{way}AttendanceMode" in text, event.slug
        assert ('"VirtualLocation"' in text) == (event is page)
