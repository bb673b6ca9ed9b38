"""Registrations and scans in a rush, on SQLite (one process) and PostgreSQL (two), in one run."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.growth import registrations
from benchmarks.load import Load, drive, request
from benchmarks.scans import fill as fill_scans
from benchmarks.servers import command, environment, free_port, running
from tests import postgres

Report = Callable[[str, float, str, str], None]

CONNECTIONS = 16
ROUNDS = 2


def main(report: Report) -> None:
    """The best of three rounds each, in turn: whatever else the machine does meets both."""
    with _databases() as urls:
        made = dict.fromkeys(urls, 0.0)
        scans: dict[str, Load] = {}
        for number in range(ROUNDS):
            for name, url in urls.items():
                made[name] = max(made[name], _registered(url, number).per_second)
                load = _scanned(url, number)
                if name not in scans or load.per_second > scans[name].per_second:
                    scans[name] = load
    report("registrations, mails being made beside, SQLite, one process", made["sqlite"], "/s", ">= 1,000")
    report("scans, SQLite, one process", scans["sqlite"].per_second, "/s", ">= 1,000")
    report("scans, SQLite, p99", 1000 * scans["sqlite"].percentile(0.99), "ms", "< 35")
    if "postgres" in made:
        report("registrations, PostgreSQL, two processes", made["postgres"], "/s", "")
        report("registrations, PostgreSQL, share of SQLite", made["postgres"] / made["sqlite"], "", ">= 0.6")
        report("scans, PostgreSQL, two processes", scans["postgres"].per_second, "/s", "")


@contextmanager
def _databases() -> Iterator[dict[str, str]]:
    if postgres.binaries() is None:
        yield {"sqlite": ""}
    else:
        with postgres.throwaway_server(durable=True) as url:
            yield {"sqlite": "", "postgres": url}


@contextmanager
def _installation(url: str, name: str) -> Iterator[tuple[dict[str, str], int]]:
    """Migrated, on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        env = environment(Path(folder), port)
        if url:
            env["CONVIVE_DATABASE_URL"] = asyncio.run(_new_database(url, name))
            env["CONVIVE_WORKERS"] = "2"
        command(["migrate"], env)
        yield env, port


async def _new_database(url: str, name: str) -> str:
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return f"{url.rpartition('/')[0]}/{name}"


def _registered(url: str, number: int) -> Load:
    with _installation(url, f"registered_{number}") as (env, port):
        key = command(["api-key", "create", "--name", "bench", "--role", "organiser"], env)
        with running(["-m", "events_app", "serve"], env, port):
            make_event(port, key)
            drive(port, registrations(key, 300, "warm"), CONNECTIONS)
            load = drive(port, registrations(key, 3000, "new"), CONNECTIONS)
    assert set(load.statuses) == {201}, load.bodies[0]
    return load


def make_event(port: int, key: str) -> None:
    event = {
        "slug": "bench",
        "title": "Forum des métiers",
        "starts_at": "2099-04-10T14:00:00+02:00",
        "ends_at": "2099-04-10T16:00:00+02:00",
        "timezone": "Europe/Paris",
    }
    headers = {"Authorization": f"Bearer {key}"}
    for path, body in (("/api/v1/events", json.dumps(event).encode()), ("/api/v1/events/bench/publish", b"")):
        load = drive(port, [request("POST", path, body, headers)], 1)
        assert load.statuses[0] < 300, load.bodies[0]


def _scanned(url: str, number: int) -> Load:
    with _installation(url, f"scanned_{number}") as (env, port):
        people = asyncio.run(fill_scans(env))
        key = command(["api-key", "create", "--name", "bench", "--role", "door", "--event", "bench"], env)
        now = datetime.now(UTC).isoformat()
        requests = [
            request(
                "POST",
                "/api/v1/events/bench/scans",
                json.dumps(
                    {"scan_id": f"s-{n}", "ticket_code": person.code, "gate": f"{n % 4}", "scanned_at": now}
                ).encode(),
                {"Authorization": f"Bearer {key}"},
            )
            for n, person in enumerate(people)
        ]
        with running(["-m", "events_app", "serve"], env, port):
            drive(port, requests[:500], CONNECTIONS)
            load = drive(port, requests[500:], CONNECTIONS)
    assert all(b'"admitted"' in body for body in load.bodies), load.bodies[0]
    return load


if __name__ == "__main__":
    main(lambda name, value, unit, target: print(f"{name:60} {value:10.2f} {unit:4} {target}"))
