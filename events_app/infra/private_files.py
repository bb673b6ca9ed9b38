"""Files that only their owner may read, whatever the umask; written whole or not at all."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600
_OURS = ("convive.db", "secret-key", "seen-proxy")  # beginnings of names: also -wal, -shm, .partial


def make_folder(folder: Path) -> None:
    """And those above it, which stay as the umask has them."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def tighten_folder(folder: Path) -> None:
    """Where it holds nothing but ours: another folder (a home, /tmp) is its owner's business."""
    if is_loose(folder) and is_own(folder) and all(_is_ours(entry.name) for entry in folder.iterdir()):
        folder.chmod(FOLDER_MODE)


def tighten(path: Path) -> None:
    if is_loose(path) and is_own(path):
        path.chmod(FILE_MODE)


def is_loose(path: Path) -> bool:
    """Whether somebody but its owner may read or write it."""
    return path.exists() and bool(path.stat().st_mode & 0o077)


def is_own(path: Path) -> bool:
    return path.stat().st_uid == os.geteuid()


def touch(path: Path) -> None:
    """There, empty if it was not, and private from its first moment. The folder exists.

    A file that is there is not even opened: closing it would drop every lock that SQLite holds on it in this
    process (sqlite.org/howtocorrupt.html, 2.2), and other processes would then write under its readers.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE))


def write_whole(path: Path, content: str, *, replace: bool = False) -> None:
    """On the disk when this returns; a full disk leaves nothing. Of two who write at once without `replace`,
    the second raises `FileExistsError`."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            partial.replace(path)
        else:
            os.link(partial, path)
        _sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def has_room(folder: Path, size: int = 256 * 1024) -> bool:
    """Whether a file of so many bytes can be written there now."""
    probe = folder / f".room-{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
            file.write(bytes(size))
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)
    return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_ours(name: str) -> bool:
    return name.startswith(_OURS)
