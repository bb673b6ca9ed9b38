"""A connection to a SQLite file: made for its owner only, in WAL mode, durable and checked."""

import sqlite3
import time
from pathlib import Path

from events_app.infra import private_files
from events_app.infra.database.errors import is_busy

# No mmap_size: 10.4 µs a select with it, 9.5 without.
# A checkpoint each 16 MB rather than each 4: a page that many registrations touch is copied back once, which
# takes a fifth off a registration.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-8000",
    "wal_autocheckpoint=4000",
)


def opened(path: str, busy_seconds: float) -> sqlite3.Connection:
    """Folder and file are made where needed; WAL stays in the file. Raises the driver's errors."""
    if path != ":memory:":
        _make_file(Path(path))
    connection = sqlite3.connect(
        path,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,  # each connection has one user at a time, not one thread
        cached_statements=512,
        detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES,
    )
    try:
        _prepare(connection, busy_seconds)
    except BaseException:
        connection.close()
        raise
    return connection


def _make_file(path: Path) -> None:
    """SQLite gives its -wal and -shm the mode of the file itself."""
    private_files.make_folder(path.parent)
    private_files.touch(path)
    for ending in ("", "-wal", "-shm"):
        private_files.tighten(path.with_name(path.name + ending))


def _prepare(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Another process may be turning the new file to WAL right now: SQLite does not wait for that."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            return
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.02)
