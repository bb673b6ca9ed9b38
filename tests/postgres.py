"""A PostgreSQL server of the tests' own, thrown away afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOW_TO_GET_IT = "PostgreSQL's server was not found: apt-get install postgresql"


def binaries() -> Path | None:
    """The newest installed server's folder."""
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: int(folder.parent.name.split(".")[0]),
    )
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _account() -> str | None:
    """initdb refuses to run as root: another account then, else our own."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def throwaway_server() -> Iterator[str]:
    """The address of its `postgres` database, on localhost. Its writes are not durable: nothing is kept."""
    folder = binaries()
    assert folder is not None, HOW_TO_GET_IT
    account = _account()
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    if account is not None:
        shutil.chown(home, account)
    port = _free_port()

    def run(*command: str) -> None:
        subprocess.run(command, user=account, cwd=home, check=True, capture_output=True, timeout=60)

    options = f"-p {port} -k {home} -h 127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=200"
    data = str(home / "data")
    try:
        run(str(folder / "initdb"), "-D", data, "-U", "convive", "-A", "trust", "-E", "UTF8", "--locale=C")
        # Its output goes to the log: a server that held our pipe would keep run() waiting.
        run(str(folder / "pg_ctl"), "-D", data, "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield f"postgresql://convive@127.0.0.1:{port}/postgres"
        finally:
            run(str(folder / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
