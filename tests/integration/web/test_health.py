"""Whoever watches the site reads whether it could serve: by the status, and in a word why not."""

import httpx
import pytest

from events_app.infra import database as db


async def ready(client: httpx.AsyncClient) -> tuple[int, str]:
    answer = await client.get("/health/ready")
    return answer.status_code, answer.json()["status"]


async def test_ready_while_the_database_answers_and_knows_all_migrations(client: httpx.AsyncClient) -> None:
    assert await ready(client) == (200, "ready")


async def test_a_database_that_is_away_is_said_and_the_process_lives(client: httpx.AsyncClient) -> None:
    here = db.engine()
    db.use_engine(db.make_engine("postgres://nobody@127.0.0.1:9/nothing"))
    assert await ready(client) == (503, "no database")
    alive = await client.get("/health/live")
    assert (alive.status_code, alive.json()) == (200, {"status": "live"})
    db.use_engine(here)
    assert await ready(client) == (200, "ready")


async def test_a_migration_that_is_missing_is_named(client: httpx.AsyncClient) -> None:
    last = await db.row("SELECT name FROM migration ORDER BY name DESC LIMIT 1")
    assert last is not None
    await db.execute("DELETE FROM migration WHERE name = {}", last["name"])
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "migrations missing", "missing": [last["name"]]},
    )


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_it_is_asked_and_not_told(client: httpx.AsyncClient, method: str) -> None:
    assert (await client.request(method, "/health/ready")).status_code == 405
