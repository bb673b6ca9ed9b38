"""`convive` as a process: options before settings, one server a port, nothing said but news, a clean stop."""

import os
import re
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest

from events_app.__main__ import COMMANDS, main
from tests.servers import ROOT, free_port, running_server


def convive(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "events_app", *arguments],
        env={**os.environ, "CONVIVE_DATA_DIR": str(folder), **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    port = free_port()
    with running_server({}, port):
        second = convive(tmp_path, "serve", CONVIVE_PORT=str(port))
    assert second.returncode == 2
    assert second.stderr == (
        f"convive: cannot listen on port {port} of 127.0.0.1: address already in use"
        " (CONVIVE_HOST, CONVIVE_PORT, --host, --port)\n"
    )
    assert not (tmp_path / "convive.db").exists()


def test_sigterm_stops_it_at_once_with_status_0() -> None:
    with running_server({}) as server:
        assert httpx.get(server.base_url + "/health/live").status_code == 200
        os.kill(server.process.pid, signal.SIGTERM)
        assert server.process.wait(5) == 0


def test_a_start_says_the_address_and_the_first_link_and_nothing_else() -> None:
    with running_server({}) as server:
        port = server.base_url.rpartition(":")[2]
        os.kill(server.process.pid, signal.SIGTERM)
        server.process.wait(5)
        lines = server.log.read_text().splitlines()
    assert lines[0] == f"Convive: http://127.0.0.1:{port}"
    assert re.fullmatch(
        rf"The first administrator signs in here, once: http://127.0.0.1:{port}/\S+", lines[1]
    )
    assert lines[2:] == []


def test_options_go_before_settings() -> None:
    port, other = free_port(), free_port()
    settings = {"CONVIVE_PORT": str(other), "CONVIVE_HOST": "192.0.2.1", "CONVIVE_WORKERS": "3"}
    options = ("--port", str(port), "--host", "localhost", "--workers", "1")
    with running_server(settings, port, options) as server:
        assert httpx.get(server.base_url + "/health/live").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--port", "0"), "--port must be a whole number from 1 to 65535, not '0'"),
        (("--port", "many"), "--port must be a whole number from 1 to 65535, not 'many'"),
        (("--port", ""), "--port is empty"),
        (("--workers", "-1"), "--workers must be a whole number from 1 to 64, not '-1'"),
        (
            ("--workers", "2"),
            "several workers need PostgreSQL (CONVIVE_DATABASE_URL): on SQLite one alone is faster",
        ),
        (
            ("--host", "192.0.2.1", "--port", "8000"),
            "cannot listen on port 8000 of 192.0.2.1: cannot assign requested address"
            " (CONVIVE_HOST, CONVIVE_PORT, --host, --port)",
        ),
    ],
)
def test_what_cannot_be_served_is_refused_in_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    done = convive(tmp_path, "serve", *arguments)
    assert (done.returncode, done.stderr) == (2, f"convive: {sentence}\n")
    assert not (tmp_path / "convive.db").exists()


def test_a_database_or_a_folder_that_cannot_be_opened_is_said_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for setting, value, words in (
        ("CONVIVE_DATABASE_URL", f"postgresql://convive:geheim@127.0.0.1:{free_port()}/x", "does not answer"),
        ("CONVIVE_DATABASE_URL", f"sqlite:///{file}/x.db", "does not answer"),
        ("CONVIVE_DATA_DIR", str(file / "x"), "cannot be read or written"),
        ("CONVIVE_HOST", "no.such.host.invalid", "cannot listen"),
    ):
        settings = {"CONVIVE_PORT": str(free_port()), setting: value}
        done = convive(tmp_path / "data", "serve", **settings)
        assert done.returncode in (1, 2)
        assert done.stderr.count("\n") == 1, done.stderr
        assert words in done.stderr
        assert setting in done.stderr
        assert "geheim" not in done.stderr


def test_its_version_is_said(tmp_path: Path) -> None:
    assert convive(tmp_path, "--version").stdout == f"convive {version('convive')}\n"


def test_help_is_given_for_the_whole(tmp_path: Path) -> None:
    alone = convive(tmp_path)
    assert (alone.returncode, alone.stdout) == (2, "")
    whole = convive(tmp_path, "--help")
    assert (whole.returncode, whole.stdout) == (0, alone.stderr)
    assert re.findall(r"^    (\S+) ", whole.stdout, re.MULTILINE) == list(COMMANDS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_given_for_each_command(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONVIVE_DATA_DIR", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    said = capsys.readouterr()
    assert (ended.value.code, said.err) == (0, "")
    assert said.out.startswith(f"usage: convive {command} ")
    assert list(tmp_path.iterdir()) == []
