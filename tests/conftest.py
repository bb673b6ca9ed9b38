"""Fixtures of the whole suite: databases."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from events_app.infra import database as db
from tests import databases, postgres


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
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def _postgres_template(postgres_server_url: str) -> str:
    return databases.postgres_template(postgres_server_url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A freshly migrated database, open, and the current one of all tables; its address."""
    server = ""
    if request.param == "sqlite":
        url = databases.sqlite_copy(request.getfixturevalue("_sqlite_template"), tmp_path)
    else:
        server = request.getfixturevalue("postgres_server_url")
        url = await databases.postgres_copy(server, request.getfixturevalue("_postgres_template"))
    db.use_engine(db.make_engine(url))
    await db.open_database()
    try:
        yield url
    finally:
        await db.close_database()
        if server:
            await databases.drop_postgres(server, url)
