"""Calendar feeds: one event's and the whole agenda's, made, kept and unchanged."""

import sqlite3
import tempfile
import time
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from benchmarks.__main__ import report as print_line
from benchmarks.load import Load, drive, request
from benchmarks.servers import command, environment, free_port, running

EVENTS = 5_000
REQUESTS = 12_000
START = datetime(2030, 4, 10, 12, 0, tzinfo=UTC)


def main(report: object = print_line) -> None:
    assert callable(report)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bench-calendars-") as folder:
        env = environment(Path(folder), port)
        key = command(["api-key", "create", "--name", "bench", "--role", "organiser"], env)
        bare_port = free_port()
        bare_env = env | {"BENCH_PORT": str(bare_port)}
        with running(["-m", "benchmarks.bare"], bare_env, bare_port):
            bare = drive(bare_port, [request("GET", "/health/live")] * REQUESTS)
        report("a bare handler that answers a constant", bare.per_second, "/s", "")
        with running(["-m", "events_app", "serve"], env, port):
            make_event(port, key)
            fill(Path(folder) / "convive.db")
            time.sleep(3)  # a feed made within two seconds of a change is made again
            measure(port, report, bare)


def make_event(port: int, key: str) -> None:
    """One event with five workshops, by the API."""
    headers = {"Authorization": f"Bearer {key}"}
    times = {"starts_at": START.isoformat(), "ends_at": (START + timedelta(hours=2)).isoformat()}
    event = {"slug": "mesure", "title": "Monkey Time", "summary": "Une après-midi d’ateliers", **times}
    sessions = [
        {"code": f"atelier-{number}", "title": f"Atelier {number}", "kind": "workshop", "slot": "a", **times}
        for number in range(5)
    ]
    calls = [("/api/v1/events", event), *(("/api/v1/events/mesure/sessions", each) for each in sessions)]
    requests = [request("POST", path, msgspec.json.encode(body), headers) for path, body in calls]
    requests.append(request("POST", "/api/v1/events/mesure/publish", b"{}", headers))
    made = drive(port, requests, connections=1)
    assert set(made.statuses) <= {200, 201}, made.bodies


def fill(path: Path) -> None:
    """The same event 5,000 times over, straight into the database."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    event = dict(connection.execute("SELECT * FROM event").fetchone())
    names = ", ".join(event)
    marks = ", ".join("?" for _ in event)
    rows = []
    for number in range(1, EVENTS):
        starts_at = START + timedelta(hours=number)
        copy = event | {
            "id": str(uuid.uuid4()),
            "number": event["number"] + number,
            "slug": f"mesure-{number}",
            "title": f"Rencontre {number} des entreprises, des communes et des associations",
            "starts_at": starts_at.isoformat(sep=" "),
            "ends_at": (starts_at + timedelta(hours=2)).isoformat(sep=" "),
        }
        rows.append(tuple(copy.values()))
    with connection:
        connection.executemany(f"INSERT INTO event ({names}) VALUES ({marks})", rows)
    connection.close()


def measure(port: int, report: object, bare: Load) -> None:
    assert callable(report)
    path = "/events/mesure/calendar.ics"
    of_event = drive(port, [request("GET", path)] * REQUESTS)
    assert_all(of_event, 200)
    report("event calendar", of_event.per_second, "/s", ">= 3,000")
    report("event calendar, share of the bare handler", of_event.per_second / bare.per_second, "", "")
    zipped = drive(port, [request("GET", path, headers={"Accept-Encoding": "gzip"})] * REQUESTS)
    report("event calendar, gzip", zipped.per_second, "/s", ">= 3,000")
    first = drive(port, [request("GET", "/calendar.ics")], connections=1)
    assert first.bodies[0].count(b"BEGIN:VEVENT") == EVENTS
    report(f"feed of {EVENTS} events, first after the start", first.latencies[0] * 1000, "ms", "")
    warm = drive(port, [request("GET", "/calendar.ics")] * 100, connections=1)
    report(f"feed of {EVENTS} events, warm, median", warm.percentile(0.5) * 1000, "ms", "< 20")
    report(f"feed of {EVENTS} events, warm, p99", warm.percentile(0.99) * 1000, "ms", "")
    accepting = {"Accept-Encoding": "gzip"}
    drive(port, [request("GET", "/calendar.ics", headers=accepting)], connections=1)
    small = drive(port, [request("GET", "/calendar.ics", headers=accepting)] * 200, connections=1)
    report(f"feed of {EVENTS} events, warm, gzip, median", small.percentile(0.5) * 1000, "ms", "< 20")
    known = {"If-None-Match": etag_of(port)}
    unchanged = drive(port, [request("GET", "/calendar.ics", headers=known)] * 3_000, connections=1)
    assert_all(unchanged, 304)
    report("304, median", unchanged.percentile(0.5) * 1000, "ms", "< 1")
    report("304, p99", unchanged.percentile(0.99) * 1000, "ms", "")


def etag_of(port: int) -> str:

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/calendar.ics") as answer:
        return str(answer.headers["etag"])


def assert_all(load: Load, status: int) -> None:
    assert set(load.statuses) == {status}, set(load.statuses)
