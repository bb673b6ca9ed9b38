"""What arrives at once, at real servers: never one place too many, nothing acknowledged is lost."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.clock import SystemClock
from tests.factories import make_event
from tests.servers import client_of, running_server
from tests.world import make_world

pytestmark = pytest.mark.slow

PEOPLE = 2_000
PLACES = 100
AT_ONCE = 64
KILLS = 3
IN_THE_MIDDLE = 40  # answers, then the kill


@pytest.fixture
def world(tmp_path: Path) -> World:
    """On the same clock as the servers."""
    return make_world(tmp_path / "data", now=datetime.now(UTC))


def environment(url: str, **more: str) -> dict[str, str]:
    return {
        "CONVIVE_DATABASE_URL": url,
        "CONVIVE_SECRET_KEY": "a secret key that only tests use, long enough",
        "CONVIVE_WORKER_IN_PROCESS": "0",
    } | more


async def coming_event(world: World, **fields: Any) -> None:
    starts_at = SystemClock().now() + timedelta(days=10)
    await make_event(world, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), **fields)


def person(number: int) -> dict[str, Any]:
    return {"email": f"p{number}@example.org", "given_name": "Personne", "family_name": f"Numéro {number}"}


async def register_all(base_url: str, key: str, people: range) -> list[dict[str, Any]]:
    """`AT_ONCE` callers, each on a connection of its own."""
    headers = {"authorization": f"Bearer {key}"}
    waiting = iter(people)
    answers: list[dict[str, Any]] = []

    async def caller() -> None:
        async with client_of(base_url, headers=headers, timeout=60) as http:
            for number in waiting:
                answer = await http.post("/api/v1/events/monkey-time/registrations", json=person(number))
                assert answer.status_code == 201, answer.text
                answers.append(answer.json())

    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
    return answers


async def test_two_thousand_at_once_for_a_hundred_places(
    database: str, world: World, organiser_key: str
) -> None:
    """SQLite: one process. PostgreSQL: two."""
    await coming_event(world, capacity=PLACES)
    workers = "2" if database.startswith("postgres") else "1"
    with running_server(environment(database, CONVIVE_WORKERS=workers)) as server:
        started = time.perf_counter()
        answers = await register_all(server.base_url, organiser_key, range(PEOPLE))
        seconds = time.perf_counter() - started
    print(f"{PEOPLE / seconds:.0f} registrations a second")
    assert Counter(answer["status"] for answer in answers) == {
        "confirmed": PLACES,
        "waiting": PEOPLE - PLACES,
    }
    positions = sorted(answer["waiting_position"] for answer in answers if answer["status"] == "waiting")
    assert positions == list(range(1, PEOPLE - PLACES + 1))
    found = await db.rows("SELECT arrival, status FROM registration ORDER BY arrival")
    assert [row["arrival"] for row in found] == list(range(1, PEOPLE + 1))
    assert [row["status"] for row in found] == ["confirmed"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
    jobs = await db.rows("SELECT kind, count(*) AS n FROM job GROUP BY kind ORDER BY kind")
    assert [(row["kind"], row["n"]) for row in jobs] == [
        ("mail.confirmation", PLACES),
        ("mail.waiting", PEOPLE - PLACES),
    ]


async def test_what_was_acknowledged_survives_kill_9(database: str, world: World, organiser_key: str) -> None:
    """Several times in the middle of a rush: whoever got an answer is registered, nothing is half done."""
    await coming_event(world, capacity=PLACES)
    acknowledged: dict[str, str] = {}
    for round_number in range(KILLS):
        with running_server(environment(database)) as server:
            answered = asyncio.Semaphore(0)
            people = iter(range(round_number * 1_000, (round_number + 1) * 1_000))
            callers = [
                asyncio.create_task(
                    call_until_killed(server.base_url, organiser_key, people, acknowledged, answered)
                )
                for _ in range(AT_ONCE)
            ]
            for _ in range(IN_THE_MIDDLE):
                await answered.acquire()
            server.kill()
            await asyncio.gather(*callers)
    found = await db.rows("SELECT id, email, status FROM registration")
    kept = {row["email"]: str(row["id"]) for row in found}
    assert acknowledged.items() <= kept.items()
    assert len(acknowledged) >= KILLS * IN_THE_MIDDLE
    confirmed = sum(row["status"] == "confirmed" for row in found)
    assert confirmed == min(PLACES, len(found))
    halves = await db.rows(
        "SELECT r.id FROM registration r WHERE NOT EXISTS"
        " (SELECT 1 FROM audit_entry a WHERE a.object_id = r.id AND a.action = 'registration.created')"
    )
    assert halves == []
    jobs = await db.row("SELECT count(*) AS n FROM job")
    assert jobs is not None
    assert jobs["n"] == len(found)


async def call_until_killed(
    base_url: str, key: str, people: Iterator[int], acknowledged: dict[str, str], answered: asyncio.Semaphore
) -> None:
    headers = {"authorization": f"Bearer {key}"}
    async with client_of(base_url, headers=headers, timeout=10) as http:
        for number in people:
            try:
                answer = await http.post("/api/v1/events/monkey-time/registrations", json=person(number))
            except httpx.TransportError:
                return
            if answer.status_code == 201:
                acknowledged[person(number)["email"]] = answer.json()["id"]
                answered.release()
