"""`convive serve` as a process: one server a port, a clean stop."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.servers import ROOT, free_port, running_server


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    port = free_port()
    with running_server({}, port):
        env = {**os.environ, "CONVIVE_DATA_DIR": str(tmp_path), "CONVIVE_PORT": str(port)}
        second = subprocess.run(
            [sys.executable, "-m", "events_app", "serve"],
            env=env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert second.returncode == 2
    assert f"port {port}" in second.stderr
    assert not (tmp_path / "convive.db").exists()


def test_sigterm_stops_it_at_once_with_status_0(tmp_path: Path) -> None:
    with running_server({}) as server:
        assert httpx.get(server.base_url + "/health/live").status_code == 200
        os.kill(server.process.pid, signal.SIGTERM)
        assert server.process.wait(5) == 0
