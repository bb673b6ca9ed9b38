"""Confirmations on their way: the real server and its worker, to a mail server on the same machine, one that
answers at once and one that takes three seconds for each mail."""

import asyncio
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.growth import registrations
from benchmarks.load import drive
from benchmarks.rush import CONNECTIONS, make_event
from benchmarks.servers import ROOT, command, environment, free_port, running

Report = Callable[[str, float, str, str], None]

MAILS = 5_000
SLOW_MAILS = 300
SLOW_SECONDS = 3.0


def main(report: Report) -> None:
    seconds, p99, stored, cpu = measure(MAILS, 0.0)
    report(f"{MAILS} confirmations to a server that answers at once", seconds, "s", "< 60")
    report("pages meanwhile, p99", 1000 * p99, "ms", "< 50")
    report("bytes stored for each mail", stored, "", "< 6,000")
    report("processor for each mail, server and helper", 1000 * cpu / MAILS, "ms", "")
    seconds, *_ = measure(SLOW_MAILS, SLOW_SECONDS)
    report("mails to a server that takes 3 s for each", SLOW_MAILS / seconds, "/s", ">= 10")


def measure(mails: int, answer_after: float) -> tuple[float, float, float, float]:
    with tempfile.TemporaryDirectory(prefix="bench-mails-") as folder:
        port, smtp_port = free_port(), free_port()
        env = environment(Path(folder), port)
        key = command(["api-key", "create", "--name", "bench", "--role", "organiser"], env)
        with running(["-m", "events_app", "serve"], env | {"CONVIVE_WORKER_IN_PROCESS": "0"}, port):
            make_event(port, key)
            load = drive(port, registrations(key, mails, "m"), CONNECTIONS)
            assert set(load.statuses) == {201}, load.bodies[0]
        env |= {"CONVIVE_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}", "CONVIVE_MAIL_FROM": "bench@pma.example"}
        with (
            mail_server(smtp_port, answer_after),
            running(["-m", "events_app", "serve"], env, port) as server,
            closing(sqlite3.connect(Path(folder) / "convive.db")) as database,
        ):
            started = time.perf_counter()
            latencies: list[float] = []
            while database.execute("SELECT count(*) FROM mail WHERE status = 'sent'").fetchone()[0] < mails:
                latencies += [page_seconds(port) for _ in range(10)]
                time.sleep(0.2)
            seconds = time.perf_counter() - started
            cpu = processor_seconds(server.pid)
            stored = database.execute("SELECT avg(length(content)) FROM mail").fetchone()[0]
        latencies.sort()
        return seconds, latencies[int(0.99 * len(latencies))], stored, cpu


def page_seconds(port: int) -> float:
    started = time.perf_counter()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/events/bench") as answer:
        answer.read()
    return time.perf_counter() - started


@contextmanager
def mail_server(port: int, answer_after: float) -> Iterator[None]:
    arguments = [sys.executable, "-m", "benchmarks.mails", str(port), str(answer_after)]
    process = subprocess.Popen(arguments, cwd=ROOT)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait()


def processor_seconds(pid: int) -> float:
    """Of a process and those it started."""
    own = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (int(own[11]) + int(own[12])) / 100 + sum(processor_seconds(int(child)) for child in children)


async def take_mails(port: int, answer_after: float) -> None:
    """A mail server that takes all it is given, in as little Python as can be."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                await asyncio.sleep(answer_after)
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 sink\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port, limit=2**22)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(take_mails(int(sys.argv[1]), float(sys.argv[2])))
