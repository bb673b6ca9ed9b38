"""Fixtures of the whole suite: databases, a world, an HTTP client."""

import os
import shutil
import smtplib
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import settings

from events_app.features.accounts.service import create_api_key, ensure_first_body
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from tests import databases, postgres
from tests.application import visitor
from tests.lock_order import watched_locks
from tests.world import make_world

MEMORY, ENOUGH = Path("/dev/shm"), 4_000_000_000  # noqa: S108 - bytes
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
    # A commit waits for the disk: 7 ms each on some, thousands of times in these tests.
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

settings.register_profile("convive", deadline=None)  # nothing here measures: a busy machine is no failure
settings.load_profile("convive")


@pytest.fixture(scope="session")
def postgres_server_url() -> Iterator[str]:
    """`CONVIVE_TEST_POSTGRES_URL` when set (a server where we may create databases), else one of our own."""
    given = os.environ.get("CONVIVE_TEST_POSTGRES_URL")
    if given:
        yield given
    elif postgres.binaries() is None:
        pytest.skip(postgres.HOW_TO_GET_IT)
    else:
        with postgres.throwaway_server() as url:
            yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def _postgres_template(postgres_server_url: str) -> str:
    return databases.postgres_template(postgres_server_url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A freshly migrated database, open, and the current one of all tables; its address."""
    server = ""
    if request.param == "sqlite":
        url = databases.sqlite_copy(request.getfixturevalue("sqlite_template"), tmp_path)
    else:
        server = request.getfixturevalue("postgres_server_url")
        url = await databases.postgres_copy(server, request.getfixturevalue("_postgres_template"))
    db.use_engine(db.make_engine(url))
    await db.open_database()
    try:
        with watched_locks() as complaints:
            yield url
        assert complaints == []
    finally:
        await db.close_database()
        if server:
            await databases.give_back(server, url)


@pytest.fixture(autouse=True)
def _no_mail_leaves_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = smtplib.SMTP.connect

    def local_only(
        self: smtplib.SMTP, host: str = "localhost", *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        assert host in ("127.0.0.1", "localhost"), f"a test wrote to the mail server {host}"
        return connect(self, host, *args, **kwargs)

    monkeypatch.setattr(smtplib.SMTP, "connect", local_only)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path / "data")


@pytest.fixture
async def client(database: str, world: World) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the whole application on a fresh database, without a socket."""
    async with visitor(world) as http:
        yield http


@pytest.fixture
async def organiser_key(database: str, world: World) -> str:
    """An organiser's API key of the territory's own body."""
    body_id = await ensure_first_body(world)
    return await create_api_key(world, SYSTEM, body_id, "tests", Role.ORGANISER)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: where the run is shared, nobody waits at its end for one that began late."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With `CONVIVE_TEST_NOTHING_SKIPPED` (the full run) a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if os.environ.get("CONVIVE_TEST_NOTHING_SKIPPED") and skipped and exitstatus == 0:
        reporter.write_line(f"{skipped} tests were skipped where none may be", red=True)
        session.exitstatus = 1
