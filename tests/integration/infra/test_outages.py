"""A database that is away, frozen, full or locked: 503 in bounded time, one log line, and back again."""

import asyncio
import logging
import re
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from events_app.app import create_app
from events_app.infra import database as db
from events_app.infra.database import health
from events_app.infra.world import World
from tests import databases, postgres
from tests.disks import fill, small_disk  # noqa: F401 - a fixture
from tests.factories import make_event
from tests.frozen_rush import postmaster_of_current, signal_server
from tests.world import make_world

LONGEST_SECONDS = 10.0
PERSON = {"email": "lea@example.org", "given_name": "Léa", "family_name": "Martin"}
REGISTER = "/api/v1/events/monkey-time/registrations"


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


@pytest.fixture
async def frozen_server(tmp_path: Path) -> AsyncIterator[tuple[str, int]]:
    """A PostgreSQL server of this test's own, with a migrated database; its address and the pid to freeze."""
    if postgres.binaries() is None:
        pytest.skip(postgres.HOW_TO_GET_IT)
    with postgres.throwaway_server() as server:
        template = await asyncio.to_thread(databases.postgres_template, server)
        url = await databases.postgres_copy(server, template)
        db.use_engine(db.make_engine(url))
        await db.open_database()
        pid = await postmaster_of_current()
        try:
            yield url, pid
        finally:
            signal_server(pid, signal.SIGCONT)
            await db.close_database()


@pytest.mark.postgres
@pytest.mark.slow
async def test_a_frozen_server_costs_seconds_not_the_site(
    frozen_server: tuple[str, int], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = make_world(tmp_path / "data")
    await make_event(world, slug="monkey-time")
    async with _client(world) as http:
        assert (await http.get("/health/ready")).status_code == 200
        with caplog.at_level(logging.INFO, logger="convive"):
            signal_server(frozen_server[1], signal.SIGSTOP)
            try:
                with at_most(LONGEST_SECONDS):
                    answers = await asyncio.gather(
                        http.get("/health/ready"),
                        http.get("/"),
                        *(
                            http.post(REGISTER, json=PERSON | {"email": f"p{n}@example.org"})
                            for n in range(20)
                        ),
                        *(http.get(REGISTER, headers={"authorization": "Bearer cvv_x"}) for _ in range(20)),
                    )
                with at_most(2):  # everybody who comes later
                    answers.append(await http.post(REGISTER, json=PERSON))
            finally:
                signal_server(frozen_server[1], signal.SIGCONT)
        assert {answer.status_code for answer in answers} == {503}
        await asyncio.sleep(health.TRY_EVERY_SECONDS)
        with at_most(LONGEST_SECONDS):
            assert (await http.post(REGISTER, json=PERSON)).status_code == 201
        assert (await http.get("/health/ready")).status_code == 200
    said = [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING and record.name.startswith("convive")
    ]
    assert [re.split(":| after", words)[0] for words in said] == [
        "the database does not answer",
        "the database answers again",
    ]


@pytest.mark.postgres
async def test_a_server_that_is_away_is_said_in_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    db.use_engine(db.make_engine("postgresql://convive@127.0.0.1:1/none"))
    await db.open_database()
    async with _client(make_world(tmp_path / "data")) as http:
        with at_most(LONGEST_SECONDS):
            page = await http.get("/", headers={"accept-language": "fr"})
            english = await http.get("/", headers={"accept-language": "en"})
            problem = await http.post(REGISTER, json=PERSON)
            with_key = await http.get(REGISTER, headers={"authorization": "Bearer cvv_x"})
            signed_in = await http.get("/org", headers={"cookie": "convive_session=x"})
            ready = await http.get("/health/ready")
    for answer in (page, english, problem, with_key, signed_in):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.headers["content-security-policy"]
        assert answer.headers["x-request-id"]
    assert "Réessayez dans un instant" in page.text
    assert "try again in a moment" in english.text
    for answer in (problem, with_key):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "/problems/unavailable"
    assert ready.status_code == 503
    assert len([record for record in caplog.records if record.name == "convive.database"]) == 1
    await db.close_database()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_file_that_another_process_keeps_is_not_waited_for_long(
    database: str, world: World, client: httpx.AsyncClient
) -> None:
    await make_event(world, slug="monkey-time")
    foreign = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    try:
        with at_most(LONGEST_SECONDS):
            answers = await asyncio.gather(
                *(client.post(REGISTER, json=PERSON | {"email": f"p{n}@example.org"}) for n in range(30))
            )
        assert {answer.status_code for answer in answers} == {503}
        assert (await client.get("/events/monkey-time")).status_code == 200  # reading goes on
    finally:
        foreign.execute("ROLLBACK")
        foreign.close()
    assert (await client.post(REGISTER, json=PERSON)).status_code == 201


async def test_a_full_disk_is_said_and_nothing_acknowledged_is_lost(
    small_disk: Path,  # noqa: F811
    sqlite_template: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    url = databases.sqlite_copy(sqlite_template, small_disk)
    db.use_engine(db.make_engine(url))
    await db.open_database()
    world = make_world(small_disk / "data")
    await make_event(world, slug="monkey-time", capacity=None)
    acknowledged = []
    async with _client(world) as http:
        assert (await http.get("/health/ready")).status_code == 200
        fill(small_disk / "fill")
        statuses = []
        for number in range(60):
            answer = await http.post(REGISTER, json=PERSON | {"email": f"p{number}@example.org"})
            statuses.append(answer.status_code)
            if answer.status_code == 201:
                acknowledged.append(f"p{number}@example.org")
        assert 503 in statuses
        assert set(statuses) <= {201, 503}
        assert (await http.get("/health/ready")).status_code == 503
        assert (await http.get("/events/monkey-time")).status_code == 200
        (small_disk / "fill").unlink()
        assert (await http.post(REGISTER, json=PERSON)).status_code == 201
        assert (await http.get("/health/ready")).status_code == 200
    kept = {row["email"] for row in await db.rows("SELECT email FROM registration")}
    assert kept >= {*acknowledged, "lea@example.org"}
    said = [
        re.split(":| after", record.getMessage())[0]
        for record in caplog.records
        if record.name == "convive.database"
    ]
    assert said == ["the database cannot be written", "the database can be written again"]
    await db.close_database()


def _client(world: World) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=create_app(world))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://testserver.local", timeout=60)


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_a_slow_statement_is_its_own_trouble(
    database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("events_app.infra.database.postgres.STATEMENT_SECONDS", 0.5)
    slow = asyncio.create_task(db.rows("SELECT pg_sleep(20)"))
    for _ in range(8):
        assert await db.row("SELECT 1 AS one") == {"one": 1}
        await asyncio.sleep(0.1)
    with at_most(2), pytest.raises(db.DatabaseAway):
        await slow
    assert await db.row("SELECT 1 AS one") == {"one": 1}
    assert [record for record in caplog.records if record.name == "convive.database"] == []


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_many_slow_statements_of_one_request_have_one_end(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each within its time, all of them not; a command is not hurried."""
    monkeypatch.setattr(health, "REQUEST_SECONDS", 0.5)

    async def request() -> int:
        db.begin_request()
        for number in range(20):
            try:
                await db.rows("SELECT pg_sleep(0.2)")
            except db.DatabaseAway:
                return number
        return 20

    async def command() -> None:
        db.begin_request()
        with db.unhurried():
            for _ in range(4):
                await db.rows("SELECT pg_sleep(0.2)")

    assert await asyncio.create_task(request()) in (1, 2)
    await asyncio.create_task(command())
