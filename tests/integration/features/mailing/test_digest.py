"""Organisers are told what is new: once a day, at each news, or never, and each thing once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import msgspec
import pytest

from events_app.app import JOB_HANDLERS
from events_app.features.accounts import digests
from events_app.features.accounts.digests import Frequency
from events_app.features.accounts.members import add_member
from events_app.features.accounts.service import ensure_first_body
from events_app.features.mailing.bounced import note_bounce
from events_app.features.mailing.digest import tell_organisers
from events_app.features.registration.withdrawal import cancel
from events_app.infra import database as db
from events_app.infra.jobs import run_due
from events_app.infra.settings import Secret
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from tests.factories import make_event, make_registration
from tests.integration.features.mailing.test_letters import parsed

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def told(world: World) -> World:
    """A mail server is set; it is never called, for mails are read from where they are kept."""
    settings = msgspec.structs.replace(world.settings, smtp_url=Secret("smtp://127.0.0.1:1"))
    return msgspec.structs.replace(world, settings=settings)


async def organiser(world: World, role: Role = Role.ORGANISER) -> UUID:
    body = await ensure_first_body(world)
    account_id = await add_member(world, SYSTEM, body, "sophie@pma.example", role)
    await run_due(world, JOB_HANDLERS)
    return account_id


async def later(told: World, world: World, **time: float) -> list[Any]:
    """The digests that there are once so much time has passed. They are written without the server."""
    world.clock.advance(timedelta(**time))  # type: ignore[attr-defined]
    await tell_organisers(told)
    await run_due(world, JOB_HANDLERS)
    found = await db.rows("SELECT content FROM mail WHERE kind = 'mail.digest' ORDER BY created_at, id")
    return [parsed(each["content"]) for each in found]


async def test_once_a_day_what_is_new_is_told_once(told: World, world: World) -> None:
    await organiser(world)
    assert await later(told, world) == []
    event = await make_event(world, title="Monkey Time")
    await make_registration(world, event)
    gone = await make_registration(world, event)
    await cancel(world, SYSTEM, gone.id)
    assert await later(told, world, hours=1) == []
    (mail,) = await later(told, world, days=1)
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "1 nouvelle inscription\u00a0: Convive"
    assert "Monkey Time" in text
    assert "/org/events/monkey-time/registrations" in text
    assert "One-Click" in mail["List-Unsubscribe-Post"]
    for days in (1, 1):
        assert len(await later(told, world, days=days)) == 1


async def test_requests_that_wait_are_recalled_each_day_and_mails_that_came_back_once(
    told: World, world: World
) -> None:
    await organiser(world)
    await later(told, world)
    event = await make_event(world, approval=True)
    await make_registration(world, event)
    await run_due(world, JOB_HANDLERS)
    await db.execute("UPDATE mail SET status = 'sent' WHERE event_id = {}", event.id)
    (mail,) = await db.rows("SELECT message_id FROM mail WHERE event_id = {}", event.id)
    assert await note_bounce(world, mail["message_id"], "550 unknown")
    await later(told, world, days=1)
    first, second = await later(told, world, days=1)
    texts = [each.get_body(("plain",)).get_content() for each in (first, second)]
    assert ["Demandes qui attendent votre réponse" in text for text in texts] == [True, True]
    assert ["non parvenus" in text for text in texts] == [True, False]


async def test_at_each_news_a_quarter_of_an_hour_later(told: World, world: World) -> None:
    account_id = await organiser(world)
    await digests.set_frequency(world, account_id, Frequency.EACH)
    event = await make_event(world)
    for number in range(2):
        world.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
        await make_registration(world, event)
        assert len(await later(told, world, minutes=16)) == number + 1
    assert len(await later(told, world, minutes=16)) == 2


@pytest.mark.parametrize("role", [Role.COACH, Role.DOOR])
async def test_whoever_only_reads_is_told_nothing(told: World, world: World, role: Role) -> None:
    await organiser(world, role)
    await later(told, world)
    await make_registration(world, await make_event(world))
    assert await later(told, world, days=2) == []


async def test_two_processes_that_look_at_once_tell_it_once(told: World, world: World) -> None:
    await organiser(world)
    await later(told, world)
    await make_registration(world, await make_event(world))
    world.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    await asyncio.gather(*(tell_organisers(told) for _ in range(4)))
    assert len(await later(told, world)) == 1


async def test_one_click_stops_them_and_another_begins_again(
    client: httpx.AsyncClient, told: World, world: World
) -> None:
    account_id = await organiser(world)
    path = urlsplit(digests.stop_url(world, account_id)).path
    assert (await client.get(path)).status_code == 200
    assert await digests.frequency_of(account_id) is Frequency.DAILY
    assert (await client.post(path, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    assert await digests.frequency_of(account_id) is Frequency.NEVER
    await client.post(path, data={"deed": "again"})
    assert await digests.frequency_of(account_id) is Frequency.DAILY
    assert (await client.post(path + "x")).status_code == 404


@pytest.mark.parametrize(
    ("until", "due"),
    [
        ("2018-03-01T05:00+00:00", "2018-03-01T06:00+00:00"),
        ("2018-03-01T06:00+00:00", "2018-03-02T06:00+00:00"),
        ("2018-03-24T12:00+00:00", "2018-03-25T05:00+00:00"),  # the night of the clock change
    ],
)
def test_a_day_begins_at_seven_of_the_territory(until: str, due: str) -> None:
    found = digests.due_at(Frequency.DAILY, datetime.fromisoformat(until).astimezone(UTC))
    assert found == datetime.fromisoformat(due)
