"""Mails that come back and answers of calendars, as the organiser reads them."""

import asyncio
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from msgspec.structs import replace

from events_app.app import JOB_HANDLERS, introduce_features
from events_app.features.events.model import EventRecord
from events_app.features.inbound.mailbox import look_into_mailbox
from events_app.features.inbound.service import receive
from events_app.features.registration import erasure
from events_app.features.registration.model import RegistrationRecord
from events_app.infra import database as db
from events_app.infra.deployment import addresses
from events_app.infra.jobs import run_due
from events_app.infra.settings import Secret
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests import imap
from tests.factories import make_event, make_registration
from tests.integration.features.mailing.test_letters import parsed
from tests.returned import TOKEN, bounce, reply
from tests.servers import ROOT, free_port
from tests.smtp import Sink, smtp_sink

pytestmark = pytest.mark.usefixtures("database")

ZOE = "zoe@mail.example"


@pytest.fixture(autouse=True)
def _introduced() -> None:
    introduce_features()


@pytest.fixture
def posting(world: World) -> Iterator[tuple[World, Sink]]:
    with smtp_sink() as (sink, url):
        settings = replace(
            world.settings,
            smtp_url=Secret(url),
            mail_from="events@pma.example",
            mail_bounces="retours@pma.example",
        )
        yield replace(world, settings=settings), sink


@pytest.fixture
def organiser(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers["authorization"] = f"Bearer {organiser_key}"
    client.headers["accept-language"] = "fr"
    return client


async def registered(world: World) -> tuple[EventRecord, RegistrationRecord]:
    event = await make_event(world)
    return event, await make_registration(world, event, email=ZOE)


async def uid_of(world: World, registration: RegistrationRecord) -> str:
    return (await addresses(world)).uid(f"registration-{registration.id}")


async def answers() -> list[str]:
    return [each["answer"] for each in await db.rows("SELECT answer FROM calendar_answer")]


async def mails(kind: str) -> list[Any]:
    return [
        parsed(each["content"])
        for each in await db.rows("SELECT content FROM mail WHERE kind = {} ORDER BY id", kind)
    ]


async def test_a_dead_address_is_shown_beside_the_registration_and_stops_nothing(
    organiser: httpx.AsyncClient, posting: tuple[World, Sink]
) -> None:
    world, sink = posting
    _, zoe = await registered(world)
    await run_due(world, JOB_HANDLERS)
    message_id, sender = str(sink.messages[0]["Message-ID"]), sink.senders[0]
    assert sender == f"retours+{message_id[1:33]}@pma.example"
    for _ in range(2):  # a repeated notice is the same one
        assert await receive(world, bounce("<lost@elsewhere>", sender)) == "a mail that did not arrive"
    (mail,) = await db.rows("SELECT id, status, error FROM mail")
    assert (mail["status"], mail["error"]) == (
        "bounced",
        "550 5.1.1 <<...>>: Recipient address rejected: User unknown",
    )
    for path in (f"registrations/{zoe.id}", "mail"):
        page = (await organiser.get(f"/org/events/monkey-time/{path}")).text
        assert "Revenu" in page
        assert "User unknown" in page
    assert "n’a pas atteint" in (await organiser.get(f"/org/outbox/{mail['id']}")).text
    history = (await organiser.get("/org/events/monkey-time/history")).text
    assert history.count("Courriel revenu") == 1
    await run_due(world, JOB_HANDLERS)
    assert len(sink.taken) == 1


async def test_a_notice_about_no_mail_of_ours_changes_nothing(world: World) -> None:
    await registered(world)
    await run_due(world, JOB_HANDLERS)
    assert (await receive(world, bounce(f"<{TOKEN}@convive.example>"))).startswith("ignored")
    assert [each["status"] for each in await db.rows("SELECT status FROM mail")] == ["kept"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [("ACCEPTED", "a dit oui"), ("TENTATIVE", "a dit peut-être"), ("DECLINED", "a dit non")],
)
async def test_an_answer_is_shown_to_the_organiser(
    organiser: httpx.AsyncClient, world: World, answer: str, words: str
) -> None:
    _, zoe = await registered(world)
    assert (await receive(world, reply(await uid_of(world, zoe), answer=answer))).startswith("an answer")
    page = (await organiser.get(f"/org/events/monkey-time/registrations/{zoe.id}")).text
    assert words in page.lower()


async def test_a_refusal_asks_once_by_link_and_keeps_the_place(world: World) -> None:
    _, zoe = await registered(world)
    uid = await uid_of(world, zoe)
    for hours in range(3):
        at = world.now() + timedelta(hours=hours)
        await receive(world, reply(uid, answer="DECLINED", at=at))
    await run_due(world, JOB_HANDLERS)
    (mail,) = await mails("mail.declined")
    assert "/withdraw" in mail.get_body(("plain",)).get_content()
    assert [part for part in mail.walk() if part.get_content_type() == "text/calendar"] == []
    (found,) = await db.rows("SELECT status FROM registration")
    assert found["status"] == "confirmed"


async def test_nobody_answers_for_somebody_else_or_twice(world: World) -> None:
    event, zoe = await registered(world)
    max_ = await make_registration(world, event, email="max@mail.example")
    uid, now = await uid_of(world, zoe), world.now()
    no = "DECLINED"
    for forged in (
        reply(uid, attendee="max@mail.example", answer=no, at=now),
        reply(uid, attendee=ZOE, sender="max@mail.example", answer=no, at=now),
        reply(await uid_of(world, max_), answer=no, at=now),
        reply(uid.replace("@", "@not."), answer=no, at=now),
        reply(f"event-{zoe.id}@{uid.partition('@')[2]}", answer=no, at=now),
        reply("registration-1@x", answer=no, at=now),
        reply(uid, answer=no, at=now + timedelta(days=30)),
    ):
        assert (await receive(world, forged)).startswith("ignored")
    assert await answers() == []
    assert (await receive(world, reply(uid, answer="ACCEPTED", at=now))).startswith("an answer")
    for late in (now, now - timedelta(hours=1)):
        assert (await receive(world, reply(uid, answer=no, at=late))).startswith("ignored")
    assert await answers() == ["accepted"]


async def test_an_answer_goes_with_the_person(world: World) -> None:
    _, zoe = await registered(world)
    await receive(world, reply(await uid_of(world, zoe), at=world.now()))
    await erasure.erase(world, SYSTEM, zoe.id)
    assert await answers() == []
    assert (await receive(world, reply(await uid_of(world, zoe), at=world.now()))).startswith("ignored")


@pytest.mark.slow
async def test_a_mail_server_hands_messages_over_by_a_pipe(
    database: str, tmp_path: Path, world: World
) -> None:
    _, zoe = await registered(world)
    uid = await uid_of(world, zoe)
    await db.close_database()
    env = {
        "CONVIVE_DATABASE_URL": database,
        "CONVIVE_DATA_DIR": str(tmp_path / "data"),
        "PYTHONPATH": str(ROOT),
    }
    env |= {"CONVIVE_SECRET_KEY": world.settings.secret_key.reveal()}
    said = []
    for message in (reply(uid, at=datetime.fromisoformat("2018-03-01T10:00:00Z")), b"x" * 20_000_000):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "events_app", "inbound"),
            env={**os.environ, **env},
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate(message)
        assert process.returncode == 0
        said.append(out.decode().strip())
    assert said == ["an answer: accepted", "ignored: too large"]
    assert await answers() == ["accepted"]


@pytest.mark.slow
@pytest.mark.skipif(imap.dovecot() is None, reason=imap.HOW_TO_GET_IT)
async def test_a_mailbox_is_looked_into_and_what_is_for_people_stays_unread(
    world: World,
) -> None:
    _, zoe = await registered(world)
    messages = [
        reply(await uid_of(world, zoe), answer="TENTATIVE"),
        b"From: zoe@mail.example\r\nSubject: Question\r\n\r\nA quelle heure ?\r\n",
        b"From: a@b.example\r\n\r\n" + b"x" * 3_000_000,
    ]
    with imap.mailbox() as (folder, port):
        for number, message in enumerate(messages):
            (folder / "new" / f"{number}.x").write_bytes(message)
        url = f"imap://retours:{quote(imap.PASSWORD, safe='')}@127.0.0.1:{port}/INBOX"
        world = replace(world, settings=replace(world.settings, imap_url=Secret(url)))
        for _ in range(2):
            await look_into_mailbox(world)
        seen = {path.name[0] for path in (folder / "cur").iterdir() if "S" in path.name.partition(":2,")[2]}
    assert await answers() == ["tentative"]
    assert seen == {"0", "2"}


async def test_a_mailbox_that_is_away_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    settings = replace(world.settings, imap_url=Secret(f"imap://a:b@127.0.0.1:{free_port()}/INBOX"))
    await look_into_mailbox(replace(world, settings=settings))
    assert "could not be read" in caplog.text
