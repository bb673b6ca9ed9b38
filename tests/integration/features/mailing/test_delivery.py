"""From a job to a server: once, in the server's own words when it refuses, at least once after a crash."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec.structs import replace

from events_app.app import JOB_HANDLERS
from events_app.features.mailing.job_kinds import EVENT_RESCHEDULED
from events_app.features.mailing.model import OutboxFilter
from events_app.features.mailing.queries import mail_by_id
from events_app.features.mailing.reading import read_mail
from events_app.features.mailing.service import send_all_again
from events_app.features.registration.job_kinds import ALREADY_REGISTERED, AboutRegistration
from events_app.infra import database as db
from events_app.infra import jobs
from events_app.infra.jobs import run_due
from events_app.infra.settings import Secret
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration
from tests.smtp import Sink, smtp_sink

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def server() -> Iterator[tuple[Sink, str]]:
    with smtp_sink() as found:
        yield found


@pytest.fixture
def sink(server: tuple[Sink, str]) -> Sink:
    return server[0]


@pytest.fixture
def posting(world: World, server: tuple[Sink, str]) -> World:
    """The world, with a mail server."""
    settings = replace(world.settings, smtp_url=Secret(server[1]), mail_from="convive@pma.example")
    return replace(world, settings=settings)


async def only_mail() -> dict[str, Any]:
    found = await db.rows("SELECT * FROM mail")
    assert len(found) == 1
    return found[0]


async def test_a_mail_is_sent_and_noted(posting: World, sink: Sink) -> None:
    event = await make_event(posting)
    await make_registration(posting, event, email="lea@example.org")
    await run_due(posting, JOB_HANDLERS)
    ((recipients, message),) = sink.taken
    mail = await only_mail()
    assert recipients == ["lea@example.org"]
    assert (mail["status"], mail["message_id"]) == ("sent", message["Message-ID"])
    assert message["From"].addresses[0].addr_spec == "convive@pma.example"


async def test_a_mail_is_signed_where_a_key_is_set(posting: World, sink: Sink) -> None:
    pem = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    world = replace(posting, settings=replace(posting.settings, dkim_key=Secret(pem.decode())))
    await make_registration(world, await make_event(world))
    await run_due(world, JOB_HANDLERS)
    (message,) = sink.messages
    assert "d=pma.example; i=@pma.example" in str(message["DKIM-Signature"])
    assert "s=convive" in str(message["DKIM-Signature"])


async def test_a_full_server_is_tried_again(posting: World, sink: Sink) -> None:
    sink.answers += ["451 4.7.1 Greylisted", "452 4.3.1 No space"]
    event = await make_event(posting)
    await make_registration(posting, event)
    await run_due(posting, JOB_HANDLERS)
    assert ((await only_mail())["status"], (await only_mail())["error"]) == ("queued", "451 4.7.1 Greylisted")
    for pause in jobs.RETRY_AFTER[:2]:
        world_clock(posting).advance(pause)
        await run_due(posting, JOB_HANDLERS)
    assert ((await only_mail())["status"], (await only_mail())["error"]) == ("sent", None)
    assert len(sink.taken) == 1


async def test_a_server_that_never_takes_it_fails_in_the_end(posting: World, sink: Sink) -> None:
    sink.answers += ["451 4.7.1 Greylisted"] * (1 + len(jobs.RETRY_AFTER))
    event = await make_event(posting)
    await make_registration(posting, event)
    for pause in (timedelta(0), *jobs.RETRY_AFTER):
        world_clock(posting).advance(pause)
        await run_due(posting, JOB_HANDLERS)
    assert (await only_mail())["status"] == "failed"
    assert not sink.answers


async def test_a_server_that_is_away_for_a_weekend_loses_nothing() -> None:
    assert sum(jobs.RETRY_AFTER, timedelta(0)) > timedelta(days=3)


async def test_a_sent_mail_is_kept_small_and_still_read(posting: World, sink: Sink) -> None:
    """Without its tickets, which can be made again."""
    event = await make_event(posting)
    await make_registration(posting, event)
    await run_due(posting, JOB_HANDLERS)
    (row,) = await db.rows("SELECT id, length(content) AS bytes FROM mail")
    assert row["bytes"] < 6_000
    stored = await mail_by_id(row["id"])
    assert stored is not None
    read = read_mail(stored.content)
    assert "Vous avez une place" in read.text
    assert [file.filename for file in read.files] == ["invite.ics"]
    assert "application/pdf" in [part.get_content_type() for part in sink.messages[0].walk()]


async def test_all_that_failed_goes_again_by_one_button(posting: World, sink: Sink) -> None:
    sink.answers += ["550 5.7.1 Blocked"] * 3
    event = await make_event(posting)
    for _ in range(3):
        await make_registration(posting, event)
    await run_due(posting, JOB_HANDLERS)
    other = await make_event(posting)
    assert await send_all_again(posting, SYSTEM, OutboxFilter(event_id=other.id)) == 0
    assert await send_all_again(posting, SYSTEM, OutboxFilter(event_id=event.id)) == 3
    await run_due(posting, JOB_HANDLERS)
    assert {each["status"] for each in await db.rows("SELECT status FROM mail")} == {"sent"}
    assert len(sink.taken) == 3


async def test_a_refusal_is_kept_in_the_servers_words(posting: World, sink: Sink) -> None:
    sink.answers.append("550 5.1.1 No such mailbox")
    event = await make_event(posting)
    await make_registration(posting, event)
    await run_due(posting, JOB_HANDLERS)
    mail = await only_mail()
    assert (mail["status"], mail["error"]) == ("failed", "550 5.1.1 No such mailbox")
    assert await jobs.pending_count() == 0


async def test_a_repeated_job_sends_the_same_mail_again_at_most(posting: World, sink: Sink) -> None:
    """As after a crash between the server's answer and our note of it."""
    event = await make_event(posting)
    await make_registration(posting, event)
    await run_due(posting, JOB_HANDLERS)
    await db.execute("UPDATE job SET done_at = NULL, leased_until = NULL")
    await run_due(posting, JOB_HANDLERS)
    assert len(sink.taken) == 1  # it was noted as sent
    await db.execute("UPDATE job SET done_at = NULL, leased_until = NULL")
    await db.execute("UPDATE mail SET status = 'queued'")
    await run_due(posting, JOB_HANDLERS)
    first, second = sink.messages
    assert first.as_bytes() == second.as_bytes()


async def test_two_hundred_mails_go_out_once_each(posting: World, sink: Sink) -> None:
    event = await make_event(posting, capacity=None)
    people = [await make_registration(posting, event) for _ in range(100)]
    await db.execute("DELETE FROM job")
    everybody = [AboutRegistration(each.id) for each in people]
    for kind in (EVENT_RESCHEDULED, ALREADY_REGISTERED):
        await jobs.enqueue_many(posting, kind, everybody, event_id=event.id)
    await run_due(posting, JOB_HANDLERS)
    assert Counter(recipient for (recipient,), _ in sink.taken) == {each.email: 2 for each in people}
    assert len({message["Message-ID"] for message in sink.messages}) == 200


def world_clock(world: World) -> Any:
    return world.clock
