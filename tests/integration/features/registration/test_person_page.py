"""The organiser's page of a person: one story."""

import httpx
import pytest

from events_app.app import JOB_HANDLERS
from events_app.features.accounts.tables import Body
from events_app.infra import jobs
from events_app.infra.world import World
from tests.factories import make_event, make_registration


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def test_the_same_address_is_found_at_other_events_of_the_body_alone(
    desk: httpx.AsyncClient, world: World
) -> None:
    here, there = await make_event(world), await make_event(world, title="Job Speed-dating")
    body = Body(id=world.new_id(), slug="other", name="Other", created_at=world.now())
    await body.save()
    foreign = await make_event(world, title="Affaire des autres", body=body.id)
    person = await make_registration(world, here, email="Nour@Example.org")
    other = await make_registration(world, there, email="nour@example.org")
    await make_registration(world, foreign, email="nour@example.org")
    stranger = await make_registration(world, here, email="tom@example.org")

    shown = (await desk.get(f"/org/events/{here.slug}/registrations/{person.id}")).text

    assert f"/org/events/{there.slug}/registrations/{other.id}" in shown
    assert "Affaire des autres" not in shown
    alone = (await desk.get(f"/org/events/{here.slug}/registrations/{stranger.id}")).text
    assert "At other events" not in alone


async def test_what_was_written_stands_there_with_its_fate(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    person = await make_registration(world, event)
    page = f"/org/events/{event.slug}/registrations/{person.id}"
    assert "/org/outbox/" not in (await desk.get(page)).text

    await jobs.run_due(world, JOB_HANDLERS)

    shown = (await desk.get(page)).text
    assert "/org/outbox/" in shown
    assert "Kept here" in shown
