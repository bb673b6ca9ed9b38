"""Ten organisers press at once, on two real server processes that share one database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from events_app.features.accounts.service import create_api_key, ensure_first_body
from events_app.features.workshops.queries import runs_of
from events_app.features.workshops.solving import AT_ONCE
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from events_app.kernel.clock import SystemClock
from tests.integration.features.workshops.afternoon import Afternoon, afternoon
from tests.servers import client_of, running_server
from tests.world import make_world

EVENTS = 4
pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.parametrize("database", ["postgres"], indirect=True),
]


@pytest.fixture
async def scenes(database: str, tmp_path: Path) -> list[Afternoon]:
    world = make_world(tmp_path / "data", now=SystemClock().now())
    starts_at = SystemClock().now() + timedelta(days=9)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    return [await afternoon(world, people=40, **times) for _ in range(EVENTS)]


@pytest.fixture
async def desks(
    database: str, world: World, scenes: list[Afternoon]
) -> AsyncIterator[list[httpx.AsyncClient]]:
    """An organiser's browser at each of the two processes."""
    key = await create_api_key(world, SYSTEM, await ensure_first_body(world), "tests", Role.ORGANISER)
    settings = {
        "CONVIVE_DATABASE_URL": database,
        "CONVIVE_SECRET_KEY": "a secret key that only tests use, long enough",
    }
    with running_server(settings) as one, running_server(settings) as other:
        clients = [
            client_of(server.base_url, headers={"authorization": f"Bearer {key}"}, timeout=60)
            for server in (one, other)
        ]
        yield clients
        for client in clients:
            await client.aclose()


def _place(slug: str) -> str:
    return f"/org/events/{slug}/placement"


async def test_ten_presses_at_once_are_bounded_and_wait_their_turn_and_can_be_cancelled(
    desks: list[httpx.AsyncClient], scenes: list[Afternoon]
) -> None:
    """Of one event there is one computation, however many press."""
    pressed = asyncio.gather(
        *(
            desks[n // EVENTS % 2].post(
                _place(scenes[n % EVENTS].event.slug), data={"objective": "guarantee"}
            )
            for n in range(10)
        )
    )
    most, answers = await asyncio.gather(_watched(EVENTS), pressed)
    assert most <= 2 * AT_ONCE
    for answer in answers:
        assert answer.status_code == 303
        location = answer.headers["location"]
        if "/computing/" in location:  # done meanwhile, or it can still be cancelled from the other process
            assert (await desks[1].post(location)).status_code == 303
    await _watched(EVENTS)
    found = await db.rows("SELECT status FROM computation")
    assert {one["status"] for one in found} <= {"done", "cancelled"}
    made = [len(await runs_of(scene.event.id)) for scene in scenes]
    assert sum(made) == sum(one["status"] == "done" for one in found)


async def _watched(number: int) -> int:
    """How many were running at most until so many have begun and ended."""
    most = 0
    while True:
        found = await db.rows("SELECT status FROM computation")
        most = max(most, sum(one["status"] == "running" for one in found))
        if len(found) >= number and not any(one["status"] in ("queued", "running") for one in found):
            return most
        await asyncio.sleep(0.02)
