"""What goes at night, and what stays."""

from datetime import timedelta
from html import unescape

import httpx
import pytest

from events_app.app import JOB_HANDLERS, NIGHTLY
from events_app.features.accounts.members import add_member
from events_app.features.accounts.service import ensure_first_body
from events_app.features.accounts.sign_in import make_link, sign_in_by_link
from events_app.features.mailing.job_kinds import TRIM
from events_app.infra import database as db
from events_app.infra import jobs, nightly, nights
from events_app.infra.housekeeping import TIDY
from events_app.infra.job_kinds import Kind, Nothing
from events_app.infra.tables import IdempotentAnswer, Mail
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.clock import FixedClock
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.usefixtures("database")


async def count(table: str) -> int:
    found = await db.row(f"SELECT count(*) AS n FROM {table}")
    assert found is not None
    return int(found["n"])


async def test_every_kind_of_the_night_has_a_handler_and_ends_well(world: World) -> None:
    await nightly.enqueue_tonight(world, NIGHTLY)
    assert await jobs.run_due(world, JOB_HANDLERS) == len(NIGHTLY)
    assert await db.rows("SELECT kind, error FROM job WHERE failed_at IS NOT NULL") == []


@pytest.mark.parametrize(
    ("days", "contents", "lines"), [(89, [b"Bonjour"], 1), (91, [b""], 1), (364, [b""], 1), (366, [], 0)]
)
async def test_a_mail_loses_its_content_then_goes(
    world: World, days: int, contents: list[bytes], lines: int
) -> None:
    await Mail(
        id=world.new_id(),
        job_id=world.new_id(),
        kind="mail.confirmation",
        recipient="lea@example.org",
        language="fr",
        subject="Votre inscription",
        message_id="<1@example.org>",
        content=b"Bonjour",
        status="sent",
        created_at=world.now(),
    ).save()
    world.clock.advance(timedelta(days=days))  # type: ignore[attr-defined]
    await jobs.enqueue(world, TRIM, Nothing())
    await jobs.run_due(world, JOB_HANDLERS)
    assert [bytes(row["content"]) for row in await db.rows("SELECT content FROM mail")] == contents
    assert await count("mail") == lines


async def test_kept_answers_and_done_jobs_go(world: World) -> None:
    await IdempotentAnswer(
        id=world.new_id(),
        key_hash="0" * 64,
        request_digest="",
        status=201,
        answer=b"",
        created_at=world.now(),
    ).save()
    await jobs.enqueue(world, TRIM, Nothing())
    await jobs.run_due(world, JOB_HANDLERS)
    in_time = world.now() + timedelta(days=60)
    waiting = await jobs.enqueue(world, Kind("nobody.yet", Nothing), Nothing(), run_at=in_time)
    world.clock.advance(timedelta(days=31))  # type: ignore[attr-defined]
    await jobs.enqueue(world, TIDY, Nothing())
    await jobs.run_due(world, JOB_HANDLERS)
    assert await count("idempotent_answer") == 0
    kept = await db.rows("SELECT id, kind FROM job ORDER BY kind")
    assert [row["kind"] for row in kept] == ["infra.tidy", "nobody.yet"]
    assert kept[1]["id"] == waiting


async def test_a_clock_that_jumps_for_a_minute_erases_nobody(world: World) -> None:
    """And one that is right after all does, a night later; the administrator is told meanwhile."""
    clock: FixedClock = world.clock  # type: ignore[assignment]
    event = await make_event(world)
    await make_registration(world, event)
    await a_night(world)
    clock.advance(timedelta(days=3652))
    await a_night(world)
    assert await named() == 1
    assert await nights.doubted_night() is not None
    clock.advance(timedelta(days=-3652, minutes=1))
    await a_night(world)
    assert await nights.doubted_night() is None
    clock.advance(timedelta(days=3652))
    await a_night(world)
    assert await named() == 1
    clock.advance(timedelta(days=1))
    await a_night(world)
    assert await named() == 0


async def test_a_job_of_the_night_waits_too_when_the_clock_jumps_before_its_turn(world: World) -> None:
    event = await make_event(world)
    await make_registration(world, event)
    await nightly.enqueue_tonight(world, NIGHTLY)
    world.clock.advance(timedelta(days=3652))  # type: ignore[attr-defined]
    await jobs.run_due(world, JOB_HANDLERS)
    assert await named() == 1


async def a_night(world: World) -> None:
    await nightly.enqueue_tonight(world, NIGHTLY)
    await jobs.run_due(world, JOB_HANDLERS)


async def named() -> int:
    found = await db.row("SELECT count(*) AS n FROM registration WHERE erased_at IS NULL")
    assert found is not None
    return int(found["n"])


async def test_an_administrator_reads_that_the_clock_jumped(client: httpx.AsyncClient, world: World) -> None:
    clock: FixedClock = world.clock  # type: ignore[assignment]
    body_id = await ensure_first_body(world)
    for email, role in (("admin@example.org", "administrator"), ("org@example.org", "organiser")):
        await add_member(world, SYSTEM, body_id, email, role, invite=False)
    await a_night(world)
    before = {
        email: await signed_in(client, world, email) for email in ("admin@example.org", "org@example.org")
    }
    clock.advance(timedelta(days=8))
    await a_night(world)
    pages = {
        email: unescape((await client.get("/org", headers={"cookie": f"convive_session={token}"})).text)
        for email, token in before.items()
    }
    assert "L’horloge du serveur est passée du 1 mars 2018 au 9 mars 2018" in unescape(
        pages["admin@example.org"]
    )
    assert "horloge" not in pages["org@example.org"]


async def signed_in(client: httpx.AsyncClient, world: World, email: str) -> str:
    account = await db.row("SELECT id FROM account WHERE email = {}", email)
    assert account is not None
    link = await make_link(world, account["id"], timedelta(minutes=5))
    return (await sign_in_by_link(world, link.rpartition("/")[2], None)).session_token
