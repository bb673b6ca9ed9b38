"""What happens between processes, and when one of them ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from events_app.infra import database as db

ROOT = Path(__file__).parents[3]
SETUP = """
import asyncio, signal, sys
from events_app.infra import database as db
from events_app.infra.database import postgres, sqlite
sqlite.BUSY_SECONDS, postgres.LOCK_TIMEOUT = 0.3, "300ms"
db.use_engine(db.make_engine(sys.argv[1]))
def say(text):
    print(text, flush=True)
"""


def child(url: str, script: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SETUP + script, url],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ends(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=10)
    return process.returncode, out.strip(), err


@pytest.fixture
async def table(database: str) -> str:
    await db.execute("CREATE TABLE engine_test_row (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)")
    await db.execute("INSERT INTO engine_test_row (id, n) VALUES (1, 0)")
    return database


async def count() -> int:
    found = await db.row("SELECT n FROM engine_test_row WHERE id = 1")
    assert found is not None
    return int(found["n"])


async def test_a_process_that_finds_the_row_locked_says_busy_and_exits(table: str) -> None:
    async with db.write_transaction():
        await db.execute("UPDATE engine_test_row SET n = 5 WHERE id = 1")
        other = child(
            table,
            """
async def main():
    await db.open_database()
    try:
        async with db.write_transaction():
            await db.execute("UPDATE engine_test_row SET n = 6 WHERE id = 1")
    except db.DatabaseBusy:
        say("busy")
asyncio.run(main())  # nothing is closed, on purpose
""",
        )
        assert ends(other) == (0, "busy", "")
    assert await count() == 5


async def test_sigterm_in_a_transaction_ends_the_process_and_the_transaction(table: str) -> None:
    other = child(
        table,
        """
async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    await db.open_database()
    try:
        async with db.write_transaction():
            await db.execute("UPDATE engine_test_row SET n = 7 WHERE id = 1")
            say("inside")
            await asyncio.sleep(60)
    except asyncio.CancelledError:
        await db.close_database()
        say("closed")
asyncio.run(main())
""",
    )
    assert line(other) == "inside"
    other.send_signal(signal.SIGTERM)
    assert ends(other) == (0, "closed", "")
    assert await db.execute("UPDATE engine_test_row SET n = n + 1 WHERE id = 1") == 1
    assert await count() == 1


@pytest.mark.parametrize(("committed", "expected"), [(True, 8), (False, 0)])
async def test_kill_keeps_what_was_committed_and_nothing_else(
    table: str, committed: bool, expected: int
) -> None:
    leave = "" if committed else "    say('written'); await asyncio.sleep(60)\n"
    other = child(
        table,
        f"""
async def work():
  async with db.write_transaction():
    await db.execute("UPDATE engine_test_row SET n = 8 WHERE id = 1")
{leave}
async def main():
    await work()
    say("written")
    await asyncio.sleep(60)
asyncio.run(main())
""",
    )
    assert line(other) == "written"
    other.kill()
    other.communicate()
    assert await count() == expected
    assert await db.execute("UPDATE engine_test_row SET n = n + 1 WHERE id = 1") == 1


async def test_processes_that_read_then_write_lose_no_update(table: str) -> None:
    script = """
sqlite.BUSY_SECONDS, postgres.LOCK_TIMEOUT = 10.0, "10s"
async def main():
    await db.open_database()
    for _ in range(25):
        async with db.write_transaction():
            suffix = " FOR UPDATE" if db.is_postgres() else ""
            found = await db.row("SELECT n FROM engine_test_row WHERE id = 1" + suffix)
            await db.execute("UPDATE engine_test_row SET n = {} WHERE id = 1", found["n"] + 1)
    await db.close_database()
asyncio.run(main())
"""
    others = [child(table, script) for _ in range(3)]
    assert [ends(other) for other in others] == [(0, "", "")] * 3
    assert await count() == 75


async def test_two_processes_migrate_a_new_database_at_once(tmp_path: Path, database: str) -> None:
    assert await db.pending_migrations() == []
    assert await db.migrate() == []
    if db.is_postgres():
        await db.execute("DROP SCHEMA public CASCADE")
        await db.execute("CREATE SCHEMA public")
        url = database
    else:
        url = f"sqlite:///{tmp_path}/empty/new.db"
    script = """
async def main():
    await db.open_database()
    done = await db.migrate()
    say(f"{bool(done)} {await db.pending_migrations()}")
    await db.close_database()
sqlite.BUSY_SECONDS = 10.0
asyncio.run(main())
"""
    others = [child(url, script) for _ in range(2)]
    assert sorted(ends(other) for other in others) == [(0, "False []", ""), (0, "True []", "")]
