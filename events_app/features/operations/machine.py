"""Checks of the machine: disk, clock, files that may be open."""

import os
import resource
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from events_app.features.operations.findings import Finding
from events_app.infra.database import is_postgres, row
from events_app.infra.nights import doubted_night
from events_app.infra.private_files import has_room
from events_app.infra.settings import Settings
from events_app.kernel.clock import SystemClock

SPARE_BYTES = 500_000_000
ENOUGH_FILES = 4096
_TOLERATED = timedelta(minutes=1)
_SET_THE_CLOCK = "set the clock (timedatectl set-ntp true)"


def database_files(settings: Settings) -> list[Path]:
    if not settings.database_url.startswith("sqlite:///"):
        return []
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    return [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm")]


async def data_folder(settings: Settings) -> Finding:
    """And the database's, where that is another."""
    folders = list(
        dict.fromkeys((settings.data_dir, *(path.parent for path in database_files(settings)[:1])))
    )
    for folder in folders:
        if not os.access(folder, os.W_OK) or not has_room(folder):
            return Finding(
                "data folder", False, f"{folder} cannot be written", f"make room, or chown {folder}"
            )
    free = min(shutil.disk_usage(folder).free for folder in folders)
    if free < SPARE_BYTES:
        return Finding("data folder", False, f"{free // 1_000_000} MB free", "make room on this disk")
    return Finding("data folder", True, f"{settings.data_dir}, {free // 1_000_000_000} GB free")


async def open_files(_: Settings) -> Finding:
    """Of this command; the server's own limit is the same unless its unit says otherwise."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < ENOUGH_FILES:
        return Finding(
            "open files",
            None,
            f"at most {hard} at once: each connection is one",
            "LimitNOFILE=65536 in the service (docs/hosting.md)",
        )
    return Finding("open files", True, "enough")


async def clock(settings: Settings) -> Finding:
    """Against the nights, the database's own clock, and what was written last."""
    now = SystemClock().now()
    if (jump := await doubted_night()) is not None:
        return _wrong(
            f"it went from {jump[0]} to {jump[1]} between two nights: nothing is erased until one more night",
            "set the clock (timedatectl); if it is right, there is nothing to do",
        )
    if is_postgres():
        found = await row("SELECT now() AS theirs")
        difference = now - found["theirs"] if found else timedelta()
        if abs(difference) > _TOLERATED:
            seconds = round(difference.total_seconds())
            return _wrong(
                f"it differs from the database's clock by {seconds} s", f"{_SET_THE_CLOCK} on both machines"
            )
    for what, at in (("deed", await _last_deed()), ("file", _last_written(settings))):
        if at is not None and at - now > _TOLERATED:
            return _wrong(
                f"the last {what} is dated {at:%Y-%m-%d %H:%M} UTC, which is to come", _SET_THE_CLOCK
            )
    return Finding("clock", True, "no jump was seen")


def _wrong(words: str, remedy: str) -> Finding:
    return Finding("clock", False, words, remedy)


async def _last_deed() -> datetime | None:
    found = await row("SELECT at FROM audit_entry ORDER BY at DESC LIMIT 1")
    return found["at"] if found else None


def _last_written(settings: Settings) -> datetime | None:
    files = [settings.data_dir / "secret-key", *database_files(settings)]
    times = [path.stat().st_mtime for path in files if path.exists()]
    return datetime.fromtimestamp(max(times), SystemClock().now().tzinfo) if times else None
