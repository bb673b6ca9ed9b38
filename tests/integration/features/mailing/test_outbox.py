"""The outbox pages: what organisers see of their mails, and what they do not."""

import logging
import re

import httpx
import pytest

from events_app.app import JOB_HANDLERS
from events_app.features.accounts.members import add_member
from events_app.features.accounts.service import ensure_first_body
from events_app.features.accounts.sign_in import ask_for_link, sign_in_by_link
from events_app.features.mailing.model import OutboxFilter
from events_app.features.mailing.queries import LINES_A_PAGE, outbox
from events_app.features.registration.job_kinds import ALREADY_REGISTERED, AboutRegistration
from events_app.infra import database as db
from events_app.infra import jobs
from events_app.infra.jobs import run_due
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def organiser(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers["authorization"] = f"Bearer {organiser_key}"
    client.headers["accept-language"] = "fr"
    return client


async def mail_ids() -> list[str]:
    return [str(row["id"]) for row in await db.rows("SELECT id FROM mail ORDER BY id")]


async def test_a_mail_is_listed_and_read(organiser: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    await make_registration(world, event, email="lea@example.org")
    await run_due(world, JOB_HANDLERS)
    (mail_id,) = await mail_ids()
    for path in ("/org/outbox", "/org/events/monkey-time/mail"):
        answer = await organiser.get(path)
        assert answer.status_code == 200
        assert "lea@example.org" in answer.text
        assert f"/org/outbox/{mail_id}" in answer.text
    answer = await organiser.get(f"/org/outbox/{mail_id}")
    assert "frame-src 'self'" in answer.headers["content-security-policy"]
    assert "32 rue Casimir Beugnet" in answer.text
    framed = await organiser.get(f"/org/outbox/{mail_id}/html")
    assert "sandbox" in framed.headers["content-security-policy"]
    assert "data:image/png;base64," in framed.text
    assert "cid:" not in framed.text
    invite, ticket = [(await organiser.get(f"/org/outbox/{mail_id}/files/{number}")) for number in (0, 1)]
    assert invite.content.startswith(b"BEGIN:VCALENDAR")
    assert ticket.content.startswith(b"%PDF-")
    assert ticket.headers["content-disposition"].startswith('attachment; filename="monkey-time-')
    assert (await organiser.get(f"/org/outbox/{mail_id}/files/2")).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"a@example.org", "b@example.org"}),
        ("?q=A@EXAMPLE", {"a@example.org"}),
        ("?q=100%25", set()),
        ("?status=kept", {"a@example.org", "b@example.org"}),
        ("?status=failed", set()),
        ("?status=nonsense&before=nonsense", {"a@example.org", "b@example.org"}),
    ],
)
async def test_filters(organiser: httpx.AsyncClient, world: World, query: str, found: set[str]) -> None:
    event = await make_event(world)
    for email in ("a@example.org", "b@example.org"):
        await make_registration(world, event, email=email)
    await run_due(world, JOB_HANDLERS)
    answer = await organiser.get(f"/org/outbox{query}")
    assert answer.status_code == 200
    assert set(re.findall(r'<th scope="row">([^<]+)</th>', answer.text)) == found


async def test_pages_hold_every_mail_once(world: World) -> None:
    event = await make_event(world, capacity=None)
    registration = await make_registration(world, event)
    await db.execute("DELETE FROM job")
    asked = [AboutRegistration(registration.id)] * (LINES_A_PAGE + 20)
    await jobs.enqueue_many(world, ALREADY_REGISTERED, asked, event_id=event.id)
    await run_due(world, JOB_HANDLERS)
    first = await outbox(OutboxFilter(event_id=event.id))
    assert len(first) == LINES_A_PAGE + 1
    second = await outbox(OutboxFilter(event_id=event.id, before=first[LINES_A_PAGE - 1].id))
    assert len({line.id for line in (*first[:LINES_A_PAGE], *second)}) == LINES_A_PAGE + 20


async def test_a_failed_mail_shows_the_servers_words_and_is_sent_again_to_the_corrected_address(
    organiser: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event, email="fausse@example.org")
    await run_due(world, JOB_HANDLERS)
    (mail_id,) = await mail_ids()
    await db.execute("UPDATE mail SET status = 'failed', error = '550 5.1.1 No such mailbox'")
    await db.execute("UPDATE job SET failed_at = {}, done_at = NULL", world.now())
    assert "550 5.1.1 No such mailbox" in (await organiser.get(f"/org/outbox/{mail_id}")).text
    await db.execute("UPDATE registration SET email = {} WHERE id = {}", "juste@example.org", registration.id)
    assert (await organiser.post(f"/org/outbox/{mail_id}/again")).status_code == 303
    await run_due(world, JOB_HANDLERS)
    (line,) = await outbox(OutboxFilter(event_id=event.id))
    assert (line.recipient, line.status, line.error) == ("juste@example.org", "kept", None)
    assert (await organiser.post(f"/org/outbox/{mail_id}/again")).status_code == 409


async def test_sign_in_links_are_in_no_outbox_and_without_a_server_in_the_log(
    organiser: httpx.AsyncClient, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    body = await ensure_first_body(world)
    await add_member(world, SYSTEM, body, "odile@example.org", "administrator", "Odile", invite=False)
    await ask_for_link(world, "odile@example.org")
    with caplog.at_level(logging.INFO, "convive.mail"):
        await run_due(world, JOB_HANDLERS)
    (mail,) = await db.rows("SELECT id, content, status FROM mail")
    assert (bytes(mail["content"]), mail["status"]) == (b"", "kept")
    assert "odile@example.org" not in (await organiser.get("/org/outbox")).text
    assert (await organiser.get(f"/org/outbox/{mail['id']}")).status_code == 404
    (link,) = re.findall(r"/sign-in/(\S+)", caplog.text)
    assert (await sign_in_by_link(world, link, None)).name == "Odile"
