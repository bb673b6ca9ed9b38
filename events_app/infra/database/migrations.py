"""Bring the database to the newest form, from inside the program."""

import contextlib
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from events_app.infra.database.access import engine, rows
from events_app.infra.database.health import unhurried
from events_app.infra.database.postgres import Postgres

APP_NAME = "convive"
FOLDER = Path(__file__).parents[2] / "piccolo_migrations"

_ADVISORY_LOCK = 0x436F6E76697665  # "Convive": any number that nobody else in this database uses


class NewerDatabase(Exception):
    """A later version of Convive has changed the tables: this one would misread them."""

    def __init__(self, unknown: list[str]) -> None:
        super().__init__(
            f"this database belongs to a later version of Convive (it has {unknown[-1]}): start that version,"
            " or restore a backup of this one"
        )


async def migrate() -> list[str]:
    """Run what is pending, all or nothing, and return the names. Raises `NewerDatabase`.

    Two processes may start at once: the whole is one transaction (Piccolo's own ones join it) behind the
    write lock or an advisory lock, so the second waits and finds nothing left to do.
    """
    if unknown := await unknown_migrations():
        raise NewerDatabase(unknown)
    if not await pending_migrations():
        return []
    from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager

    async with alone():
        pending = await pending_migrations()
        with contextlib.redirect_stdout(io.StringIO()) as said:  # Piccolo reports by print
            outcome = await ForwardsMigrationManager(app_name=APP_NAME).run()
        if not outcome.success:
            raise RuntimeError(f"migration failed: {outcome.message or said.getvalue()}")
        return pending


@asynccontextmanager
async def alone() -> AsyncIterator[None]:
    """A transaction that no other process is in: of two servers that start at once, one does the first steps.

    Nothing but the start may use it: on PostgreSQL it waits for minutes.
    """
    current = engine()
    with unhurried():
        async with current.transaction():
            if isinstance(current, Postgres):
                await current.run_raw("SET LOCAL lock_timeout = '5min'")
                await current.run_raw("SELECT pg_advisory_xact_lock($1)", [_ADVISORY_LOCK])
            yield


async def pending_migrations() -> list[str]:
    """By the files' names: a server whose database is current loads none of them."""
    done = await _done()
    return [name for name in _known() if name not in done]


async def unknown_migrations() -> list[str]:
    """What a later version did to this database."""
    return sorted(await _done() - set(_known()))


async def _done() -> set[str]:
    if not await _history_exists():
        return set()
    found = await rows("SELECT name FROM migration WHERE app_name = {}", APP_NAME)
    return {migration["name"] for migration in found}


async def _history_exists() -> bool:
    if isinstance(engine(), Postgres):
        return bool(await rows("SELECT 1 AS one FROM pg_tables WHERE tablename = {}", "migration"))
    return bool(await rows("SELECT 1 AS one FROM sqlite_master WHERE name = {}", "migration"))


def _known() -> list[str]:
    """`convive_2026_11_24t02_10_00_000000.py` holds the migration `2026-11-24T02:10:00:000000`."""
    names = []
    for path in sorted(FOLDER.glob(f"{APP_NAME}_*.py")):
        year, month, day, minute, second, micro = path.stem.removeprefix(f"{APP_NAME}_").split("_")
        names.append(f"{year}-{month}-{day.replace('t', 'T')}:{minute}:{second}:{micro}")
    return names
