"""The doctor sees what is wrong."""

import socket
from pathlib import Path

import msgspec
import pytest

from events_app.features.operations.doctor import Finding, examine
from events_app.infra import database as db
from events_app.infra.nights import believe
from events_app.infra.settings import Secret, Settings
from events_app.infra.world import World
from tests.disks import fill, small_disk  # noqa: F401 - a fixture
from tests.smtp import smtp_sink


async def findings(settings: Settings) -> dict[str, Finding]:
    settings.data_dir.mkdir(mode=0o700, exist_ok=True)
    return {finding.subject: finding for finding in await examine(settings)}


async def test_a_sound_set_up(database: str, world: World) -> None:
    found = await findings(world.settings)
    assert [
        finding for finding in found.values() if finding.good is False and finding.subject != "address"
    ] == []
    assert found["mail"].good is None


async def test_a_missing_migration(database: str, world: World) -> None:
    await db.execute("DELETE FROM migration WHERE name = {}", "2026-11-24T02:10:00:000000")
    assert (await findings(world.settings))["migrations"] == Finding(
        "migrations", False, "1 to run", "convive migrate"
    )


async def test_a_mail_server_that_is_not_there(database: str, world: World) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = msgspec.structs.replace(world.settings, smtp_url=Secret(f"smtp://127.0.0.1:{port}"))
    found = await findings(settings)
    assert found["mail"].good is False
    assert found["mail"].remedy == "check CONVIVE_SMTP_URL"


async def test_a_secret_that_others_can_read(database: str, world: World) -> None:
    path: Path = world.settings.data_dir / "secret-key"
    path.parent.mkdir(exist_ok=True)
    path.write_text("x" * 40)
    path.chmod(0o644)
    assert (await findings(world.settings))["file modes"].good is False


async def test_no_https(database: str, world: World) -> None:
    assert (await findings(world.settings))["address"].good is False


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_disk_without_room(database: str, world: World, small_disk: Path) -> None:  # noqa: F811
    fill(small_disk / "fill")
    found = await findings(msgspec.structs.replace(world.settings, data_dir=small_disk))
    assert found["data folder"].good is False
    assert "cannot be written" in found["data folder"].words


async def test_a_clock_that_jumped(database: str, world: World) -> None:
    assert (await findings(world.settings))["clock"].good is True
    for days in (0, 3652):
        await believe(world.now().toordinal() + days)
    found = (await findings(world.settings))["clock"]
    assert found.good is False
    assert "it went from 2018-03-01 to 2028-02-29" in found.words


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize(
    ("scheme", "user", "said", "remedy"),
    [
        ("smtp", "mail:s3cret@", "takes us", ""),
        ("smtp", "mail:faux@", "refuses the user or the password", "CONVIVE_SMTP_URL"),
        ("smtp+starttls", "mail:s3cret@", "offers no STARTTLS", "smtps://"),
        ("smtps", "mail:s3cret@", "does not speak TLS from the start", "smtp+starttls://"),
    ],
)
async def test_the_sign_in_at_the_mail_server_is_tried(
    database: str, world: World, scheme: str, user: str, said: str, remedy: str
) -> None:
    with smtp_sink(auth_required=True, auth_require_tls=False) as (_, url):
        address = Secret(url.replace("smtp://", f"{scheme}://{user}"))
        found = await findings(msgspec.structs.replace(world.settings, smtp_url=address))
    assert said in found["mail"].words
    assert found["mail"].good is (not remedy)
    assert remedy in found["mail"].remedy
