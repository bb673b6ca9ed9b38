"""Reminders come by themselves, once; one click stops them and loses nobody the ticket."""

import asyncio
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import httpx
import msgspec
import pytest

from events_app.app import JOB_HANDLERS
from events_app.features.events.content import EventChanges
from events_app.features.events.model import EventRecord
from events_app.features.events.service import edit_event, postpone_event
from events_app.features.mailing.reminders import remind
from events_app.features.registration.links import manage_url
from events_app.features.registration.queries import registration_by_id
from events_app.features.registration.withdrawal import cancel
from events_app.infra import database as db
from events_app.infra.jobs import run_due
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.clock import FixedClock
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.usefixtures("database")


def before(world: World, event: EventRecord, **time: float) -> World:
    return msgspec.structs.replace(world, clock=FixedClock(event.starts_at - timedelta(**time)))


async def look(world: World) -> None:
    await remind(world)
    await run_due(world, JOB_HANDLERS)


async def reminders() -> list[EmailMessage]:
    found = await db.rows("SELECT content FROM mail WHERE kind = 'mail.reminder' ORDER BY id")
    return [message_from_bytes(bytes(each["content"]), policy=default) for each in found]  # type: ignore[misc]


async def test_each_reminder_comes_once_however_often_one_looks(world: World) -> None:
    event = await make_event(world, reminders="[10080, 1440]")
    lea = await make_registration(world, event, email="lea@example.org")
    for time in (
        {"days": 8},
        {"days": 7},
        {"days": 7},
        {"days": 6.9},
        {"days": 3},
        {"days": 1},
        {"hours": 23},
    ):
        await look(before(world, event, **time))
    first, _ = await reminders()
    text = first.get_body(("plain",)).get_content()
    assert "10 avril" in first["Subject"]
    assert lea.short_code in text.replace(" ", "").replace("-", "")
    assert "Maison syndicale" in text
    assert "openstreetmap.org" in text
    assert manage_url(world, lea) + "/withdraw" in text
    assert "application/pdf" in [part.get_content_type() for part in first.walk()]


async def test_two_processes_that_look_at_once_write_it_once(world: World) -> None:
    event = await make_event(world, reminders="[1440]")
    await make_registration(world, event)
    then = before(world, event, days=1)
    await asyncio.gather(*(remind(then) for _ in range(4)))
    await run_due(then, JOB_HANDLERS)
    assert len(await reminders()) == 1


async def test_only_those_who_have_a_place_are_reminded_and_of_what_takes_place(world: World) -> None:
    event = await make_event(world, reminders="[1440]", capacity=2)
    gone = await make_registration(world, event)
    await make_registration(world, event, email="vient@example.org")
    await make_registration(world, event, email="attend@example.org")
    other = await make_event(world, reminders="[1440]")
    await make_registration(world, other)
    await postpone_event(world, SYSTEM, other.slug, "Neige")
    then = before(world, event, days=1)
    await remind(then)
    await cancel(world, SYSTEM, gone.id)
    await run_due(then, JOB_HANDLERS)
    assert [mail["To"].addresses[0].addr_spec for mail in await reminders()] == ["vient@example.org"]


async def test_who_registers_after_its_time_is_not_reminded(world: World) -> None:
    event = await make_event(world, reminders="[1440]")
    await make_registration(before(world, event, hours=23), event)
    await look(before(world, event, hours=22.5))
    assert await reminders() == []


async def test_another_date_is_reminded_of_anew(world: World) -> None:
    event = await make_event(world, reminders="[1440]")
    await make_registration(world, event)
    then = before(world, event, days=1)
    await look(then)
    moved = EventChanges(
        starts_at=event.starts_at + timedelta(days=7), ends_at=event.ends_at + timedelta(days=7)
    )
    await edit_event(then, SYSTEM, event.slug, moved)
    await look(before(world, event, days=-6))
    assert len(await reminders()) == 2


async def test_one_click_of_a_mail_program_stops_reminders_and_keeps_the_ticket(
    world: World, client: httpx.AsyncClient
) -> None:
    event = await make_event(world, reminders="[10080, 1440]")
    lea = await make_registration(world, event)
    await look(before(world, event, days=7))
    (mail,) = await reminders()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>")
    assert link in mail.get_body(("plain",)).get_content()
    assert "ne plus recevoir" in (await client.get(link)).text.lower()
    answer = await client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    await look(before(world, event, days=1))
    assert len(await reminders()) == 1
    kept = await registration_by_id(lea.id)
    assert kept == lea
    assert (await client.get(manage_url(world, lea))).status_code == 200
    await client.post(link, data={"deed": "again"})
    await look(before(world, event, hours=23.5))
    assert (await client.get(link[:-3] + "abc")).status_code == 404
    assert (await client.post(link.replace("/reminders/", "/photo/"))).status_code == 404


async def test_a_confirmation_cannot_be_unsubscribed_from(world: World) -> None:
    event = await make_event(world)
    await make_registration(world, event)
    await run_due(world, JOB_HANDLERS)
    found = await db.rows("SELECT content FROM mail")
    assert all(b"List-Unsubscribe" not in bytes(each["content"]) for each in found)
