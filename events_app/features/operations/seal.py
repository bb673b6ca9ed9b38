"""The last line of a backup: the SHA-256 of all before it, which SQLite's count of pages leaves out."""

import hashlib
from pathlib import Path

_MARK = b"\nconvive backup sha256 "
LENGTH = len(_MARK) + 64 + 1
_CHUNK = 1 << 20


def seal(path: Path) -> None:
    digest = _digest(path, path.stat().st_size)
    with path.open("ab") as file:
        file.write(_MARK + digest.encode() + b"\n")


def is_whole(path: Path) -> bool | None:
    """None: there is no seal (a backup of an earlier version, or no backup)."""
    size = path.stat().st_size - LENGTH
    if size < 0:
        return None
    with path.open("rb") as file:
        file.seek(size)
        last = file.read()
    if not last.startswith(_MARK):
        return None
    return last == _MARK + _digest(path, size).encode() + b"\n"


def _digest(path: Path, size: int) -> str:
    """Of the first `size` bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0 and (chunk := file.read(min(size, _CHUNK))):
            digest.update(chunk)
            size -= len(chunk)
    return digest.hexdigest()
