"""Servers under measurement: the real one and bare handlers, both on Granian, one process."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data_dir: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONVIVE_")}
    return kept | {
        "CONVIVE_DATA_DIR": str(data_dir),
        "CONVIVE_PORT": str(port),
        "CONVIVE_SECRET_KEY": "only for measuring, long enough to be accepted",
        "CONVIVE_LOG_LEVEL": "error",
        "PYTHONPATH": str(ROOT),
    }


def command(arguments: list[str], env: dict[str, str]) -> str:
    """Run `convive ...` to its end; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "events_app", *arguments], env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@contextmanager
def running(
    arguments: list[str], env: dict[str, str], port: int, path: str = "/health/live"
) -> Iterator[subprocess.Popen[bytes]]:
    """`python ARGUMENTS` until it answers, ended by SIGTERM."""
    process = subprocess.Popen([sys.executable, *arguments], env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}{path}", process)
        yield process
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"no answer from {url}")
