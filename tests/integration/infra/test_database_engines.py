"""What belongs to one engine: addresses, files, event loops."""

import asyncio
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from events_app.infra import database as db
from events_app.infra.database.postgres import Postgres
from events_app.infra.database.sqlite import SQLite


@pytest.mark.parametrize("url", ["mysql://host/name", "data.db", "", "sqlite://", "sqlite:///"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="database address"):
        db.make_engine(url)


def test_construction_touches_neither_disk_nor_network(tmp_path: Path) -> None:
    assert isinstance(db.make_engine(f"sqlite:///{tmp_path}/new/data.db"), SQLite)
    assert list(tmp_path.iterdir()) == []
    assert isinstance(db.make_engine("postgresql://nobody@127.0.0.1:1/none"), Postgres)
    relative = db.make_engine("sqlite:///data/convive.db")
    assert relative.path == "data/convive.db"  # type: ignore[union-attr]


def test_one_engine_serves_several_event_loops_in_turn(tmp_path: Path) -> None:
    engine = SQLite(str(tmp_path / "new" / "data.db"))

    async def write(number: int) -> None:
        async def one() -> None:
            async with engine.transaction():
                await engine.run_raw("INSERT INTO t VALUES (?)", [number])
                await asyncio.sleep(0)

        await asyncio.gather(*(one() for _ in range(3)))

    asyncio.run(engine.run_ddl("CREATE TABLE t (n INTEGER)"))
    for number in range(3):
        asyncio.run(write(number))
    threads = [threading.Thread(target=lambda: asyncio.run(write(9))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    [counted] = asyncio.run(_count(engine))
    assert counted == {"n": 18}
    asyncio.run(engine.close_connection_pool())


async def _count(engine: SQLite) -> list[dict[str, int]]:
    return (await engine.run_raw("SELECT count(*) AS n FROM t")).rows


def test_the_file_is_durable_and_checked(tmp_path: Path) -> None:
    engine = SQLite(str(tmp_path / "data.db"))
    for connection in (engine.writer(), engine.take_reader()):
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        connection.close()


async def test_a_foreign_lock_means_busy_and_leaks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events_app.infra.database.sqlite.BUSY_SECONDS", 0.1)
    engine = SQLite(str(tmp_path / "data.db"))
    await engine.run_ddl("CREATE TABLE t (n INTEGER)")
    foreign = sqlite3.connect(engine.path, isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        with pytest.raises(db.DatabaseBusy):
            await engine.run_raw("INSERT INTO t VALUES (1)")
    assert await _count(engine) == [{"n": 0}]  # readers do not wait for writers
    waiting = asyncio.create_task(engine.run_raw("INSERT INTO t VALUES (2)"))
    await asyncio.sleep(0.02)
    foreign.execute("COMMIT")
    await waiting
    assert await _count(engine) == [{"n": 1}]
    foreign.close()
    await engine.close_connection_pool()


async def test_many_quick_statements_leave_the_loop_free(tmp_path: Path) -> None:
    engine = SQLite(str(tmp_path / "data.db"))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    await engine.run_ddl("CREATE TABLE t (n INTEGER)")
    ticking = asyncio.create_task(tick())
    async with engine.transaction():
        until = time.perf_counter() + 0.1
        while time.perf_counter() < until:
            await engine.run_raw("INSERT INTO t VALUES (1)")
    ticking.cancel()
    assert ticks >= 5  # twenty on an idle machine, one per 5 ms
    await engine.close_connection_pool()


async def test_what_was_deleted_leaves_no_byte_also_beside_a_read(tmp_path: Path) -> None:
    engine = SQLite(str(tmp_path / "data.db"))
    await engine.run_ddl("CREATE TABLE t (words TEXT)")
    await engine.run_raw("INSERT INTO t VALUES (?)", ["a name that must go"])
    reader = engine.take_reader()
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM t").fetchall()
    await engine.run_raw("DELETE FROM t")
    emptying = asyncio.create_task(engine.empty_log())
    await asyncio.sleep(0.02)
    reader.execute("COMMIT")
    await emptying
    engine.give_back_reader(reader)
    found = [path.name for path in tmp_path.iterdir() if b"a name that must go" in path.read_bytes()]
    assert found == []
    await engine.close_connection_pool()
