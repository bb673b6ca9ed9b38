"""kill -9 in the middle of a rush: what was acknowledged is there, and so is its mail."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from events_app.features.accounts.service import create_api_key, ensure_first_body
from events_app.infra import database as db
from events_app.infra import jobs
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from tests.factories import make_event
from tests.servers import RunningServer, client_of, running_server
from tests.smtp import smtp_sink
from tests.world import make_world

KILLS = 3
CLIENTS = 8
ALL_SENT_WITHIN_SECONDS = 60


class Rush:
    """Clients that register people one after another until the server is gone."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._number = 0
        self.acknowledged: set[str] = set()

    async def run(self, server: RunningServer, until: Callable[[], bool]) -> None:
        """Kill the server at the first moment at which `until` holds."""
        limits = httpx.Limits(max_connections=CLIENTS)
        headers = {"authorization": f"Bearer {self._key}"}
        async with client_of(server.base_url, limits=limits, headers=headers) as client:
            clients = [asyncio.create_task(self._register(client)) for _ in range(CLIENTS)]
            async with asyncio.timeout(30):
                while not until():  # noqa: ASYNC110 -- what is waited for is in other processes
                    await asyncio.sleep(0.005)
            await asyncio.to_thread(server.kill)
            await asyncio.gather(*clients)

    async def _register(self, client: httpx.AsyncClient) -> None:
        while True:
            self._number += 1
            email = f"p{self._number}@example.org"
            person = {"email": email, "given_name": "Personne", "family_name": f"Numéro {self._number}"}
            try:
                answer = await client.post("/api/v1/events/monkey-time/registrations", json=person)
            except httpx.TransportError:
                return
            assert answer.status_code == 201, answer.text
            self.acknowledged.add(email)
            await asyncio.sleep(0.15)  # the mails are tried here: let them keep up


@pytest.mark.slow
async def test_each_acknowledged_registration_gets_its_mail_and_a_kill_repeats_one_at_most(
    database: str, tmp_path: Path
) -> None:
    world = make_world(tmp_path / "data", now=datetime.now(UTC))
    soon = world.now() + timedelta(days=30)
    await make_event(world, starts_at=soon, ends_at=soon + timedelta(hours=2), capacity=None)
    key = await create_api_key(world, SYSTEM, await ensure_first_body(world), "rush", Role.ORGANISER)
    rush = Rush(key)
    with smtp_sink() as (sink, smtp_url):
        env = {
            "CONVIVE_DATABASE_URL": database,
            "CONVIVE_SECRET_KEY": world.settings.secret_key.reveal(),
            "CONVIVE_SMTP_URL": smtp_url,
            "CONVIVE_MAIL_FROM": "convive@pma.example",
        }
        for _ in range(KILLS):
            sent = len(sink.taken)
            with running_server(env) as server:
                await rush.run(server, lambda sent=sent: len(sink.taken) >= sent + 15)  # type: ignore[misc]
        with running_server(env):
            await all_jobs_are_done(world)
    kept = {row["email"] for row in await db.rows("SELECT email FROM registration")}
    assert rush.acknowledged <= kept
    mails = Counter(recipient for (recipient,), _ in sink.taken)
    assert set(mails) == kept
    twice = [recipient for recipient, number in mails.items() if number > 1]
    assert len(twice) <= KILLS
    assert sum(mails.values()) <= len(kept) + KILLS
    ids = {str(message["To"]): set[str]() for message in sink.messages}
    for message in sink.messages:
        ids[str(message["To"])].add(str(message["Message-ID"]))
    assert {len(each) for each in ids.values()} == {1}  # a repeat is recognised by its Message-ID


async def all_jobs_are_done(world: World) -> None:
    async with asyncio.timeout(ALL_SENT_WITHIN_SECONDS):
        while await jobs.pending_count():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
