"""Fixtures of tests that call the whole application many times."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from events_app.app import create_app
from events_app.features.accounts import passwords
from events_app.infra import database as db
from tests import databases
from tests.integration.kept import KeptPostgres, KeptSqlite
from tests.integration.site import BASE, Site, answer_of
from tests.integration.two_bodies import make_two_bodies
from tests.world import make_world

_QUICK = PasswordHasher(time_cost=1, memory_cost=64)


@pytest.fixture(autouse=True)
def _passwords_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function with less work, which tests of limits do a hundred times; what is served is looked at
    in tests/unit/features/accounts/test_passwords.py."""
    monkeypatch.setattr(passwords, "_hasher", lambda: _QUICK)


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
async def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """One for all tests of a module: a test that writes puts it back."""
    folder = tmp_path_factory.mktemp("site")
    server = ""
    if request.param == "sqlite":
        url = databases.sqlite_copy(request.getfixturevalue("sqlite_template"), folder)
    else:
        server = request.getfixturevalue("postgres_server_url")
        url = await databases.postgres_copy(server, request.getfixturevalue("_postgres_template"))
    db.use_engine(db.make_engine(url))
    await db.open_database()
    try:
        world = make_world(folder / "data")
        two = await make_two_bodies(world)
        app = create_app(world)
        for caller in two.callers.values():  # what a first use notes, once a day
            request_of = httpx.Request("GET", f"{BASE}/api/v1/events", headers=caller.headers)
            await answer_of(app, request_of, beginning_only=False)
        kept = KeptPostgres(url) if server else KeptSqlite(folder / "test.db")
        yield Site(app, two, kept, thorough=not server)
        kept.close()
    finally:
        await db.close_database()
        if server:
            await databases.give_back(server, url)
