"""A database that stands still under load: every request is answered in time, nothing acknowledged is lost.

`python -m tests.frozen_rush SECONDS` freezes PostgreSQL for so long beneath three server processes.
"""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

from events_app.infra import database as db
from events_app.kernel.clock import SystemClock
from tests import databases, mixed_rush, postgres
from tests.servers import client_of, running_server
from tests.world import make_world

BEFORE_AND_AFTER_SECONDS = 8.0
LONGEST_SECONDS = 10.0
MOST_LOG_BYTES = 1_000_000


def signal_server(postmaster: int, what: signal.Signals) -> None:
    """The server and each of its processes."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in [postmaster, *map(int, children)]:
        try:
            os.kill(pid, what)
        except ProcessLookupError:
            continue


async def postmaster_of_current() -> int:
    found = await db.row("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
    assert found is not None
    return int((Path(found["setting"]) / "postmaster.pid").read_text().split()[0])


class Seen:
    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.acknowledged: set[str] = set()
        self.slowest = 0.0
        self.late_ready = 0.0
        self.answered_again = False


async def register(http: httpx.AsyncClient, number: int, until: float, seen: Seen) -> None:
    made = 0
    while time.monotonic() < until:
        made += 1
        email = f"f{number}n{made}@example.org"
        body = {"email": email, "given_name": "Personne", "family_name": f"Numéro {number}"}
        started = time.perf_counter()
        answer = await http.post(f"/api/v1/events/{mixed_rush.EVENTS[number % 3]}/registrations", json=body)
        seen.slowest = max(seen.slowest, time.perf_counter() - started)
        seen.statuses[answer.status_code] += 1
        if answer.status_code == 201:
            seen.acknowledged.add(email)
            seen.answered_again = time.monotonic() > until - BEFORE_AND_AFTER_SECONDS / 2
        else:
            await asyncio.sleep(0.2)


async def ask_ready(http: httpx.AsyncClient, until: float, seen: Seen) -> None:
    while time.monotonic() < until:
        started = time.perf_counter()
        await http.get("/health/ready")
        seen.late_ready = max(seen.late_ready, time.perf_counter() - started)
        await asyncio.sleep(1)


async def freeze(base_url: str, key: str, postmaster: int, seconds: float) -> Seen:
    seen = Seen()
    until = time.monotonic() + 2 * BEFORE_AND_AFTER_SECONDS + seconds
    headers = {"authorization": f"Bearer {key}"}

    async def stand_still() -> None:
        await asyncio.sleep(BEFORE_AND_AFTER_SECONDS)
        signal_server(postmaster, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            signal_server(postmaster, signal.SIGCONT)

    async def client(number: int) -> None:
        async with client_of(base_url, headers=headers, timeout=60) as http:
            await register(http, number, until, seen)

    async with client_of(base_url, timeout=60) as watcher:
        clients = (client(number) for number in range(mixed_rush.CLIENTS))
        await asyncio.gather(stand_still(), ask_ready(watcher, until, seen), *clients)
    return seen


async def faults(seen: Seen, log_bytes: int) -> list[str]:
    kept = {row["email"] for row in await db.rows("SELECT email FROM registration")}
    found = []
    if seen.slowest > LONGEST_SECONDS or seen.late_ready > LONGEST_SECONDS:
        found.append(f"answered after {seen.slowest:.1f} s, ready after {seen.late_ready:.1f} s")
    if lost := seen.acknowledged - kept:
        found.append(f"{len(lost)} acknowledged registrations are lost")
    if log_bytes > MOST_LOG_BYTES:
        found.append(f"the log has {log_bytes} bytes")
    if strange := seen.statuses.keys() - {201, 503}:
        found.append(f"answers {strange}")
    if not seen.answered_again:
        found.append("nobody registered after the freeze")
    return found


async def _alone(server: str, seconds: float) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        template = await asyncio.to_thread(databases.postgres_template, server)
        url = await databases.postgres_copy(server, template)
        db.use_engine(db.make_engine(url))
        await db.open_database()
        key = await mixed_rush.prepare(make_world(Path(folder), now=SystemClock().now()))
        postmaster = await postmaster_of_current()
        with running_server(mixed_rush.environment(url)) as running:
            seen = await freeze(running.base_url, key, postmaster, seconds)
            log = running.log.read_text()
        print(dict(seen.statuses), f"slowest {seen.slowest:.2f} s, ready {seen.late_ready:.2f} s")
        print(f"log {len(log)} bytes:\n{log[-2000:]}")
        found = await faults(seen, len(log))
        await db.close_database()
        return found


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    with postgres.throwaway_server() as server:
        found = asyncio.run(_alone(server, seconds))
    print("\n".join(found) or "answered in time, nothing lost")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
