"""Real server processes: what only they can prove (several at once, killed in the middle, their speed)."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 20.0
STOP_SECONDS = 10.0


_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def client_of(base_url: str, **options: Any) -> httpx.AsyncClient:
    """Of a server on this machine: to read the authorities that nobody asks takes 20 ms each time."""
    return httpx.AsyncClient(base_url=base_url, verify=_NO_AUTHORITIES, **options)


class RunningServer(msgspec.Struct):
    base_url: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """As a power cut would end it: SIGKILL to the process and to its workers."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server(
    env: Mapping[str, str], port: int | None = None, options: Sequence[str] = ()
) -> Iterator[RunningServer]:
    """`convive serve` with these settings (`CONVIVE_DATABASE_URL`...) on a port and a data folder of its own.

    Ready when the block begins; stopped by SIGTERM at its end, unless the block killed it.
    """
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="server-") as folder:
        log = Path(folder) / "log.txt"
        settings = {
            "CONVIVE_DATA_DIR": folder,
            "CONVIVE_PORT": str(port),
            "CONVIVE_BASE_URL": f"http://127.0.0.1:{port}",
            "PYTHONPATH": str(ROOT),
        }
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "events_app", "serve", *options],
                env={**os.environ, **settings, **env},
                stdout=output,
                stderr=output,
                cwd=ROOT,
                start_new_session=True,
            )
        server = RunningServer(f"http://127.0.0.1:{port}", process, log)
        try:
            _await_ready(server)
            yield server
        finally:
            _stop(process)


def _await_ready(server: RunningServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    with httpx.Client(base_url=server.base_url, verify=_NO_AUTHORITIES, timeout=2) as watcher:
        while time.monotonic() < deadline:
            if server.process.poll() is not None:
                raise RuntimeError(f"the server ended:\n{server.log.read_text('utf-8', 'replace')}")
            try:
                if watcher.get("/health/ready").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
    raise RuntimeError(f"the server did not answer:\n{server.log.read_text('utf-8', 'replace')}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(process.pid, signal.SIGKILL)  # workers that outlived it
    except ProcessLookupError:
        pass
    process.wait(STOP_SECONDS)
