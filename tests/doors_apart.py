"""Four doors that lose the network again and again, on the real server and the page's real queue.

`python -m tests.doors_apart 100000` for a long one; a short one is a test.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from events_app.features.accounts.service import create_api_key
from events_app.features.admission.tickets import ticket_code_of
from events_app.infra import database as db
from events_app.infra.settings import load_settings
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from events_app.kernel.clock import SystemClock
from events_app.kernel.ids import SystemEntropy
from tests.integration.features.admission.rows import make_event, make_registrations
from tests.servers import ROOT, free_port, running_server

SECRET = "a secret key that only tests use, long enough"
GATES = 4


async def _fill(url: str, folder: Path, people: int) -> tuple[str, list[str], int]:
    """A key, a ticket for each person, and when the first of them arrives (ms)."""
    settings = load_settings({"CONVIVE_DATA_DIR": str(folder), "CONVIVE_SECRET_KEY": SECRET})
    world = World(settings=settings, clock=SystemClock(), entropy=SystemEntropy())
    db.use_engine(db.make_engine(url))
    await db.open_database()
    try:
        await db.migrate()
        began = world.now() - timedelta(hours=3)
        event = await make_event(world, starts_at=began, ends_at=began + timedelta(days=2))
        made = await make_registrations(world, event, [f"Personne N{number}" for number in range(people)])
        key = await create_api_key(world, SYSTEM, event.body_id, "door", Role.DOOR, event.id)
        codes = [await ticket_code_of(world, event, each) for each in made]
        return key, codes, round(began.timestamp() * 1000)
    finally:
        await db.close_database()


async def _recorded(url: str) -> list[dict[str, Any]]:
    db.use_engine(db.make_engine(url))
    await db.open_database()
    try:
        return await db.rows(
            "SELECT s.scan_id, s.device, s.direction, s.outcome, s.decided, s.flagged, s.voids,"
            " s.voids_device, s.code_hash, p.inside FROM scan s"
            " LEFT JOIN presence p ON p.registration = s.registration_id"
        )
    finally:
        await db.close_database()


def run(scans: int, people: int, seed: int) -> dict[str, int]:
    """Asserts that none is lost, none invented, each double admission found; some figures."""
    from events_app.kernel.ids import token_hash

    with tempfile.TemporaryDirectory(prefix="doors-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'doors.db'}"
        key, codes, began = asyncio.run(_fill(url, folder, people))
        env = {"CONVIVE_DATABASE_URL": url, "CONVIVE_SECRET_KEY": SECRET, "CONVIVE_WORKER_IN_PROCESS": "0"}
        with running_server(env, free_port()) as server:
            given = {
                "api": f"{server.base_url}/api/v1/events/monkey-time",
                "key": key,
                "codes": codes,
                "scans": scans,
                "gates": GATES,
                "seed": seed,
                "began": began,
            }
            node = shutil.which("node") or "node"
            done = subprocess.run(
                [node, str(ROOT / "tests/readers/simulate_doors.mjs")],
                input=json.dumps(given).encode(),
                capture_output=True,
                timeout=60 + scans / 20,
            )
            assert done.returncode == 0, done.stderr.decode()[-2000:]
        found = asyncio.run(_recorded(url))
    said = json.loads(done.stdout)
    by_hash = {token_hash(code): code for code in codes}
    return _compared(said, found, by_hash)


def _compared(said: dict[str, Any], found: list[dict[str, Any]], by_hash: dict[str, str]) -> dict[str, int]:
    assert said["troubles"] == [], said["troubles"][:5]
    assert said["waiting"] == [0] * GATES
    undone = {(each["voids_device"], each["voids"]) for each in found if each["voids"]}
    standing = [
        each for each in found if not each["voids"] and (each["device"], each["scan_id"]) not in undone
    ]
    entered = Counter(
        (each["device"], by_hash[each["code_hash"]])
        for each in standing
        if "admitted" in (each["outcome"], each["decided"])
    )
    exits = [each for each in standing if each["outcome"] == "left"]
    left = Counter((each["device"], by_hash[each["code_hash"]]) for each in exits)
    told = said["happened"]
    told_in = Counter((each["door"], each["code"]) for each in told if each["outcome"] == "admitted")
    told_out = Counter((each["door"], each["code"]) for each in told if each["outcome"] == "left")
    assert entered == told_in, "entries lost or invented"
    assert left == told_out, "exits lost or invented"
    doubles, inside = _doubles(told)
    flagged = {by_hash[each["code_hash"]] for each in found if each["flagged"]}
    assert doubles <= flagged, "a double admission was not found"
    counted = {by_hash[each["code_hash"]] for each in standing if each["inside"]}
    assert counted == inside, "who is inside"
    return {
        "scans": len(told),
        "recorded": len(found),
        "entries": sum(told_in.values()),
        "tickets that let several in": len(doubles),
        "tickets flagged": len(flagged),
    }


def _doubles(told: list[dict[str, Any]]) -> tuple[set[str], set[str]]:
    """Tickets that let somebody in while somebody was inside, and those whose holder is inside at the end."""
    timelines = defaultdict(list)
    for each in told:
        if each["outcome"] in ("admitted", "left"):
            timelines[each["code"]].append((each["at"], each["outcome"]))
    doubles, inside = set(), set()
    for code, events in timelines.items():
        is_in = False
        for _, outcome in sorted(events):
            if outcome == "admitted" and is_in:
                doubles.add(code)
            is_in = outcome == "admitted"
        if is_in:
            inside.add(code)
    return doubles, inside


if __name__ == "__main__":
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for trial in range(max(1, total // 10_000)):
        print(run(min(total, 10_000), 1500, seed=trial + 1))
