"""A freshly migrated database per test: migrated once, then copied."""

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


async def postgres_copy(server_url: str, template: str) -> str:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    await _statement(server_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    return _address(server_url, name)


async def drop_postgres(server_url: str, url: str) -> None:
    await _statement(server_url, f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")
