"""Whoever is signed in, holds a door or chose a language stays so, whatever else the domain put beside."""

import httpx
import pytest

from events_app.features.accounts import members, sign_in
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.accounts.service import ensure_first_body
from events_app.features.admission import devices
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.integration.features.admission.rows import make_event
from tests.unit.web.test_cookies import FOREIGN


@pytest.fixture
async def ours(client: httpx.AsyncClient, world: World) -> dict[str, str]:
    """A session, a door device and a language, as their cookies carry them."""
    body_id = await ensure_first_body(world)
    account = await members.add_member(
        world, SYSTEM, body_id, "odile@example.org", "administrator", invite=False
    )
    link = await sign_in.make_link(world, account, LINK_LIFE)
    await client.post(link.removeprefix(world.settings.base_url))
    event = await make_event(world)
    _, token = await devices.offer_enrolment(world, SYSTEM, event, "Porte A", "")
    await client.post(f"/door/enrol/{token}")
    found = {name: client.cookies[name] for name in ("convive_session", "convive_door")}
    client.cookies.clear()
    return found


async def _is_everything_kept(client: httpx.AsyncClient, header: list[tuple[str, bytes]]) -> None:
    found = await client.get("/org/account", headers=[*header, ("accept-language", "fr")])
    assert found.status_code == 200, header
    assert 'lang="en"' in found.text


async def test_a_foreign_cookie_costs_nothing(client: httpx.AsyncClient, ours: dict[str, str]) -> None:
    for foreign in FOREIGN:
        other = foreign.encode("latin-1")
        session = f"convive_session={ours['convive_session']}; convive_lang=en".encode()
        await _is_everything_kept(client, [("cookie", other + b"; " + session)])
        await _is_everything_kept(client, [("cookie", session + b";" + other)])
        await _is_everything_kept(client, [("cookie", other), ("cookie", session)])
        door = other + f"; convive_door={ours['convive_door']}".encode()
        assert (await client.get("/door/monkey-time", headers={"cookie": door})).status_code == 200


async def test_a_cookie_of_our_name_from_a_parent_domain_costs_nothing(
    client: httpx.AsyncClient, ours: dict[str, str]
) -> None:
    for name, path in (("convive_session", "/org/account"), ("convive_door", "/door/monkey-time")):
        for values in (("planted", ours[name]), (ours[name], "planted"), ("", ours[name]), ("é", ours[name])):
            header = "; ".join(f"{name}={value}" for value in values).encode()
            assert (await client.get(path, headers={"cookie": header})).status_code == 200, values
