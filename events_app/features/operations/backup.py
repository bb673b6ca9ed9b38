"""The whole installation as one SQLite file, from either database, and back into either.

A backup of SQLite restored into PostgreSQL is how an installation grows. Values are kept in plain forms that
neither driver can misread (ISO 8601 instants, hexadecimal UUIDs), and converted by each column's own type.
"""

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from piccolo.columns import Boolean, Bytea, Column, Timestamptz
from piccolo.table import Table

from events_app.features.operations.seal import is_whole, seal
from events_app.features.registration.refolding import refold_registrations
from events_app.infra.database import execute, read_snapshot, rows, write_transaction

FORMAT = 2  # 1 had no checksum
_CHUNK_VALUES = 20_000  # both databases take some 32,000 parameters a statement


class BackupError(Exception):
    """A sentence that says what is wrong with the file."""


class BackupInfo(msgspec.Struct, frozen=True):
    """What a backup says of itself. `secret_key` signs tickets and links, so it belongs to the whole."""

    format: int
    created_at: datetime
    migrations: list[str]
    secret_key: str
    counts: dict[str, int]


async def write_backup(
    path: Path, tables: Sequence[type[Table]], now: datetime, secret_key: str
) -> BackupInfo:
    """One consistent state, also while the server runs. Readable by its owner only; never a half file.

    Raises `BackupError` when `path` exists.
    """
    partial = _new_file_beside(path)
    try:
        with closing(sqlite3.connect(partial)) as file:
            counts = {}
            async with read_snapshot():
                for table in tables:
                    counts[table._meta.tablename] = await _save_table(file, table)
                migrations = await applied_migrations()
            info = BackupInfo(FORMAT, now, migrations, secret_key, counts)
            file.execute("CREATE TABLE convive_backup (info TEXT)")
            file.execute("INSERT INTO convive_backup VALUES (?)", [msgspec.json.encode(info).decode()])
            file.commit()
        seal(partial)
        _put_in_place(partial, path)
    finally:
        _remove(partial)
    return info


async def restore_backup(path: Path, tables: Sequence[type[Table]]) -> BackupInfo:
    """Replace everything by the backup, in one transaction: all of it or nothing.

    Raises `BackupError` for a file that is damaged (a single bit is enough), foreign or from a later version.
    """
    with _opened(path) as file:
        info = _info(file)
        if info.format > 1 and not is_whole(path):
            raise BackupError(f"{path} is damaged")
        if unknown := set(info.migrations) - set(await applied_migrations()):
            raise BackupError(f"the backup is of a later version (it knows {min(unknown)})")
        async with write_transaction():
            for table in reversed(tables):
                await execute(f"DELETE FROM {table._meta.tablename}")
            for table in tables:
                if table._meta.tablename in info.counts:
                    await _load_table(file, table)
            await refold_registrations()  # of an older backup
            for name, wanted in info.counts.items():
                found = await rows(f"SELECT count(*) AS n FROM {name}")
                if found[0]["n"] != wanted:
                    raise BackupError(f"{name}: {found[0]['n']} rows instead of {wanted}")
    return info


async def applied_migrations() -> list[str]:
    found = await rows("SELECT name FROM migration WHERE app_name = {} ORDER BY name", "convive")
    return [migration["name"] for migration in found]


async def _save_table(file: sqlite3.Connection, table: type[Table]) -> int:
    columns = [column._meta.db_column_name for column in table._meta.columns]
    names = ", ".join(f'"{name}"' for name in columns)
    file.execute(f"CREATE TABLE {table._meta.tablename} ({names})")
    insert = f"INSERT INTO {table._meta.tablename} VALUES ({', '.join('?' * len(columns))})"
    count = 0
    async for chunk in _pages(table):
        file.executemany(insert, [[_plain(row[name]) for name in columns] for row in chunk])
        count += len(chunk)
    return count


async def _pages(table: type[Table]) -> AsyncIterator[list[dict[str, Any]]]:
    """By primary key, so that a large table is never in memory as a whole."""
    name, key = table._meta.tablename, table._meta.primary_key._meta.db_column_name
    chunk = await rows(f'SELECT * FROM {name} ORDER BY "{key}" LIMIT 500')
    while chunk:
        yield chunk
        chunk = await rows(
            f'SELECT * FROM {name} WHERE "{key}" > {{}} ORDER BY "{key}" LIMIT 500', chunk[-1][key]
        )


async def _load_table(file: sqlite3.Connection, table: type[Table]) -> None:
    saved = {row[1] for row in file.execute(f"PRAGMA table_info({table._meta.tablename})")}
    # A column that came after the backup keeps its default; one that is gone is left out.
    columns = [column for column in table._meta.columns if column._meta.db_column_name in saved]
    names = ", ".join(f'"{column._meta.db_column_name}"' for column in columns)
    cursor = file.execute(f"SELECT {names} FROM {table._meta.tablename}")
    one = f"({', '.join(['{}'] * len(columns))})"
    while chunk := cursor.fetchmany(max(1, _CHUNK_VALUES // len(columns))):
        values = [_typed(value, column) for row in chunk for value, column in zip(row, columns, strict=True)]
        await execute(
            f"INSERT INTO {table._meta.tablename} ({names}) VALUES {', '.join([one] * len(chunk))}", *values
        )


def _plain(value: Any) -> Any:
    match value:
        case UUID():
            return value.hex
        case datetime():
            return value.isoformat()
        case bool():
            return int(value)
        case bytes() | memoryview():
            return bytes(value)
    return value


def _typed(value: Any, column: Column) -> Any:
    if value is None:
        return None
    if isinstance(column, Timestamptz):
        return datetime.fromisoformat(value)
    if isinstance(column, Boolean):
        return bool(value)
    if isinstance(column, Bytea):
        return bytes(value)
    # A foreign key holds what the key that it refers to holds.
    if column.value_type is UUID:
        return UUID(value)
    return value


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise BackupError(f"{path} is not there")
    if is_whole(path) is False:
        raise BackupError(f"{path} is damaged")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        try:
            if file.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupError(f"{path} is damaged")
            yield file
        except sqlite3.DatabaseError as error:
            raise BackupError(f"{path} is not a backup of Convive ({error})") from error


def _info(file: sqlite3.Connection) -> BackupInfo:
    try:
        text = file.execute("SELECT info FROM convive_backup").fetchone()[0]
        info = msgspec.json.decode(text, type=BackupInfo)
    except (sqlite3.OperationalError, TypeError, msgspec.DecodeError) as error:
        raise BackupError("this file is not a backup of Convive") from error
    if info.format > FORMAT:
        raise BackupError("the backup is of a later version")
    return info


def _new_file_beside(path: Path) -> Path:
    if path.exists():
        raise BackupError(f"{path} exists already")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    _remove(partial)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return partial


def _put_in_place(partial: Path, path: Path) -> None:
    descriptor = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    partial.rename(path)


def _remove(partial: Path) -> None:
    partial.unlink(missing_ok=True)
