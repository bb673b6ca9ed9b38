"""The agenda for news readers, and a session to follow."""

from datetime import timedelta
from xml.etree import ElementTree

import httpx
import icalendar
import pytest

from events_app.features.events.content import SessionChanges
from events_app.features.events.service import postpone_event
from events_app.features.events.sessions import edit_session
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_session

pytestmark = pytest.mark.usefixtures("database")
ATOM = "{http://www.w3.org/2005/Atom}"


async def test_atom_and_json_say_the_same_and_hold_what_is_public_and_to_come(
    world: World, client: httpx.AsyncClient
) -> None:
    event = await make_event(world, title="Forum <b>&amp; \x0brencontres", summary="Venez « tous »")
    await make_event(world, visibility="link")
    await make_event(world, status="draft")
    await make_event(
        world,
        starts_at=world.now() - timedelta(days=3),
        ends_at=world.now() - timedelta(days=2),
    )
    other = await make_event(world, title="Autre", venue_insee="62041")
    await postpone_event(world, SYSTEM, other.slug, "Neige")
    atom = await client.get("/agenda.atom")
    assert atom.headers["content-type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(atom.content).findall(f"{ATOM}entry")  # noqa: S314 - ours
    feed = (await client.get("/agenda.json")).json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    titles = {item["title"] for item in feed["items"]}
    assert titles == {"Forum <b>&amp; rencontres", "Reporté\u202f: Autre"}
    assert {entry.findtext(f"{ATOM}title") for entry in entries} == titles
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [item["id"] for item in feed["items"]]
    assert {item["id"] for item in feed["items"]} == {f"urn:uuid:{event.id}", f"urn:uuid:{other.id}"}
    assert (
        "10 avril 2018" in next(i for i in feed["items"] if i["id"].endswith(str(event.id)))["content_text"]
    )
    again = await client.get("/agenda.atom", headers={"if-none-match": atom.headers["etag"]})
    assert again.status_code == 304
    assert len((await client.get("/agenda.json?commune=62498")).json()["items"]) == 1
    assert (await client.get("/agenda.atom?couleur=rouge")).status_code == 400


async def test_a_session_can_be_followed(world: World, client: httpx.AsyncClient) -> None:
    event = await make_event(world)
    await make_session(world, event, "mental", room="Salle 1")
    address = f"/events/{event.slug}/sessions/mental/calendar.ics"
    (entry,) = icalendar.Calendar.from_ical((await client.get(address)).content).walk("VEVENT")
    await edit_session(world, SYSTEM, event.slug, "mental", SessionChanges(room="Salle 2"))
    (then,) = icalendar.Calendar.from_ical((await client.get(address)).content).walk("VEVENT")
    assert (entry["UID"], "Salle 2" in then["LOCATION"]) == (then["UID"], True)
    assert then["SEQUENCE"] > entry["SEQUENCE"]
    assert (await client.get(f"/events/{event.slug}/sessions/autre/calendar.ics")).status_code == 404
