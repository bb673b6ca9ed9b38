"""A database as freshly migrated for each test: migrated once, copied, on PostgreSQL emptied for the next."""

import asyncio
import itertools
import os
import shutil
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg

from events_app.infra import database

_numbers = itertools.count(1)


def _run_elsewhere(work: Coroutine[None, None, None]) -> None:
    """In a thread with a loop of its own: session fixtures are made while a test's loop is running."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()


async def _migrate(url: str) -> None:
    database.use_engine(database.make_engine(url))
    await database.open_database()
    try:
        await database.migrate()
    finally:
        await database.close_database()


def sqlite_template(folder: Path) -> Path:
    path = folder / "template.db"
    _run_elsewhere(_migrate(f"sqlite:///{path}"))
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    # Closing the last connection has emptied and removed the WAL: the one file is the whole database.
    path = folder / "test.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


async def _statement(server_url: str, sql: str) -> None:
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


def _address(server_url: str, name: str) -> str:
    return f"{server_url.rpartition('/')[0]}/{name}"


def postgres_template(server_url: str) -> str:
    name = f"template_{os.getpid()}"
    _run_elsewhere(_statement(server_url, f"CREATE DATABASE {name}"))
    _run_elsewhere(_migrate(_address(server_url, name)))
    return name


_ready: dict[str, list[str]] = {}
"""By server: databases that a test gave back as good as new."""
_as_made: dict[str, str] = {}
"""By address: what `_state` said of a copy before its first use."""
MOST_LEFT_BEHIND = 2_000_000  # bytes of rows that are gone: another test would read past them

_TABLES = """SELECT c.relname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
  WHERE c.relkind = 'r' AND s.nspname = 'public' ORDER BY 1"""
_MADE_OF = """SELECT (SELECT max(oid) FROM pg_class) AS relations,
  (SELECT max(oid) FROM pg_proc) AS functions, (SELECT max(oid) FROM pg_trigger) AS triggers,
  (SELECT count(*) FROM pg_attribute) AS columns, (SELECT count(*) FROM pg_constraint) AS constraints,
  (SELECT max(id) FROM migration) AS migrations,
  (SELECT array_agg(setconfig::text) FROM pg_db_role_setting) AS settings"""


async def postgres_copy(server_url: str, template: str) -> str:
    ready = _ready.setdefault(server_url, [])
    if ready:
        return ready.pop()
    name = f"test_{os.getpid()}_{next(_numbers)}"
    await _statement(server_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    url = _address(server_url, name)
    connection = await asyncpg.connect(url)
    try:
        _as_made[url] = await _state(connection)
    finally:
        await connection.close()
    return url


async def give_back(server_url: str, url: str) -> None:
    """For the next test, when it can be made as it was; else dropped. Emptying takes a tenth of the time."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET lock_timeout = '500ms'; SET session_replication_role = replica")
        tables = [table for (table,) in await connection.fetch(_TABLES) if table != "migration"]
        await connection.execute("; ".join(f"DELETE FROM {table}" for table in tables))
        sizes = " + ".join(f"pg_table_size('{table}')" for table in tables)
        left_behind = int(await connection.fetchval(f"SELECT {sizes}"))
        as_made = left_behind < MOST_LEFT_BEHIND and await _state(connection) == _as_made.get(url)
    except asyncpg.PostgresError:  # somebody still holds something
        as_made = False
    finally:
        await connection.close()
    if as_made:
        _ready[server_url].append(url)
    else:
        await _statement(server_url, f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


async def _state(connection: asyncpg.Connection) -> str:
    """What it is made of, and how many rows there are."""
    tables = [table for (table,) in await connection.fetch(_TABLES)]
    counted = await connection.fetch(" UNION ALL ".join(f"SELECT '{t}', count(*) FROM {t}" for t in tables))
    return f"{dict(await connection.fetchrow(_MADE_OF))} {[tuple(each) for each in counted]}"
