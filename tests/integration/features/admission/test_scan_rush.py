"""Many doors at once, at real servers: SQLite with one process, PostgreSQL with two."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from events_app.features.admission.tickets import ticket_code_of
from events_app.infra import database as db
from events_app.infra.world import World
from tests.integration.features.admission.rows import make_event, make_registrations, make_session
from tests.servers import client_of, running_server
from tests.world import make_world

pytestmark = pytest.mark.slow

DOORS = 64


@pytest.fixture
def world(tmp_path: Path) -> World:
    """On the same clock as the servers."""
    return make_world(tmp_path / "data", now=datetime.now(UTC))


def environment(url: str) -> dict[str, str]:
    return {
        "CONVIVE_DATABASE_URL": url,
        "CONVIVE_SECRET_KEY": "a secret key that only tests use, long enough",
        "CONVIVE_WORKER_IN_PROCESS": "0",
        "CONVIVE_WORKERS": "2" if url.startswith("postgres") else "1",
    }


async def all_at_once(base_url: str, key: str, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each from a connection of its own, all open before the first scan is sent. A refusal is a problem."""
    ready = asyncio.Barrier(len(bodies))

    async def door(body: dict[str, Any]) -> dict[str, Any]:
        async with client_of(base_url, timeout=60) as http:
            await http.get("/health/live")
            await ready.wait()
            answer = await http.post(
                "/api/v1/events/monkey-time/scans", json=body, headers={"authorization": f"Bearer {key}"}
            )
            assert answer.status_code in (200, 409), answer.text
            found: dict[str, Any] = answer.json()
            return found

    return await asyncio.gather(*(door(body) for body in bodies))


async def test_of_sixty_four_doors_one_admits(database: str, world: World, organiser_key: str) -> None:
    event = await make_event(world)
    await make_session(world, event, "room", capacity_max=5)
    people = await make_registrations(world, event, [f"Personne Numéro{n}" for n in range(20)])
    code = await ticket_code_of(world, event, people[0])
    with running_server(environment(database)) as server:
        one = await all_at_once(
            server.base_url,
            organiser_key,
            [{"scan_id": f"s{n}", "ticket_code": code, "gate": f"g{n}"} for n in range(DOORS)],
        )
        same = await all_at_once(
            server.base_url,
            organiser_key,
            [{"scan_id": "same", "ticket_code": people[n % 2].short_code} for n in range(DOORS)],
        )
        room = await all_at_once(
            server.base_url,
            organiser_key,
            [
                {"scan_id": f"r{n}", "ticket_code": p.short_code, "session": "room"}
                for n, p in enumerate(people)
            ],
        )
    assert Counter(answer["outcome"] for answer in one) == {"admitted": 1, "already_admitted": DOORS - 1}
    [winner] = [answer for answer in one if answer["outcome"] == "admitted"]
    firsts = {answer["first_scan"]["scan_id"] for answer in one if answer["first_scan"]}
    assert firsts == {winner["scan_id"]}
    # One id for two tickets: whichever came first has it, its repeats get its answer, the other is misuse.
    kept = [answer for answer in same if "outcome" in answer]
    assert [answer.get("type") for answer in same].count("/problems/scan-id-reused") == DOORS // 2
    assert all(answer == kept[0] for answer in kept)
    assert len(kept) == DOORS // 2
    assert Counter(answer["reason"] for answer in room) == {"ok": 5, "session_full": 15}
    scans = await db.rows("SELECT outcome, count(*) AS n FROM scan WHERE scan_id LIKE 's%' GROUP BY outcome")
    assert sum(row["n"] for row in scans) == DOORS + 1
