"""Names that papers cannot show are said to the organiser, by page and API, before anything is printed."""

import httpx
import pytest

from events_app.features.accounts import members, sign_in
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.accounts.service import ensure_first_body
from events_app.infra.processes import paper_shop
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration

# A private use: no font shows them, so that the test says the same everywhere.
FIRST, SECOND = "\U0010fff0", "\U0010fff1"


@pytest.fixture
async def organiser(client: httpx.AsyncClient, world: World) -> httpx.AsyncClient:
    account = await members.add_member(
        world, SYSTEM, await ensure_first_body(world), "o@example.org", "organiser", invite=False
    )
    link = await sign_in.make_link(world, account, LINK_LIFE)
    await client.post(link.removeprefix(world.settings.base_url))
    return client


async def test_names_that_no_font_shows_are_counted(organiser: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    for given in ("Zoé", "Łukasz", "Оксана", f"Nur{FIRST}", f"Sun{FIRST}{SECOND}"):
        await make_registration(world, event, given_name=given)
    try:
        said = await organiser.get(f"/api/v1/events/{event.slug}/papers")
        page = await organiser.get(f"/org/events/{event.slug}", headers={"accept-language": "en"})
    finally:
        await paper_shop.close()
    assert said.json() == {"names": 2, "letters": FIRST + SECOND, "packages": []}
    assert "2 names have letters that PDF tickets, cards and lists cannot show" in page.text


async def test_an_event_of_usual_names_is_warned_of_nothing(
    organiser: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    await make_registration(world, event, given_name="Zoé")
    said = await organiser.get(f"/api/v1/events/{event.slug}/papers")
    assert said.json() == {"names": 0, "letters": "", "packages": []}
    page = await organiser.get(f"/org/events/{event.slug}", headers={"accept-language": "en"})
    assert "cannot show" not in page.text
