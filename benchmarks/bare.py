"""Bare handlers to compare with: Litestar and sqlite3, no rights, no rules, no pool.

`python -m benchmarks.bare`; a database and a port by BENCH_DATABASE and BENCH_PORT.

A scan here runs the same SQL as ours for one ticket: key, event, earlier answer, registration, presence; then
scan and presence written in one immediate transaction, flushed to the disk.
"""

import asyncio
import os
import sqlite3
import uuid
from datetime import UTC, datetime
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from litestar import Litestar, get, post
from litestar.params import JSONBody

DATABASE = os.environ.get("BENCH_DATABASE", ":memory:")
PORT = int(os.environ.get("BENCH_PORT", "0"))

connection = sqlite3.connect(DATABASE, isolation_level=None, check_same_thread=False, cached_statements=512)
for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-8000"):
    connection.execute(f"PRAGMA {pragma}")


@get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "live"}


@post("/scan", status_code=200)
async def scan(data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    run = connection.execute
    now = datetime.now(UTC).isoformat(sep=" ")
    run("SELECT id, body, event_id, name, role, last_used_on FROM api_key WHERE key_hash = ?", (data["key"],))
    event = run("SELECT id, revision FROM event WHERE slug = ?", (data["slug"],)).fetchone()[0]
    run("BEGIN IMMEDIATE")
    run(
        "SELECT scan_id, answer FROM scan WHERE event = ? AND scan_id IN (?)", (event, data["scan_id"])
    ).fetchall()
    person = run(
        "SELECT id, ticket_id, ticket_generation, status, given_name, family_name, organisation"
        " FROM registration WHERE event = ? AND ticket_id IN (?) ORDER BY id",
        (event, data["ticket_id"]),
    ).fetchone()
    run(
        "SELECT registration, point, inside, first_scan_id, first_at, first_gate FROM presence"
        " WHERE registration IN (?)",
        (person[0],),
    ).fetchall()
    run(
        "INSERT INTO scan (id, event, scan_id, registration_id, session_id, code_hash, gate, direction,"
        " device_id, actor_name, scanned_at, received_at, outcome, reason, flagged, voids, answer)"
        " VALUES (?, ?, ?, ?, NULL, ?, ?, 'in', NULL, 'bench', ?, ?, 'admitted', 'ok', 0, NULL, ?)",
        (str(uuid.uuid4()), event, data["scan_id"], person[0], "0" * 64, data["gate"], now, now, "{}" * 150),
    )
    run(
        "INSERT INTO presence (id, event, registration, point, inside, first_scan_id, first_at, first_gate,"
        " changed_at) VALUES (?, ?, ?, '', 1, ?, ?, ?, ?)",
        (str(uuid.uuid4()), event, person[0], data["scan_id"], now, data["gate"], now),
    )
    run("COMMIT")
    return {
        "scan_id": data["scan_id"],
        "outcome": "admitted",
        "reason": "ok",
        "registration": {"id": person[0], "name": f"{person[4]} {person[5]}", "organisation": person[6]},
        "first_scan": None,
    }


async def main() -> None:
    app = Litestar([live, scan], logging_config=None, openapi_config=None)
    server = Server(app, port=PORT, interface=Interfaces.ASGI, log_level=LogLevels.warning, backlog=2048)
    await server.serve()


if __name__ == "__main__":
    asyncio.run(main())
