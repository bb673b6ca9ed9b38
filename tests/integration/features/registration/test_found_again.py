"""Whoever lost the mail gets all links again, and a stranger who asks learns nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from events_app.app import JOB_HANDLERS, create_app
from events_app.features.events.service import cancel_event
from events_app.features.mailing.participant_letters import found_again
from events_app.features.registration.job_kinds import FOUND_AGAIN
from events_app.features.registration.links import manage_url
from events_app.infra import database as db
from events_app.infra.jobs import run_due
from events_app.infra.settings import Secret
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import mail_job, make_event, make_registration

ADDRESS = "camille@example.org"


@pytest.fixture
async def writing(client: httpx.AsyncClient, world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an installation that has a mail server."""
    settings = msgspec.structs.replace(world.settings, smtp_url=Secret("smtp://127.0.0.1:1"))
    application: Any = create_app(msgspec.structs.replace(world, settings=settings))
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as http:
        yield http


async def asked(client: httpx.AsyncClient, email: str) -> tuple[int, str]:
    page = await client.post("/my-tickets", data={"email": email})
    return page.status_code, page.text.replace(email, "ADDRESS")


async def test_known_and_unknown_addresses_leave_the_same_traces(
    writing: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    await make_registration(world, event, email=ADDRESS)
    known, unknown = await asked(writing, ADDRESS), await asked(writing, "inconnue@example.org")
    assert known == unknown
    assert known[0] == 200
    jobs = await db.rows("SELECT kind, payload FROM job WHERE kind = 'mail.found_again'")
    assert len(jobs) == 2
    assert not any("example.org" in job["payload"] for job in jobs)


async def test_an_address_is_written_to_a_few_times_only_and_nobody_is_told(
    writing: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    await make_registration(world, event, email="souvent@example.org")
    answers = {await asked(writing, "souvent@example.org") for _ in range(8)}
    assert len(answers) == 1
    assert len(await db.rows("SELECT id FROM job WHERE kind = 'mail.found_again'")) <= 3


async def test_what_is_no_address_is_said(writing: httpx.AsyncClient) -> None:
    for wrong in ("", "personne", "a@", "a@b@c.fr", "\x00", "é" * 300):
        assert (await writing.post("/my-tickets", data={"email": wrong})).status_code == 422
        answer = await writing.post("/api/v1/my-tickets", json={"email": wrong})
        assert answer.status_code == 422, wrong
        assert answer.json()["errors"][0]["pointer"] == "/email"


async def test_without_a_mail_server_nothing_is_promised(client: httpx.AsyncClient, world: World) -> None:
    for page in (await client.get("/my-tickets"), await client.post("/my-tickets", data={"email": ADDRESS})):
        assert "Aucun courriel n’est envoyé d’ici" in page.text
        assert "est en route" not in page.text
    assert await db.rows("SELECT id FROM job") == []


async def test_the_mail_lists_what_is_still_to_come_and_nothing_else(
    client: httpx.AsyncClient, world: World
) -> None:
    soon = await make_event(world, slug="bientot", title="Bientôt")
    later = await make_event(
        world,
        slug="plus-tard",
        title="Plus tard",
        starts_at=soon.starts_at + timedelta(days=3),
        ends_at=soon.ends_at + timedelta(days=3),
        capacity=1,
    )
    called_off = await make_event(world, slug="annule", title="Annulé")
    await make_registration(world, later)
    first = await make_registration(world, later, email=ADDRESS.upper())
    second = await make_registration(world, soon, email=ADDRESS)
    await make_registration(world, called_off, email=ADDRESS)
    await cancel_event(world, SYSTEM, called_off.slug, "La salle est fermée.")
    await make_registration(world, soon, email="autre@example.org")
    letter = await found_again(world, *mail_job(world, FOUND_AGAIN, second))
    assert letter is not None
    entries: list[dict[str, Any]] = letter.facts["entries"]
    assert [entry["manage_url"] for entry in entries] == [manage_url(world, second), manage_url(world, first)]
    assert [entry["confirmed"] for entry in entries] == [True, False]


async def test_an_id_of_nobody_writes_to_nobody(writing: httpx.AsyncClient, world: World) -> None:
    await asked(writing, "inconnue@example.org")
    await run_due(world, JOB_HANDLERS)
    assert await db.rows("SELECT id FROM mail") == []
