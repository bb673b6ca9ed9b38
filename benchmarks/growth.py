"""What an event of 100,000 costs beside one of 1,000: the same requests, in one run, as ratios."""

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from benchmarks.load import Load, drive, request
from benchmarks.servers import command, environment, free_port, running
from events_app.features.accounts.service import ensure_first_body
from events_app.features.events.tables import Event, Session
from events_app.features.registration import storage
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.infra import database as db
from events_app.infra.settings import load_settings
from events_app.infra.world import World
from events_app.kernel.clock import SystemClock
from events_app.kernel.ids import SystemEntropy
from events_app.kernel.short_code import short_code

Report = Callable[[str, float, str, str], None]

SMALL, LARGE = 1_000, 100_000
REGISTRATIONS = 2_000
READS = 60
GIVEN = ("Nadia", "Karim", "Odile", "Rémi", "Wendy", "Łukasz", "Søren")
FAMILY = ("Dupont", "Roussel", "Caron", "Le Goff", "Đukić")


class Costs(NamedTuple):
    """Per second, and milliseconds at the median."""

    registrations: float
    reads: dict[str, float]
    manifest_seconds: float
    manifest_again: float
    meanwhile_p99: float


def main(report: Report) -> None:
    small, large = _measure(SMALL), _measure(LARGE)
    report(f"registrations at {SMALL:,}", small.registrations, "/s", "")
    report(f"registrations at {LARGE:,}", large.registrations, "/s", "")
    report("registrations, share that is left", large.registrations / small.registrations, "", ">= 0.7")
    for name, milliseconds in large.reads.items():
        report(f"{name} at {LARGE:,}, p50", milliseconds, "ms", "< 20")
        report(f"{name}, times what it costs at {SMALL:,}", milliseconds / small.reads[name], "", "")
    report(f"door manifest of {LARGE:,}, made", large.manifest_seconds, "s", "< 1")
    report("door manifest, not changed since", large.manifest_again, "s", "")
    report("other requests while it is made, p99", large.meanwhile_p99, "ms", "< 100")


def _measure(people: int) -> Costs:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        env = environment(Path(folder), port) | {"CONVIVE_WORKER_IN_PROCESS": "0"}
        command(["migrate"], env)
        asyncio.run(fill(env, people))
        key = command(["api-key", "create", "--name", "bench", "--role", "organiser"], env)
        with running(["-m", "events_app", "serve"], env, port):
            reads = {name: _median(port, path, key) for name, path in READ.items()}
            seconds, again, meanwhile = _manifest(port, key)
            made = drive(port, registrations(key, REGISTRATIONS, "new"), 16)
            assert set(made.statuses) == {201}, made.bodies[0]
        return Costs(made.per_second, reads, seconds, again, 1000 * meanwhile.percentile(0.99))


READ = {
    "list of 100": "/api/v1/events/bench/registrations?limit=100",
    "list of 100 who are confirmed, from the middle": (
        "/api/v1/events/bench/registrations?limit=100&status=confirmed&cursor=500"
    ),
    "search by a whole name": "/api/v1/events/bench/registrations?q=dupont500",
    "search by what many have": "/api/v1/events/bench/registrations?q=du",
    "search for nobody": "/api/v1/events/bench/registrations?q=zzzz",
    "search at the door": "/api/v1/events/bench/door/people?q=lu+leg",
    "figures": "/api/v1/events/bench/stats",
    "overview page": "/org/events/bench",
    "page of registrations": "/org/events/bench/registrations",
    "page of statistics": "/org/events/bench/statistics",
    "page of the door": "/org/events/bench/door",
    "what is next, the organiser's first page": "/org",
    "event page": "/events/bench",
    "agenda": "/",
}


def _median(port: int, path: str, key: str) -> float:
    headers = {} if path in ("/events/bench", "/") else _bearer(key)
    load = drive(port, [request("GET", path, headers=headers)] * READS, 1)
    assert set(load.statuses) == {200}, (path, load.statuses[0], load.bodies[0][:300])
    return 1000 * load.percentile(0.5)


def _manifest(port: int, key: str) -> tuple[float, float, Load]:
    """Its time when it has to be made, when it is kept, and what somebody else meets meanwhile."""
    wanted = request("GET", "/api/v1/events/bench/door/manifest", headers=_bearer(key))
    other = request("GET", "/api/v1/events/bench/stats", headers=_bearer(key))
    with ThreadPoolExecutor(1) as side:
        meanwhile = side.submit(drive, port, [other] * 3000, 1)
        time.sleep(0.6)  # a process starts there
        made = drive(port, [wanted] * 2, 1)
        assert set(made.statuses) == {200}, made.bodies[0][:300]
        return made.latencies[0], made.latencies[1], meanwhile.result()


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def registrations(key: str, count: int, prefix: str) -> list[bytes]:
    return [
        request(
            "POST",
            "/api/v1/events/bench/registrations",
            json.dumps(
                {
                    "email": f"{prefix}{number}@example.org",
                    "given_name": GIVEN[number % len(GIVEN)],
                    "family_name": f"{FAMILY[number % len(FAMILY)]}{number}",
                    "organisation": "Mission locale",
                    "insee": "62498",
                    "consent": True,
                }
            ).encode(),
            _bearer(key),
        )
        for number in range(count)
    ]


async def fill(env: dict[str, str], people: int) -> None:
    """A forum whose doors are open; half of the people have come, a tenth waits."""
    settings = load_settings(env)
    world = World(settings=settings, clock=SystemClock(), entropy=SystemEntropy())
    db.use_engine(db.make_engine(settings.database_url))
    await db.open_database()
    try:
        async with db.write_transaction():
            event_id = await _event(world)
        for start in range(0, people, 1000):
            async with db.write_transaction():
                records = [_person(world, event_id, start + n) for n in range(min(1000, people - start))]
                await storage.insert_registrations(world, records)
                await _come(world, records[::2])
        await db.execute("ANALYZE")
    finally:
        await db.close_database()


async def _event(world: World) -> UUID:
    now = world.now()
    event_id = world.new_id()
    await Event(
        id=event_id,
        number=1,
        slug="bench",
        body=await ensure_first_body(world),
        format="forum",
        title="Forum des métiers",
        summary="Deux heures pour rencontrer celles et ceux qui recrutent.",
        language="fr",
        timezone="Europe/Paris",
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        visibility="public",
        status="published",
        published_at=now,
        calendar_changed_at=now,
        created_at=now,
        updated_at=now,
    ).save()
    for number in range(5):
        await Session(
            id=world.new_id(),
            event=event_id,
            code=f"atelier-{number}",
            title=f"Atelier {number}",
            kind="workshop",
            slot="a",
            starts_at=now + timedelta(hours=1),
            ends_at=now + timedelta(hours=2),
            capacity_max=1000,
            calendar_changed_at=now,
        ).save()
    return event_id


def _person(world: World, event_id: UUID, number: int) -> RegistrationRecord:
    person, now = world.new_id(), datetime.now(UTC)
    ticket = int.from_bytes(world.entropy.bytes(5), "big")
    return RegistrationRecord(
        id=person,
        event_id=event_id,
        group_id=person,
        arrival=number + 1,
        status=RegistrationStatus.WAITING if number % 10 == 9 else RegistrationStatus.CONFIRMED,
        email=f"person{number}@example.org",
        given_name=GIVEN[number % len(GIVEN)],
        family_name=f"{FAMILY[number % len(FAMILY)]}{number}",
        organisation=f"Mission locale {number % 40}",
        insee="62498",
        commune="Lens",
        profile="",
        language="fr",
        answers={},
        token_generation=0,
        ticket_id=ticket,
        short_code=short_code(ticket),
        ticket_generation=0,
        source="api",
        created_at=now,
        status_changed_at=now,
        erased_at=None,
        revision=1,
        calendar_sequence=0,
        calendar_changed_at=now,
    )


async def _come(world: World, records: list[RegistrationRecord]) -> None:
    now = world.now()
    await storage.insert_rows(
        "presence",
        ("id", "event", "registration", "point", "inside", "first_scan_id", "first_at", "first_gate",
         "changed_at"),
        [
            (world.new_id(), each.event_id, each.id, "", True, f"s{each.arrival}", now, "Nord", now)
            for each in records
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main(lambda name, value, unit, target: print(f"{name:60} {value:10.2f} {unit:4} {target}"))
