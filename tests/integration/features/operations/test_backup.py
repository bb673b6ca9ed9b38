"""A backup holds everything, and comes back into either database."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from events_app.features.accounts.service import ensure_first_body
from events_app.features.events.tables import StoredFile
from events_app.features.operations import seal
from events_app.features.operations.backup import BackupError, restore_backup, write_backup
from events_app.infra import database as db
from events_app.infra.tables import Deployment
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from events_app.piccolo_app import TABLES
from tests import databases

SECRET = "the secret of this installation, long enough"


async def fill(world: World) -> None:
    from events_app.features.accounts.service import create_api_key

    body_id = await ensure_first_body(world)
    for number in range(3):
        await create_api_key(world, SYSTEM, body_id, f"clé « {number} » 🧱", Role.READER)
    await Deployment(id=world.new_id(), created_at=world.now()).save()
    await StoredFile(
        id=world.new_id(),
        media_type="image/webp",
        sha256="0" * 64,
        content=bytes(range(256)),
        created_at=world.now(),
    ).save()


async def everything() -> dict[str, list[dict[str, Any]]]:
    return {
        table._meta.tablename: sorted(await db.rows(f"SELECT * FROM {table._meta.tablename}"), key=str)
        for table in TABLES
    }


def rewrite(path: Path, sql: str) -> None:
    """By somebody who knows the format: the seal is right again."""
    path.write_bytes(path.read_bytes()[: -seal.LENGTH])
    with closing(sqlite3.connect(path)) as file:
        file.execute(sql)
        file.commit()
    seal.seal(path)


async def test_what_was_saved_comes_back(database: str, world: World, tmp_path: Path) -> None:
    await fill(world)
    before = await everything()
    info = await write_backup(tmp_path / "b.db", TABLES, world.now(), SECRET)
    assert info.counts["api_key"] == 3
    await db.execute("DELETE FROM api_key")
    await db.execute("UPDATE body SET name = {}", "changed since")
    restored = await restore_backup(tmp_path / "b.db", TABLES)
    assert await everything() == before
    assert restored == info
    assert (tmp_path / "b.db").stat().st_mode & 0o077 == 0


async def test_it_moves_between_the_databases(
    database: str, world: World, tmp_path: Path, sqlite_template: Path
) -> None:
    await fill(world)
    before = await everything()
    await write_backup(tmp_path / "there.db", TABLES, world.now(), SECRET)
    (tmp_path / "second").mkdir()
    here = db.engine()
    db.use_engine(db.make_engine(databases.sqlite_copy(sqlite_template, tmp_path / "second")))
    await db.open_database()
    try:
        await restore_backup(tmp_path / "there.db", TABLES)
        assert await everything() == before
        await write_backup(tmp_path / "back.db", TABLES, world.now(), SECRET)
    finally:
        await db.close_database()
        db.use_engine(here)
    await restore_backup(tmp_path / "back.db", TABLES)
    assert await everything() == before


async def test_a_half_restored_backup_changes_nothing(database: str, world: World, tmp_path: Path) -> None:
    await fill(world)
    await write_backup(tmp_path / "b.db", TABLES, world.now(), SECRET)
    rewrite(tmp_path / "b.db", "DELETE FROM stored_file")
    before = await everything()
    with pytest.raises(BackupError, match="stored_file: 0 rows instead of 1"):
        await restore_backup(tmp_path / "b.db", TABLES)
    assert await everything() == before


@pytest.mark.parametrize(
    ("content", "words"), [(None, "is not there"), (b"PK\x03\x04", "not a backup"), (b"", "not a backup")]
)
async def test_a_foreign_file_is_refused(
    database: str, tmp_path: Path, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / "b.db").write_bytes(content)
    with pytest.raises(BackupError, match=words):
        await restore_backup(tmp_path / "b.db", TABLES)


async def test_a_later_versions_backup_is_refused(database: str, world: World, tmp_path: Path) -> None:
    await write_backup(tmp_path / "b.db", TABLES, world.now(), SECRET)
    rewrite(
        tmp_path / "b.db",
        "UPDATE convive_backup SET info = replace(info, '2026-11-24T02:10', '2099-01-01T00:00')",
    )
    with pytest.raises(BackupError, match="later version"):
        await restore_backup(tmp_path / "b.db", TABLES)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_flipped_bit_is_refused_wherever_it_is(database: str, world: World, tmp_path: Path) -> None:
    await fill(world)
    path = tmp_path / "b.db"
    await write_backup(path, TABLES, world.now(), SECRET)
    whole = path.read_bytes()
    chance = random.Random(1)  # noqa: S311 - replayable
    places = [0, 20, *(chance.randrange(len(whole)) for _ in range(40)), *range(len(whole) - 90, len(whole))]
    before = await everything()
    for place in places:
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        )
        with pytest.raises(BackupError):
            await restore_backup(path, TABLES)
    path.write_bytes(whole[:-1])
    with pytest.raises(BackupError):
        await restore_backup(path, TABLES)
    assert await everything() == before
    path.write_bytes(whole)
    await restore_backup(path, TABLES)


async def test_an_existing_file_is_kept(database: str, world: World, tmp_path: Path) -> None:
    (tmp_path / "b.db").write_text("precious")
    with pytest.raises(BackupError, match="exists already"):
        await write_backup(tmp_path / "b.db", TABLES, world.now(), SECRET)
    assert (tmp_path / "b.db").read_text() == "precious"
