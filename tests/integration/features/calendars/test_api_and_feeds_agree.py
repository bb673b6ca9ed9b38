"""Truth is what the API says; every independent reader must find it in the feeds, also on the nights when
clocks change."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from events_app.features.registration.links import calendar_url
from events_app.infra.world import World
from tests.factories import make_event, make_registration, make_workshops
from tests.integration.outputs.test_calendar_readers import readers

pytestmark = pytest.mark.usefixtures("database")

Read = Callable[[bytes], dict[str, Any]]


def said(entry: dict[str, Any]) -> tuple[str, ...]:
    """What both name, instants in one spelling."""
    return tuple(
        str(entry[name]).replace("+00:00", "Z")
        for name in ("uid", "start", "end", "summary", "location", "status", "sequence")
    )


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2018, month, day, hour, minute, tzinfo=UTC)


async def agenda_of_the_year(world: World) -> None:
    await make_event(world)
    # 02:00 becomes 03:00 in Paris on 25 March at 01:00 UTC; 03:00 becomes 02:00 on 28 October at 01:00 UTC.
    for title, starts_at, ends_at in (
        ("Avant l’heure d’été", at(3, 25, 0, 15), at(3, 25, 0, 45)),
        ("À travers l’heure d’été", at(3, 25, 0, 30), at(3, 25, 1, 30)),
        ("Le deux heures trente d’été", at(10, 28, 0, 30), at(10, 28, 0, 45)),
        ("Le deux heures trente d’hiver", at(10, 28, 1, 30), at(10, 28, 1, 45)),
        ("À travers l’heure d’hiver", at(10, 27, 22, 0), at(10, 28, 4, 0)),
        ("World Forum, trois jours", at(10, 16, 7), at(10, 18, 16)),
        ("Ailleurs ; à la virgule, près", at(12, 4, 8), at(12, 4, 17)),
    ):
        await make_event(world, title=title, starts_at=starts_at, ends_at=ends_at)
    await make_event(world, title="À Londres", timezone="Europe/London")
    await make_event(world, title="Annulé", status="cancelled", cancelled_at=world.now())
    await make_event(world, title="Reporté", status="postponed")


@readers
async def test_the_agenda(read: Read, client: httpx.AsyncClient, world: World) -> None:
    await agenda_of_the_year(world)
    items = (await client.get("/api/v1/events?limit=500")).json()["items"]
    truth = sorted(said(event["calendar"]) for event in items)
    found = sorted(map(said, read((await client.get("/calendar.ics")).content)["entries"]))
    assert len(truth) == 11
    assert found == truth


@readers
async def test_an_event_with_its_programme(read: Read, client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, slug="nuit", starts_at=at(10, 28, 0, 0), ends_at=at(10, 28, 3, 0))
    await make_workshops(world, event)
    address = "/api/v1/events/nuit"
    sessions = (await client.get(f"{address}/sessions")).json()["items"]
    truth = [(await client.get(address)).json()["calendar"], *(session["calendar"] for session in sessions)]
    found = read((await client.get("/events/nuit/calendar.ics")).content)["entries"]
    assert len(truth) == 6
    assert sorted(map(said, found)) == sorted(map(said, truth))


@readers
async def test_a_personal_feed_has_the_events_hours_under_its_own_name(
    read: Read, client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event)
    truth = (await client.get("/api/v1/events/monkey-time")).json()["calendar"]
    (found,) = read((await client.get(calendar_url(world, registration))).content)["entries"]
    assert found["uid"] == f"registration-{registration.id}@testserver.local"
    assert said(found)[1:5] == said(truth)[1:5]
    assert found["attendees"] == []
