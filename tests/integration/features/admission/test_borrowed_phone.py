"""A borrowed phone: its link, the one door that it opens, and giving it back."""

from datetime import timedelta

import httpx
import pytest

from events_app.features.accounts import members, sign_in
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.admission import devices
from events_app.features.events.model import EventRecord
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.clock import FixedClock
from tests.integration.features.admission.rows import make_event, make_registrations


@pytest.fixture
async def event(database: str, world: World) -> EventRecord:
    return await make_event(world)


async def link(world: World, event: EventRecord, gate: str = "Porte A") -> str:
    return "/door/enrol/" + (await devices.offer_enrolment(world, SYSTEM, event, gate, ""))[1]


async def test_a_used_link_says_so_and_leads_the_enrolled_phone_to_its_door(
    client: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    client.headers["accept-language"] = "fr"
    used = await link(world, event)
    assert (await client.post(used)).headers["location"] == "/door/monkey-time"
    for answer in (await client.get(used), await client.post(used)):
        assert (answer.status_code, answer.headers["location"]) == (303, "/door/monkey-time")
    client.cookies.clear()
    for answer in (await client.get(used), await client.post(used)):
        assert answer.status_code == 410
        assert "Ce lien a déjà servi" in answer.text
        assert "se connectent" in answer.text
    assert (await client.get("/door/enrol/nothing")).status_code == 404


async def test_an_expired_or_revoked_link_says_so(
    client: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    late, revoked = await link(world, event), await link(world, event)
    newest = (await devices.devices_of(event.id))[0]
    await devices.revoke(world, SYSTEM, event, newest.id)
    assert isinstance(world.clock, FixedClock)
    first = {(await client.get(address)).status_code for address in (late, revoked)}
    assert first == {200, 410}
    world.clock.advance(timedelta(minutes=11))
    for address in (late, revoked):
        assert (await client.get(address)).status_code == 410
        assert (await client.post(address)).status_code == 410


async def test_a_member_is_led_to_the_door_by_a_used_link(
    client: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    used = await link(world, event)
    await client.post(used)
    client.cookies.clear()
    account = await members.add_member(
        world, SYSTEM, event.body_id, "odile@example.org", "door", invite=False
    )
    session = await sign_in.make_link(world, account, LINK_LIFE)
    await client.post(session.removeprefix(world.settings.base_url))
    assert (await client.get(used)).headers["location"] == "/door/monkey-time"


async def test_an_enrolled_phone_may_be_given_another_gate(
    client: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    await client.post(await link(world, event, "Porte A"))
    second = await link(world, event, "Porte B")
    assert (await client.get(second)).status_code == 200
    await client.post(second)
    assert "Porte B" in (await client.get("/door/monkey-time")).text


async def test_a_phone_opens_its_door_and_nothing_else(
    client: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    [person] = await make_registrations(world, event, ["Anne Dupont"])
    await client.post(await link(world, event))
    for path in ("/org", "/org/events/monkey-time", "/org/account", "/org/members", "/org/coach"):
        assert (await client.get(path)).status_code in (403, 404), path
    assert (await client.get("/api/v1/events/monkey-time/stats")).status_code == 403
    assert 'href="/org' not in (await client.get("/")).text
    scan = {"scan_id": "s1", "ticket_code": person.short_code}
    assert (await client.post("/api/v1/events/monkey-time/scans", json=scan)).status_code == 200
    assert (await client.get("/door/monkey-time")).status_code == 200


async def test_a_phone_is_given_back_with_a_button(
    client: httpx.AsyncClient, world: World, event: EventRecord
) -> None:
    await client.post(await link(world, event))
    page = await client.get("/door/monkey-time", headers={"accept-language": "fr"})
    assert "Rendre ce téléphone" in page.text
    kept = client.cookies["convive_door"]
    back = await client.post("/door/monkey-time/give-back")
    assert (back.status_code, back.headers["location"]) == (303, "/")
    client.cookies.set("convive_door", kept, domain="testserver.local")
    answer = await client.get("/door/monkey-time")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fdoor%2Fmonkey-time")
    [noted] = await db.rows("SELECT action FROM audit_entry WHERE action LIKE 'door_device.given%'")
    assert noted["action"] == "door_device.given_back"
