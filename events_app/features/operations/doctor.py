"""What is wrong with a set-up, and how to mend it: all checks, and those that a start makes."""

import asyncio
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from events_app.features.accounts.legal import missing_facts
from events_app.features.admission.letters import undrawn_names
from events_app.features.operations.findings import Check, Finding
from events_app.features.operations.machine import clock, data_folder, database_files, open_files
from events_app.features.operations.reach import (
    address,
    mail,
    mail_name,
    mail_records,
    proxy,
    reached,
    settings_names,
)
from events_app.features.operations.recount import wrong
from events_app.infra.database import DatabaseBusy, pending_migrations, row, rows, unknown_migrations
from events_app.infra.private_files import is_loose
from events_app.infra.settings import Settings
from events_app.outputs.scripts import missing_scripts


async def examine(settings: Settings) -> list[Finding]:
    """Every check runs; one that fails by itself is a finding too."""
    return await _each(CHECKS, settings)


async def at_the_start(settings: Settings) -> list[Finding]:
    """What is wrong, of what is quickly known and needs nobody else's answer."""
    return [finding for finding in await _each(AT_THE_START, settings) if finding.good is False]


async def _each(checks: list[Check], settings: Settings) -> list[Finding]:
    """Where the database is away it is said once, and what cannot be known without it is left out."""
    findings: list[Finding] = []
    for check in checks:
        try:
            findings.append(await check(settings))
        except DatabaseBusy as error:
            if all(finding.subject != "database" for finding in findings):
                remedy = "start the database, or correct CONVIVE_DATABASE_URL; then ask again"
                findings.append(Finding("database", False, str(error), remedy))
        except Exception as error:  # a doctor does not faint
            words = f"{type(error).__name__}: {error}"
            remedy = "see the log; if it says no more, tell whoever maintains Convive"
            findings.append(Finding(check.__name__.strip("_").replace("_", " "), False, words, remedy))
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


async def _private(settings: Settings) -> Finding:
    """Nobody else on the machine reads names, addresses and the key."""
    files = [settings.data_dir / "secret-key", *database_files(settings)]
    if loose := [path for path in files if is_loose(path)]:
        shown = " ".join(map(str, loose))
        return Finding("file modes", False, f"{shown} can be read by others", f"chmod 600 {shown}")
    folders = {settings.data_dir, *(path.parent for path in database_files(settings))}
    if open_folders := sorted(str(folder) for folder in folders if is_loose(folder)):
        shown = " ".join(open_folders)
        return Finding("file modes", False, f"{shown} can be entered by others", f"chmod 700 {shown}")
    return Finding("file modes", True, "for their owner only")


async def _secret_key(settings: Settings) -> Finding:
    if settings.workers > 1 and not os.environ.get("CONVIVE_SECRET_KEY"):
        return Finding(
            "secret key", None, "kept in the data folder", "several machines must share CONVIVE_SECRET_KEY"
        )
    return Finding("secret key", True, "in place")


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
    data_folder,
    _private,
    _secret_key,
    settings_names,
    address,
    reached,
    proxy,
    open_files,
    mail_name,
    mail_records,
    mail,
    _mails,
    _jobs,
    clock,
    _figures,
    _legal_notice,
    _fonts,
    _browser_code,
]
AT_THE_START: list[Check] = [data_folder, _private, address, mail_name, clock, _legal_notice]
