"""What is wrong with a set-up, and how to mend it."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from events_app.features.accounts.legal import missing_facts
from events_app.features.admission.letters import undrawn_names
from events_app.features.operations.mail_check import try_mail_server
from events_app.features.operations.recount import wrong
from events_app.infra.database import pending_migrations, row, rows, unknown_migrations
from events_app.infra.nights import doubted_night
from events_app.infra.private_files import has_room, is_loose
from events_app.infra.settings import Settings
from events_app.outputs.scripts import missing_scripts

SPARE_BYTES = 500_000_000


class Finding(msgspec.Struct, frozen=True):
    """`good` None: nothing wrong, but worth knowing. `remedy` says what to do."""

    subject: str
    good: bool | None
    words: str
    remedy: str = ""


Check = Callable[[Settings], Awaitable[Finding]]


async def examine(settings: Settings) -> list[Finding]:
    """Every check runs; one that fails by itself is a finding too."""
    findings = []
    for check in CHECKS:
        try:
            findings.append(await check(settings))
        except Exception as error:  # a doctor does not faint
            findings.append(Finding(check.__name__.strip("_"), False, f"{type(error).__name__}: {error}"))
    return findings


async def _database(settings: Settings) -> Finding:
    kind = urlsplit(settings.database_url).scheme
    await row("SELECT 1 AS one")
    return Finding("database", True, f"{kind} answers")


async def _migrations(_: Settings) -> Finding:
    if unknown := await unknown_migrations():
        return Finding(
            "migrations",
            False,
            f"the database belongs to a later version of Convive (it has {unknown[-1]})",
            "start that version, or restore a backup of this one",
        )
    if missing := await pending_migrations():
        return Finding("migrations", False, f"{len(missing)} to run", "convive migrate")
    return Finding("migrations", True, "current")


async def _sqlite_version(settings: Settings) -> Finding:
    if not settings.database_url.startswith("sqlite"):
        return Finding("sqlite", True, "not used")
    if sqlite3.sqlite_version_info < (3, 38):
        return Finding("sqlite", False, sqlite3.sqlite_version, "SQLite 3.38 or later is needed")
    return Finding("sqlite", True, sqlite3.sqlite_version)


async def _data_folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    if not os.access(folder, os.W_OK) or not has_room(folder):
        return Finding("data folder", False, f"{folder} cannot be written", f"make room, or chown {folder}")
    free = shutil.disk_usage(folder).free
    if free < SPARE_BYTES:
        return Finding("data folder", False, f"{free // 1_000_000} MB free", "make room on this disk")
    return Finding("data folder", True, f"{folder}, {free // 1_000_000_000} GB free")


async def _private(settings: Settings) -> Finding:
    """Nobody else on the machine reads names, addresses and the key."""
    files = [settings.data_dir / "secret-key", *_database_files(settings)]
    if loose := [path for path in files if is_loose(path)]:
        shown = " ".join(map(str, loose))
        return Finding("file modes", False, f"{shown} can be read by others", f"chmod 600 {shown}")
    folders = {settings.data_dir, *(path.parent for path in _database_files(settings))}
    if open_folders := sorted(str(folder) for folder in folders if is_loose(folder)):
        shown = " ".join(open_folders)
        return Finding("file modes", False, f"{shown} can be entered by others", f"chmod 700 {shown}")
    return Finding("file modes", True, "for their owner only")


def _database_files(settings: Settings) -> list[Path]:
    if not settings.database_url.startswith("sqlite:///"):
        return []
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    return [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm")]


async def _secret_key(settings: Settings) -> Finding:
    if settings.workers > 1 and not os.environ.get("CONVIVE_SECRET_KEY"):
        return Finding(
            "secret key", None, "kept in the data folder", "several machines must share CONVIVE_SECRET_KEY"
        )
    return Finding("secret key", True, "in place")


async def _address(settings: Settings) -> Finding:
    host = urlsplit(settings.base_url).hostname or ""
    if settings.https:
        return Finding("address", True, settings.base_url)
    if host in ("127.0.0.1", "localhost"):
        return Finding("address", None, settings.base_url, "set CONVIVE_BASE_URL before people are invited")
    return Finding(
        "address",
        False,
        f"{settings.base_url} is not https: phones refuse the camera",
        "put a TLS proxy in front and set CONVIVE_BASE_URL=https://...",
    )


async def _mail(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        return Finding("mail", None, "kept in the outbox, not sent", "set CONVIVE_SMTP_URL to send it")
    wrong_there, remedy = await try_mail_server(settings)
    if wrong_there:
        return Finding("mail", False, wrong_there, remedy)
    if settings.mail_helo in ("localhost", "[127.0.0.1]", "[IPv6:::1]") and settings.https:
        return Finding(
            "mail", False, "mail servers mistrust a sender called localhost", "set CONVIVE_MAIL_HELO"
        )
    return Finding("mail", True, f"the mail server takes us, greeted as {settings.mail_helo}")


async def _mails(_: Settings) -> Finding:
    found = await row(
        "SELECT (SELECT count(*) FROM mail WHERE status = 'failed') AS failed,"
        " (SELECT count(*) FROM mail WHERE status = 'queued' AND error IS NOT NULL) AS tried"
    )
    if found and found["failed"]:
        return Finding("mails", False, f"{found['failed']} did not leave", "see the outbox: each says why")
    if found and found["tried"]:
        return Finding("mails", None, f"{found['tried']} are tried again", "see the outbox: each says why")
    return Finding("mails", True, "none is held up")


async def _jobs(_: Settings) -> Finding:
    found = await row(
        "SELECT (SELECT count(*) FROM job WHERE failed_at IS NOT NULL) AS failed,"
        " (SELECT count(*) FROM job WHERE done_at IS NULL AND failed_at IS NULL) AS waiting"
    )
    if found and found["failed"]:
        return Finding("jobs", False, f"{found['failed']} failed", "see the outbox: each says why")
    return Finding("jobs", True, f"{found['waiting'] if found else 0} waiting")


async def _figures(_: Settings) -> Finding:
    if found := await wrong():
        words = ", ".join(f"{table}: {rows}" for table, rows in found.items())
        return Finding("figures", False, f"they differ from what they count ({words})", "convive recount")
    return Finding("figures", True, "as counted")


async def _clock(_: Settings) -> Finding:
    if (jump := await doubted_night()) is None:
        return Finding("clock", True, "no jump was seen")
    return Finding(
        "clock",
        False,
        f"it went from {jump[0]} to {jump[1]} between two nights: nothing is erased until one more night",
        "set the clock (timedatectl); if it is right, there is nothing to do",
    )


async def _legal_notice(settings: Settings) -> Finding:
    missing = await missing_facts(settings)
    if not missing:
        return Finding("legal notice", True, "complete")
    public = settings.https  # whoever only tries it out owes nobody a publisher
    return Finding(
        "legal notice",
        False if public else None,
        f"missing: {', '.join(missing)}",
        f"an administrator says it at {settings.base_url}/org/legal (the contact address: /org/bodies)",
    )


async def _fonts(_: Settings) -> Finding:
    """On papers, a letter that no font shows is an empty box."""
    missing = await asyncio.to_thread(missing_scripts)
    if not missing:
        return Finding("fonts", True, "papers show the scripts of all names")
    events = await rows("SELECT id FROM event WHERE ends_at > {}", datetime.now(UTC))
    affected = sum([(await undrawn_names(event["id"])).names for event in events])
    scripts = ", ".join(script.name for script in missing)
    packages = " ".join(sorted({script.package for script in missing}))
    words = f"papers cannot show names in {scripts}"
    if affected:
        words = f"{affected} names of coming events are not shown whole on papers ({scripts})"
    return Finding("fonts", False if affected else None, words, f"apt install {packages}, then start again")


async def _browser_code(_: Settings) -> Finding:
    package = Path(__file__).parents[2]
    places = (package.parent / "node_modules" / "zxing-wasm", package / "static" / "vendor" / "zxing-wasm")
    if not any(place.is_dir() for place in places):
        return Finding(
            "camera scanner", None, "not installed: typing and keyboard scanners only", "make setup"
        )
    return Finding("camera scanner", True, "installed")


CHECKS: list[Check] = [
    _database,
    _migrations,
    _sqlite_version,
    _data_folder,
    _private,
    _secret_key,
    _address,
    _mail,
    _mails,
    _jobs,
    _clock,
    _figures,
    _legal_notice,
    _fonts,
    _browser_code,
]
