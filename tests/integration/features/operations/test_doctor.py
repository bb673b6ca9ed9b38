"""The doctor sees what is wrong."""

import os
import socket
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from events_app.features.operations.doctor import at_the_start, examine
from events_app.features.operations.findings import Finding
from events_app.features.operations.reach import mail_name, mail_records
from events_app.infra import database as db
from events_app.infra.hops import forget_hops
from events_app.infra.nights import believe
from events_app.infra.settings import Secret, Settings
from events_app.infra.world import World
from tests.disks import fill, small_disk  # noqa: F401 - a fixture
from tests.integration.test_serve import convive
from tests.smtp import smtp_sink


async def findings(settings: Settings) -> dict[str, Finding]:
    settings.data_dir.mkdir(mode=0o700, exist_ok=True)
    return {finding.subject: finding for finding in await examine(settings)}


async def test_a_sound_set_up(database: str, world: World) -> None:
    found = await findings(world.settings)
    assert [
        finding for finding in found.values() if finding.good is False and finding.subject != "address"
    ] == []
    assert all(finding.remedy for finding in found.values() if finding.good is False)
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


async def test_a_setting_that_there_is_not(
    database: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await findings(world.settings))["settings"].good is True
    monkeypatch.setenv("CONVIVE_SMTP_ADDRESS", "smtp://x")
    found = (await findings(world.settings))["settings"]
    assert found.good is False
    assert "CONVIVE_SMTP_ADDRESS" in found.words


async def test_a_proxy_that_is_not_named(client: httpx.AsyncClient, world: World) -> None:
    world.settings.data_dir.mkdir(mode=0o700, exist_ok=True)
    assert (await findings(world.settings))["proxy"].good is True
    await client.get("/health/live", headers={"x-forwarded-for": "203.0.113.9"})
    found = (await findings(world.settings))["proxy"]
    assert found.good is False
    assert "CONVIVE_TRUSTED_PROXIES to 127.0.0.1" in found.remedy
    named = msgspec.structs.replace(world.settings, trusted_proxies=(ip_network("127.0.0.0/8"),))
    assert (await findings(named))["proxy"].good is True
    forget_hops(world.settings.data_dir)
    assert (await findings(world.settings))["proxy"].words == "no request came through one since the start"


async def test_a_proxy_that_changes_the_host(client: httpx.AsyncClient, world: World) -> None:
    world.settings.data_dir.mkdir(mode=0o700, exist_ok=True)
    named = msgspec.structs.replace(world.settings, trusted_proxies=(ip_network("127.0.0.0/8"),))
    headers = {"x-forwarded-for": "203.0.113.9", "host": "127.0.0.1:8000"}
    await client.get("/health/live", headers=headers)
    found = (await findings(named))["proxy"]
    assert found.good is False
    assert "ask for 127.0.0.1:8000, not for testserver.local" in found.words
    await client.get("/health/live", headers={"x-forwarded-for": "203.0.113.9"})
    assert (await findings(named))["proxy"].good is True


async def test_an_address_at_which_nobody_answers(database: str, world: World) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    away = msgspec.structs.replace(world.settings, base_url=f"https://127.0.0.1:{port}")
    found = (await findings(away))["reached"]
    assert found.good is False
    assert "does not lead here" in found.words


@pytest.mark.parametrize(
    ("helo", "sender", "wrong"),
    [
        ("localhost", "a@lens.fr", "called localhost"),
        ("events.lens.fr", "a@events.local", "events.local is nobody's"),
        ("events.lens.fr", "a@convive.invalid", "convive.invalid is nobody's"),
        ("events.lens.fr", "a@lens.fr", ""),
    ],
)
async def test_the_names_that_mails_carry(world: World, helo: str, sender: str, wrong: str) -> None:
    changed = msgspec.structs.replace(
        world.settings,
        base_url="https://events.lens.fr",
        smtp_url=Secret("smtp://127.0.0.1:1"),
        mail_helo=helo,
        mail_from=sender,
    )
    found = await mail_name(changed)
    assert found.good is (not wrong)
    assert wrong in found.words


async def test_what_to_publish_is_said_with_and_without_a_key(world: World) -> None:
    changed = msgspec.structs.replace(
        world.settings, smtp_url=Secret("smtp://mail.lens.fr"), mail_from="evenements@lens.fr"
    )
    unsigned = await mail_records(changed)
    assert ("not signed here" in unsigned.words, "_domainkey" in unsigned.remedy) == (True, False)
    pem = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signed = await mail_records(msgspec.structs.replace(changed, dkim_key=Secret(pem.decode())))
    for record in ("a:mail.lens.fr", 'convive._domainkey.lens.fr TXT "v=DKIM1', "_dmarc.lens.fr"):
        assert record in signed.remedy
    assert "PRIVATE" not in signed.words + signed.remedy


async def test_deeds_and_files_of_times_to_come(database: str, world: World) -> None:
    assert (await findings(world.settings))["clock"].good is True
    key: Path = world.settings.data_dir / "secret-key"
    key.write_text("x" * 40)
    key.chmod(0o600)
    os.utime(key, (4_102_444_800, 4_102_444_800))
    found = (await findings(world.settings))["clock"]
    assert (found.good, "the last file is dated 2100-01-01" in found.words) == (False, True)
    key.unlink()
    await db.execute(
        "INSERT INTO audit_entry (id, at, actor_kind, actor_name, action, details)"
        " VALUES ({}, {}, 'system', '', 'x.y', '')",
        world.new_id(),
        datetime(2099, 1, 1, tzinfo=UTC),
    )
    found = (await findings(world.settings))["clock"]
    assert (found.good, "the last deed is dated 2099-01-01" in found.words) == (False, True)
    assert "timedatectl" in found.remedy


async def test_a_legal_notice_that_lacks_something(database: str, world: World) -> None:
    found = (await findings(world.settings))["legal notice"]
    assert found.good is None
    public = msgspec.structs.replace(world.settings, base_url="https://127.0.0.1:1")
    found = (await findings(public))["legal notice"]
    assert found.good is False
    assert "the publisher" in found.words
    assert "the host" in found.words
    assert "/org/legal" in found.remedy


async def test_what_is_wrong_is_said_at_the_start_too(database: str, world: World) -> None:
    world.settings.data_dir.mkdir(mode=0o755, exist_ok=True)
    public = msgspec.structs.replace(world.settings, base_url="https://events.lens.fr")
    said = {finding.subject for finding in await at_the_start(public)}
    assert said == {"file modes", "legal notice"}


def test_a_database_that_is_away_is_said_once_with_its_mend(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = convive(tmp_path, "doctor", CONVIVE_DATABASE_URL=f"postgresql://convive@127.0.0.1:{port}/convive")
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if "database does not answer" in line] == [
        line for line in done.stdout.splitlines() if line.startswith("BAD  database")
    ]
    assert done.stdout.count("BAD  database") == 1
    assert "correct CONVIVE_DATABASE_URL" in done.stdout
