"""The page of an event's figures: pictures with their tables, and few queries."""

import httpx

from events_app.features.registration import withdrawal
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration

PAGE = "/org/events/monkey-time/statistics"


async def test_figures_stand_beside_their_pictures(
    client: httpx.AsyncClient, organiser_key: str, world: World
) -> None:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    event = await make_event(world)
    assert "No figures yet" in (await client.get(PAGE)).text
    for commune in ("Lens", "Lens", "Paris"):
        await make_registration(world, event, commune=commune, organisation="<Lycée>")
    gone = await make_registration(world, event)
    await withdrawal.cancel(world, SYSTEM, gone.id)

    shown = (await client.get(PAGE)).text

    assert "<title>Lens: 2</title>" in shown
    assert "Paris" in shown
    assert "&lt;Lycée&gt;" in shown
    assert "Licence Ouverte" in shown
    assert "statistics" in (await client.get("/org/events/monkey-time")).text
