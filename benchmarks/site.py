"""Registrations, the public event page, search by name, start and memory: one process on SQLite."""

import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.load import Load, drive, request
from benchmarks.servers import ROOT, command, environment, free_port, running

Report = Callable[[str, float, str, str], None]

REGISTRATIONS = 5000
PAGES = 8000
SEARCHES = 200
CONNECTIONS = 16


def main(report: Report) -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        env = environment(Path(folder), port)
        command(["migrate"], env)
        key = command(["api-key", "create", "--name", "bench", "--role", "organiser"], env)
        for _ in range(3):
            report("start to first answer", _start_seconds(env, port), "s", "< 1.5")
        with running(["-m", "events_app", "serve"], env, port) as server:
            _make_event(port, key)
            report("memory after the start", _memory_mb(server.pid), "MB", "")
            made = _drive(port, _registrations(key))
            report("registrations, mails being made beside", made.per_second, "/s", ">= 300")
            report("registrations, p99", 1000 * made.percentile(0.99), "ms", "")
            _drive(port, [request("GET", "/events/bench")] * PAGES)
            report("memory after the load, the server", _memory_mb(server.pid), "MB", "< 150")
            helpers = sum(_memory_mb(pid) for pid in _children(server.pid))
            report("memory of its helper, which ends with the last mail", helpers, "MB", "")
        # The 5,000 mails of above would be made for minutes: they are measured apart from reading.
        with running(["-m", "events_app", "serve"], env | {"CONVIVE_WORKER_IN_PROCESS": "0"}, port):
            _report_searches(report, port, key)
            _report_page(report, port)


def _report_page(report: Report, port: int) -> None:
    page = request("GET", "/events/bench")
    drive(port, [page] * 500, CONNECTIONS)
    load = _drive(port, [page] * PAGES)
    bare_port = free_port()
    bare_env = environment(Path(tempfile.gettempdir()), bare_port) | {"BENCH_PORT": str(bare_port)}
    with running(["-m", "benchmarks.bare"], bare_env, bare_port):
        bare = _drive(bare_port, [request("GET", "/health/live")] * PAGES)
    report("public event page", load.per_second, "/s", ">= 1,500")
    report("a bare handler that answers a constant", bare.per_second, "/s", "")
    report("public event page, share of the bare handler", load.per_second / bare.per_second, "", "")


def _report_searches(report: Report, port: int, key: str) -> None:
    """One at a time, as somebody types: names that are there once, often, and never."""
    words = ["nadia", "dupont42", "du", "zzz", "roussel 17"]
    searches = [
        request(
            "GET",
            f"/api/v1/events/bench/registrations?q={words[n % 5].replace(' ', '%20')}",
            b"",
            _bearer(key),
        )
        for n in range(SEARCHES)
    ]
    load = drive(port, searches, 1)
    assert set(load.statuses) == {200}, load.bodies[0]
    report(f"search by name among {REGISTRATIONS:,}, p50", 1000 * load.percentile(0.5), "ms", "< 20")
    report(f"search by name among {REGISTRATIONS:,}, p99", 1000 * load.percentile(0.99), "ms", "< 20")


def _drive(port: int, requests: list[bytes]) -> Load:
    load = drive(port, requests, CONNECTIONS)
    assert set(load.statuses) <= {200, 201}, (set(load.statuses), load.bodies[0])
    return load


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _registrations(key: str) -> list[bytes]:
    given = ("Nadia", "Karim", "Odile", "Rémi", "Wendy")
    return [
        request(
            "POST",
            "/api/v1/events/bench/registrations",
            json.dumps(
                {
                    "email": f"person{number}@example.org",
                    "given_name": given[number % 5],
                    "family_name": f"{('Dupont', 'Roussel', 'Caron')[number % 3]}{number}",
                    "organisation": "Mission locale",
                    "insee": "62498",
                    "consent": True,
                }
            ).encode(),
            _bearer(key),
        )
        for number in range(REGISTRATIONS)
    ]


def _make_event(port: int, key: str) -> None:
    starts_at = datetime.now(UTC) + timedelta(days=3)
    event = {
        "slug": "bench",
        "title": "Forum des métiers",
        "summary": "Deux heures pour rencontrer celles et ceux qui recrutent.",
        "description": "Ouvert à **tous**.\n\n- des ateliers\n- des rencontres\n",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        "venue": {"name": "Maison syndicale", "address": "32 rue Casimir-Beugnet", "insee": "62498"},
    }
    _post(port, "/api/v1/events", key, event)
    for number in range(5):
        session = {
            "code": f"atelier-{number}",
            "title": f"Atelier {number}",
            "kind": "workshop",
            "slot": "a",
            "starts_at": event["starts_at"],
            "ends_at": event["ends_at"],
            "capacity_max": 1000,
        }
        _post(port, "/api/v1/events/bench/sessions", key, session)
    _post(port, "/api/v1/events/bench/publish", key, None)


def _post(port: int, path: str, key: str, body: object) -> None:
    data = json.dumps(body).encode() if body is not None else b""
    headers = _bearer(key) | ({"Content-Type": "application/json"} if data else {})
    call = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers, method="POST")
    try:
        urllib.request.urlopen(call, timeout=10).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError as refused:
        raise RuntimeError(f"{path}: {refused.read().decode()}") from refused


def _start_seconds(env: dict[str, str], port: int) -> float:
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "events_app", "serve"], env=env, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=1).close()
                return time.perf_counter() - started
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError("the server ended") from None
                time.sleep(0.005)
    finally:
        process.terminate()
        process.wait(15)


def _memory_mb(pid: int) -> float:
    """Resident memory, in MB of 2^20 bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


if __name__ == "__main__":
    main(lambda name, value, unit, target: print(f"{name:55} {value:10.2f} {unit:4} {target}"))
