"""Fixtures of tests that call the whole application many times."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from events_app.app import create_app
from events_app.infra import database as db
from tests import databases
from tests.integration.rights_table import ROUTES
from tests.integration.site import Site
from tests.integration.two_bodies import make_two_bodies
from tests.world import make_world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    url = databases.sqlite_copy(sqlite_template, folder)
    db.use_engine(db.make_engine(url))
    await db.open_database()
    try:
        world = make_world(folder / "data")
        two = await make_two_bodies(world)
        app = create_app(world)
        line = ROUTES["GET /api/v1/events"]
        first = Site(app, two, folder / "test.db")
        for caller in two.callers.values():  # what a first use notes, once a day
            await first.call("GET", "/api/v1/events", line, two.places["own"], caller)
        first.close()
        site = Site(app, two, folder / "test.db")
        yield site
        site.close()
    finally:
        await db.close_database()
