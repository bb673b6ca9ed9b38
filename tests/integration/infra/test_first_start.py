"""The first start of an installation: also two servers at once, a full disk, the wrong version."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from events_app.infra import database as db
from events_app.infra.settings import SettingsError, load_settings
from tests.disks import fill, small_disk  # noqa: F401 - a fixture
from tests.servers import ROOT, free_port, running_server


def convive(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "events_app", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.slow
async def test_two_servers_that_start_at_once_both_serve(database: str, tmp_path: Path) -> None:
    """On an empty database one of them makes the tables, the body and the first administrator."""
    if db.is_postgres():
        await db.execute("DROP SCHEMA public CASCADE")
        await db.execute("CREATE SCHEMA public")
        url = database
    else:
        url = f"sqlite:///{tmp_path}/data/convive.db"
    env = {"CONVIVE_DATABASE_URL": url, "CONVIVE_DATA_DIR": str(tmp_path / "data")}
    env |= {"CONVIVE_BASE_URL": "http://127.0.0.1:8000"}

    def start(_: int) -> str:
        with running_server(env) as server:
            return server.log.read_text()

    with ThreadPoolExecutor(2) as both:
        logs = list(both.map(start, range(2)))
    links = {line.rpartition(" ")[2] for log in logs for line in log.splitlines() if "/sign-in/" in line}
    assert len(links) == 1, logs
    db.use_engine(db.make_engine(url))
    await db.open_database()
    for table in ("body", "account", "membership", "login_link", "deployment"):
        assert await db.row(f"SELECT count(*) AS n FROM {table}") == {"n": 1}, table


async def test_an_older_version_does_not_start_on_a_newer_database(database: str, tmp_path: Path) -> None:
    await db.execute(
        "INSERT INTO migration (name, app_name, ran_on) VALUES ({}, 'convive', CURRENT_TIMESTAMP)",
        "2099-01-01T00:00:00:000000",
    )
    env = {"CONVIVE_DATABASE_URL": database, "CONVIVE_DATA_DIR": str(tmp_path)}
    for word in ("serve", "migrate", "worker"):
        ended = convive(word, **env, CONVIVE_PORT=str(free_port()))
        assert ended.returncode == 1, ended.stderr
        assert ended.stderr.startswith(
            "convive: this database belongs to a later version of Convive (it has 2"
        )
        assert ended.stderr.count("\n") == 1
    examined = convive("doctor", **env)
    assert "BAD  migrations: the database belongs to a later version" in examined.stdout


def test_a_database_that_is_away_is_one_sentence(tmp_path: Path) -> None:
    env = {"CONVIVE_DATABASE_URL": "postgresql://convive@127.0.0.1:1/none", "CONVIVE_DATA_DIR": str(tmp_path)}
    ended = convive("migrate", **env)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1), ended.stderr


@pytest.mark.parametrize("kept", ["", "short\n"])
def test_a_damaged_secret_key_is_refused_with_its_mend(tmp_path: Path, kept: str) -> None:
    (tmp_path / "secret-key").write_text(kept)
    with pytest.raises(SettingsError, match="restore it from a backup"):
        load_settings({"CONVIVE_DATA_DIR": str(tmp_path)})
    assert (tmp_path / "secret-key").read_text() == kept


def test_a_secret_key_is_written_whole_or_not_at_all(small_disk: Path) -> None:  # noqa: F811
    folder = small_disk / "data"
    folder.mkdir()
    fill(small_disk / "fill")
    with pytest.raises(SettingsError, match="make room"):
        load_settings({"CONVIVE_DATA_DIR": str(folder)})
    assert list(folder.iterdir()) == []
    (small_disk / "fill").unlink()
    key = load_settings({"CONVIVE_DATA_DIR": str(folder)}).secret_key.reveal()
    assert load_settings({"CONVIVE_DATA_DIR": str(folder)}).secret_key.reveal() == key


def test_nobody_else_may_read_the_data_whatever_the_umask(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    env = {"CONVIVE_DATA_DIR": str(folder), "CONVIVE_BASE_URL": "https://example.fr"}
    before = os.umask(0o022)
    try:
        with running_server(env):
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {"convive.db", "convive.db-wal", "convive.db-shm", "secret-key"} <= modes.keys()
        assert set(modes.values()) == {0o600}
        for path in (folder, *folder.iterdir()):  # as an older version left it
            path.chmod(0o755)
        assert "BAD  file modes" in convive("doctor", **env).stdout
        assert convive("migrate", **env).returncode == 0
        assert convive("user", "link", "nobody@example.org", **env).returncode == 1
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        convive("backup", str(tmp_path / "b.db"), **env)
        assert stat.S_IMODE((tmp_path / "b.db").stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_a_restore_asks_or_is_told(tmp_path: Path) -> None:
    env = {"CONVIVE_DATA_DIR": str(tmp_path / "data")}
    assert convive("backup", str(tmp_path / "b.db"), **env).returncode == 0
    ended = convive("restore", str(tmp_path / "b.db"), **env)
    assert (ended.returncode, ended.stderr) == (
        2,
        "convive restore: it replaces everything; say so by --yes\n",
    )
    assert convive("restore", str(tmp_path / "b.db"), "--yes", **env).returncode == 0
