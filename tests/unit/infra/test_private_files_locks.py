"""A database file that is there is never opened beside SQLite."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from events_app.infra import private_files

_TRY = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB)"


def _is_locked(path: Path) -> bool:
    """For another process."""
    return (
        subprocess.run([sys.executable, "-c", _TRY, path], capture_output=True, check=False).returncode != 0
    )


def test_touching_a_file_keeps_the_locks_that_this_process_holds(tmp_path: Path) -> None:
    path = tmp_path / "convive.db"
    private_files.touch(path)
    assert path.stat().st_mode & 0o777 == 0o600
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX)
        private_files.touch(path)
        private_files.tighten(path)
        assert _is_locked(path)
    finally:
        os.close(descriptor)
    assert not _is_locked(path)
