"""Where data of people are, and that they are gone from there: every column, every byte of every file."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import icalendar
import msgspec
import pytest
from msgspec.structs import replace

from events_app.app import JOB_HANDLERS, NIGHTLY
from events_app.features.events.model import EventRecord
from events_app.features.operations.personal_data import IMPERSONAL, OF_ORGANISERS, PERSONAL, reasons
from events_app.features.registration import erasure, letters, withdrawal
from events_app.features.registration.invitations import invitations_of, invite, uninvite
from events_app.features.registration.links import invitation_token
from events_app.features.registration.tags import set_tag
from events_app.infra import database as db
from events_app.infra import jobs, nightly
from events_app.infra.i18n import translator
from events_app.infra.settings import Secret
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.application import visitor
from tests.factories import make_event, make_session
from tests.smtp import Sink, smtp_sink

ADDRESS = "zelda.quetzalcoatl@example.org"
SECRETS = ("zelda", "quetzalcoatl", "xylographe", "yttrium", "wagnerien", "vraiment-allergique", "uztaritz")

NIGHTS_UNTIL_BELIEVED = 3


async def columns() -> dict[str, set[str]]:
    """Of the real tables: those that hold text or bytes."""
    if db.is_postgres():
        found = await db.rows(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'bytea', 'json', 'jsonb')"
        )
    else:
        found = [
            {"table_name": table["name"], "column_name": column["name"]}
            for table in await db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
            for column in await db.rows(f"SELECT name, type FROM pragma_table_info('{table['name']}')")
            if column["type"].upper().startswith(("TEXT", "VARCHAR", "BLOB", "BYTEA"))
        ]
    tables: dict[str, set[str]] = {}
    for each in found:
        tables.setdefault(each["table_name"], set()).add(each["column_name"])
    tables.pop("migration", None)
    return {name: kept for name, kept in tables.items() if not name.startswith("sqlite_")}


async def test_every_column_of_text_is_known_as_personal_or_not(database: str) -> None:
    known: dict[str, set[str]] = {table: set(names) for table, names in IMPERSONAL.items()}
    for held in PERSONAL:
        known.setdefault(held.table, set()).update(held.columns)
    found = await columns()
    new = {t: sorted(names - known.get(t, set())) for t, names in found.items() if t not in OF_ORGANISERS}
    assert {table: names for table, names in new.items() if names} == {}
    gone = {held.table: sorted(set(held.columns) - found.get(held.table, set())) for held in PERSONAL}
    assert {table: names for table, names in gone.items() if names} == {}


async def hits(files: Path) -> list[str]:
    """Every column of every table, and on SQLite every byte of every file, that still names the person."""
    found = []
    for table, names in (await columns()).items():
        for row in await db.rows(f'SELECT * FROM "{table}"'):
            for name in names:
                value = row[name]
                raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                found += [f"{table}.{name}: {secret}" for secret in SECRETS if secret.encode() in raw.lower()]
    if not db.is_postgres():
        for path in files.rglob("*"):
            if path.is_file():
                raw = path.read_bytes().lower()
                found += [f"{path.name}: {secret}" for secret in SECRETS if secret.encode() in raw]
    return found


async def lived(world: World, http: httpx.AsyncClient, sink: Sink, key: str) -> tuple[EventRecord, str]:
    """Somebody was invited, registered with a companion, was refused by a mail server, came in."""
    question = {"code": "diet", "label": "Régime", "kind": "short_text", "required": False}
    event = await make_event(
        world,
        slug="monkey-time",
        visibility="invited",
        max_companions=2,
        questions=msgspec.json.encode([question]).decode(),
        starts_at=world.now() + timedelta(hours=1),
        ends_at=world.now() + timedelta(hours=3),
    )
    await make_session(world, event, "only")
    await invite(world, SYSTEM, event, f"{ADDRESS}, never.uztaritz@example.org")
    invitation = await db.row("SELECT id FROM invitation WHERE email = {}", ADDRESS)
    assert invitation is not None
    body = {
        "email": ADDRESS,
        "given_name": "Zelda",
        "family_name": "Quetzalcoatl",
        "organisation": "Xylographe",
        "commune": "Yttrium",
        "answers": {"diet": "vraiment-allergique"},
        "companions": [{"given_name": "Wagnerien", "family_name": "Quetzalcoatl"}],
        "preferences": ["only"],
        "invitation": invitation_token(world, invitation["id"]),
    }
    headers = {"authorization": f"Bearer {key}", "idempotency-key": "once"}
    made = await http.post("/api/v1/events/monkey-time/registrations", json=body, headers=headers)
    assert made.status_code == 201, made.text
    receipt: dict[str, Any] = made.json()
    scan = {"scan_id": "s1", "ticket_code": receipt["ticket_code"], "gate": "A", "override": "Zelda, connue"}
    scanned = await http.post("/api/v1/events/monkey-time/scans", json=scan, headers=headers)
    assert scanned.status_code == 200, scanned.text
    await set_tag(world, SYSTEM, event, [UUID(receipt["id"])], "Yttrium", on=True)
    sink.answers += [f"550 5.1.1 <{ADDRESS}>: no such mailbox", f"450 4.2.0 <{ADDRESS}>: later"]
    await jobs.run_due(world, JOB_HANDLERS)
    sending = {"authorization": headers["authorization"]}
    message = {"subject": "Pour {given_name}", "text": "Bonjour {name}, de {organisation}."}
    written = await http.post("/api/v1/events/monkey-time/messages", json=message, headers=sending)
    assert written.status_code == 201, written.text
    sent = await http.post(f"/api/v1/messages/{written.json()['id']}/send", headers=sending)
    assert sent.status_code < 300, sent.text
    await jobs.run_due(world, JOB_HANDLERS)
    return event, receipt["id"]


@pytest.fixture
def posting(world: World) -> Iterator[tuple[World, Sink]]:
    with smtp_sink() as (sink, url):
        settings = replace(world.settings, smtp_url=Secret(url), mail_from="events@example.org")
        yield replace(world, settings=settings), sink


async def test_nothing_names_somebody_whose_data_were_erased(
    database: str, posting: tuple[World, Sink], organiser_key: str, tmp_path: Path
) -> None:
    world, sink = posting
    async with visitor(world) as http:
        _, registration_id = await lived(world, http, sink, organiser_key)
        assert len(await hits(tmp_path)) > 10
        await erasure.erase(world, SYSTEM, UUID(registration_id))
        left = [hit for hit in await hits(tmp_path) if "uztaritz" not in hit]
    assert left == []


async def test_whoever_is_erased_is_struck_out_of_their_calendar_first(
    database: str, posting: tuple[World, Sink], organiser_key: str, tmp_path: Path
) -> None:
    world, sink = posting
    async with visitor(world) as http:
        _, registration_id = await lived(world, http, sink, organiser_key)
        sink.answers.clear()
        await letters.send_again(world, SYSTEM, UUID(registration_id))
        await jobs.run_due(world, JOB_HANDLERS)
        sink.answers.append(f"450 4.2.0 <{ADDRESS}>: later")
        await erasure.erase(world, SYSTEM, UUID(registration_id))
        await jobs.run_due(world, JOB_HANDLERS)
        world.clock.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
        await jobs.run_due(world, JOB_HANDLERS)
        await jobs.run_due(world, JOB_HANDLERS)
        left = [hit for hit in await hits(tmp_path) if "uztaritz" not in hit]
    assert left == []
    asked, struck_out = [
        icalendar.Calendar.from_ical(part.get_payload(decode=True))
        for message in sink.messages
        for part in message.walk()
        if message["To"].addresses[0].addr_spec == ADDRESS and part.get_content_type() == "text/calendar"
    ]
    (before,), (after,) = asked.walk("VEVENT"), struck_out.walk("VEVENT")
    assert (asked["METHOD"], struck_out["METHOD"], after["STATUS"]) == ("REQUEST", "CANCEL", "CANCELLED")
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


async def test_nothing_names_anybody_thirteen_months_later(
    database: str, posting: tuple[World, Sink], organiser_key: str, tmp_path: Path
) -> None:
    world, sink = posting
    async with visitor(world) as http:
        await lived(world, http, sink, organiser_key)
        world.clock.advance(erasure.KEPT_AFTER_EVENT + timedelta(days=1))  # type: ignore[attr-defined]
        for night in range(NIGHTS_UNTIL_BELIEVED):
            world.clock.advance(timedelta(days=min(night, 1)))  # type: ignore[attr-defined]
            await nightly.enqueue_tonight(world, NIGHTLY)
            await jobs.run_due(world, JOB_HANDLERS)
    assert await hits(tmp_path) == []


async def test_a_companion_alone_is_erased_also_from_what_was_written_to_others(
    database: str, posting: tuple[World, Sink], organiser_key: str, tmp_path: Path
) -> None:
    world, sink = posting
    async with visitor(world) as http:
        await lived(world, http, sink, organiser_key)
        companion = await db.row("SELECT id FROM registration WHERE given_name = 'Wagnerien'")
        assert companion is not None
        await withdrawal.cancel(world, SYSTEM, companion["id"])
        await jobs.run_due(world, JOB_HANDLERS)
        assert [hit for hit in await hits(tmp_path) if "wagnerien" in hit]
        await erasure.erase(world, SYSTEM, companion["id"])
        assert [hit for hit in await hits(tmp_path) if "wagnerien" in hit] == []
        assert [hit for hit in await hits(tmp_path) if "zelda" in hit]


async def test_whoever_was_only_invited_leaves_nothing_when_taken_off(
    database: str, world: World, tmp_path: Path
) -> None:
    event = await make_event(world, visibility="invited")
    await invite(world, SYSTEM, event, "never.uztaritz@example.org")
    await jobs.run_due(world, JOB_HANDLERS)
    assert len(await hits(tmp_path)) > 1
    await uninvite(world, SYSTEM, event, (await invitations_of(event.id))[0].id)
    assert await hits(tmp_path) == []


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_page_on_data_says_the_list(client: httpx.AsyncClient, language: str) -> None:
    page = unescape((await client.get("/privacy", headers={"accept-language": language})).text)
    gettext = translator(language).gettext
    said = [gettext(words) for reason in reasons() for words in reason]
    assert [words for words in said if words not in page] == []
    if language == "fr":
        assert "Your " not in " ".join(said)
