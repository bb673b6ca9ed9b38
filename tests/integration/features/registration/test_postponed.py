"""A postponed event has no date: what its old one would shut stays open, nothing is said as if it held."""

from datetime import timedelta
from html import unescape

import httpx
import pytest

from events_app.features.events.listing import EventFilter, list_events
from events_app.features.events.service import cancel_event, postpone_event
from events_app.features.registration.approval import approve
from events_app.features.registration.links import manage_url
from events_app.features.registration.model import Companion
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import again, make_event, make_registration, make_workshops

FRENCH = {"accept-language": "fr"}


async def read(client: httpx.AsyncClient, url: str) -> str:
    return unescape((await client.get(url, headers=FRENCH)).text)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=30)])
async def test_a_place_is_kept_and_can_be_changed_whatever_the_old_date(
    client: httpx.AsyncClient, world: World, later: timedelta
) -> None:
    event = await make_event(
        world,
        starts_at=world.now() + timedelta(hours=1),
        ends_at=world.now() + timedelta(hours=2),
        max_companions=1,
    )
    await make_workshops(world, event)
    person = await make_registration(world, event, companions=[Companion("Tom", "Bo")])
    await postpone_event(world, SYSTEM, event.slug, "Travaux")
    world.clock.advance(later)  # type: ignore[attr-defined]
    home = manage_url(world, person)
    page = await read(client, home)
    assert page.count("Place gardée") == 2
    assert "Place confirmée" not in page
    assert f"{home.removeprefix(world.settings.base_url)}/wishes" in page
    asked = await read(client, home + "/withdraw")
    assert "Les 2 places de Personne Numéro 1, Tom Bo sont rendues aussitôt." in asked
    wishes = await client.post(home + "/wishes", data={"preference_1": "mental"})
    assert wishes.status_code == 303
    assert (await client.post(home + "/withdraw")).status_code == 303
    assert (await again(person)).status == "cancelled"


async def test_of_a_cancelled_event_nobody_has_a_confirmed_place(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world, max_companions=1)
    person = await make_registration(world, event, companions=[Companion("Tom", "Bo")])
    await cancel_event(world, SYSTEM, event.slug, "Neige")
    assert "Place confirmée" not in await read(client, manage_url(world, person))


async def test_what_waits_for_a_date_is_not_among_the_past(world: World, database: str) -> None:
    event = await make_event(world)
    wanted = EventFilter(public=False, bodies=[event.body_id])
    long_after = event.ends_at + timedelta(days=30)
    await postpone_event(world, SYSTEM, event.slug, "Travaux")
    for changes, found in ({"since": long_after}, 1), ({"over_before": long_after}, 0):
        listed, _ = await list_events(EventFilter(public=False, bodies=wanted.bodies, **changes), 10)
        assert len(listed) == found, changes
    listed, _ = await list_events(EventFilter(since=long_after), 10)
    assert listed == []  # the agenda shows dates


async def test_whoever_withdraws_reads_what_they_lose(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, capacity=1, approval=True)
    has, waits, asks = [await make_registration(world, event) for _ in range(3)]
    await approve(world, SYSTEM, has.id)
    await approve(world, SYSTEM, waits.id)
    for person, said in (
        (has, "La place de Personne Numéro 1 est rendue aussitôt."),
        (waits, "Personne Numéro 2\u202f: plus sur la liste d’attente."),
        (asks, "La demande pour Personne Numéro 3 est retirée."),
    ):
        assert said in await read(client, manage_url(world, person) + "/withdraw")


async def test_the_public_page_marks_what_is_off(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    await make_workshops(world, event)
    await postpone_event(world, SYSTEM, event.slug, "Travaux")
    page = await read(client, f"/events/{event.slug}")
    assert 'og:title" content="REPORTÉ : Monkey Time"' in page
    assert "<h2>Le programme tel qu’il était annoncé</h2>" in page
