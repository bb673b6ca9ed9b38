"""Scans by the API: 16 connections, each scan a new ticket, one process on SQLite."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.load import Load, drive, request
from benchmarks.servers import command, environment, free_port, running
from events_app.features.accounts.service import ensure_first_body
from events_app.features.admission.tickets import keyring
from events_app.features.events.tables import Event
from events_app.features.registration.finding import words_of
from events_app.features.registration.tables import Registration
from events_app.infra import database as db
from events_app.infra.settings import load_settings
from events_app.infra.world import World
from events_app.kernel.clock import SystemClock
from events_app.kernel.ids import SystemEntropy, token_hash
from events_app.kernel.short_code import short_code

Report = Callable[[str, float, str, str], None]

SCANS = 4000
WARM_UP = 500
CONNECTIONS = 16


class Person(NamedTuple):
    ticket_id: int
    code: str


def main(report: Report) -> None:
    """`report(name, value, unit, target)` is called once for each figure."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        port = free_port()
        env = environment(data_dir, port)
        command(["migrate"], env)
        people = asyncio.run(fill(env))
        key = command(["api-key", "create", "--name", "bench", "--role", "door", "--event", "bench"], env)
        shutil.copy(data_dir / "convive.db", data_dir / "bare.db")

        with running(["-m", "events_app", "serve"], env, port):
            ours = _measure(port, _our_requests(people, key))
        bare_port = free_port()
        bare_env = env | {"BENCH_DATABASE": str(data_dir / "bare.db"), "BENCH_PORT": str(bare_port)}
        with running(["-m", "benchmarks.bare"], bare_env, bare_port):
            bare = _measure(bare_port, _bare_requests(people, key))
    report("scans", ours.per_second, "/s", "")
    report("scans, bare handler", bare.per_second, "/s", "")
    report("scans, share of the bare handler", ours.per_second / bare.per_second, "", ">= 0.35")
    report("scans, p50", 1000 * ours.percentile(0.5), "ms", "")
    report("scans, p99", 1000 * ours.percentile(0.99), "ms", "< 50")


def _measure(port: int, requests: list[bytes]) -> Load:
    drive(port, requests[:WARM_UP], CONNECTIONS)
    load = drive(port, requests[WARM_UP:], CONNECTIONS)
    assert all(b'"admitted"' in body for body in load.bodies), load.bodies[0]
    return load


def _our_requests(people: list[Person], key: str) -> list[bytes]:
    headers = {"Authorization": f"Bearer {key}"}
    now = datetime.now(UTC).isoformat()
    return [
        request(
            "POST",
            "/api/v1/events/bench/scans",
            json.dumps(
                {
                    "scan_id": f"scan-{number}",
                    "ticket_code": person.code,
                    "gate": f"gate {number % 4}",
                    "direction": "in",
                    "scanned_at": now,
                }
            ).encode(),
            headers,
        )
        for number, person in enumerate(people)
    ]


def _bare_requests(people: list[Person], key: str) -> list[bytes]:
    return [
        request(
            "POST",
            "/scan",
            json.dumps(
                {
                    "scan_id": f"scan-{number}",
                    "ticket_id": person.ticket_id,
                    "gate": f"gate {number % 4}",
                    "slug": "bench",
                    "key": token_hash(key),
                }
            ).encode(),
        )
        for number, person in enumerate(people)
    ]


async def fill(env: dict[str, str]) -> list[Person]:
    """One event whose doors are open, with a registration for each scan."""
    settings = load_settings(env)
    world = World(settings=settings, clock=SystemClock(), entropy=SystemEntropy())
    db.use_engine(db.make_engine(settings.database_url))
    await db.open_database()
    try:
        async with db.write_transaction():
            body_id = await ensure_first_body(world)
            event = _event(world, body_id)
            await event.save()
            rows = [_registration(world, event, number) for number in range(1, SCANS + WARM_UP + 1)]
            for start in range(0, len(rows), 500):
                await Registration.insert(*rows[start : start + 500])
        keys = await keyring(world)
        return [Person(row.ticket_id, keys.code(event.number, row.ticket_id, 0)) for row in rows]
    finally:
        await db.close_database()


def _event(world: World, body_id: object) -> Event:
    now = world.now()
    return Event(
        id=world.new_id(),
        number=1,
        slug="bench",
        body=body_id,
        format="forum",
        title="Bench",
        language="fr",
        timezone="Europe/Paris",
        starts_at=now,
        ends_at=now + timedelta(days=1),
        visibility="public",
        status="published",
        calendar_changed_at=now,
        created_at=now,
        updated_at=now,
    )


def _registration(world: World, event: Event, number: int) -> Registration:
    row_id = world.new_id()
    ticket_id = int.from_bytes(world.entropy.bytes(5), "big")
    return Registration(
        id=row_id,
        event=event.id,
        group_id=row_id,
        arrival=number,
        status="confirmed",
        email=f"person{number}@example.org",
        email_folded=f"person{number}@example.org",
        given_name="Anne",
        family_name=f"Dupont{number}",
        search_words=words_of("Anne", f"Dupont{number}", "Ville de Lens", "", ""),
        organisation="Ville de Lens",
        language="fr",
        token_hash=token_hash(f"manage{number}"),
        feed_hash=token_hash(f"feed{number}"),
        ticket_id=ticket_id,
        short_code=short_code(ticket_id),
        source="api",
        created_at=world.now(),
        status_changed_at=world.now(),
        calendar_changed_at=world.now(),
    )


if __name__ == "__main__":
    main(lambda name, value, unit, target: print(f"{name:40} {value:10.2f} {unit:4} {target}"))
