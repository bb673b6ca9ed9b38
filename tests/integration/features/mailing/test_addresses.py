"""Whatever the installation's address: mails leave, UIDs stay, and what cannot be written is seen."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import icalendar
import msgspec
import pytest

from events_app.app import JOB_HANDLERS, introduce_features
from events_app.features.events.content import EventChanges
from events_app.features.events.service import edit_event
from events_app.features.mailing import delivery
from events_app.features.operations.doctor import examine
from events_app.features.registration.links import calendar_url
from events_app.features.workshops.late import session_changed
from events_app.infra import database as db
from events_app.infra.jobs import run_due
from events_app.infra.settings import Secret, load_settings
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.application import app_of
from tests.factories import again, make_event, make_registration, make_workshops
from tests.integration.features.mailing.test_letters import seat
from tests.smtp import Sink, smtp_sink

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def server() -> Iterator[tuple[Sink, str]]:
    with smtp_sink() as found:
        yield found


def at(world: World, address: str, smtp_url: str | None = None) -> World:
    """The same installation under another address."""
    environ = {"CONVIVE_BASE_URL": address, "CONVIVE_SECRET_KEY": "x" * 40}
    wanted = load_settings(environ | {"CONVIVE_DATA_DIR": str(world.settings.data_dir)})
    settings = msgspec.structs.replace(
        world.settings,
        base_url=wanted.base_url,
        mail_helo=wanted.mail_helo,
        smtp_url=Secret(smtp_url) if smtp_url else None,
    )
    return msgspec.structs.replace(world, settings=settings)


@pytest.mark.parametrize(
    "address",
    ["https://événements.example.fr", "http://convive_app", "http://[::1]:8000", "http://127.0.0.1"],
)
async def test_mails_leave_under_every_address(world: World, server: tuple[Sink, str], address: str) -> None:
    sink, url = server
    here = at(world, address, url)
    event = await make_event(here)
    await make_registration(here, event)
    await run_due(here, JOB_HANDLERS)
    (message,) = sink.messages
    assert message["Message-ID"].isascii()
    (mail,) = await db.rows("SELECT status, message_id FROM mail")
    assert (mail["status"], mail["message_id"]) == ("sent", str(message["Message-ID"]))


async def test_uids_survive_a_change_of_the_address(world: World) -> None:
    event = await make_event(world)
    workshop = (await make_workshops(world, event))[0]
    registration = await make_registration(world, event)
    await seat(world, registration, workshop)

    async def uids(here: World) -> set[str]:
        found = set()
        transport = httpx.ASGITransport(app=app_of(here))  # type: ignore[arg-type]
        personal = calendar_url(here, registration).removeprefix(here.settings.base_url)
        async with httpx.AsyncClient(transport=transport, base_url=here.settings.base_url) as client:
            for path in ("/calendar.ics", "/events/monkey-time/calendar.ics", personal):
                calendar = icalendar.Calendar.from_ical((await client.get(path)).content)
                found |= {str(entry["UID"]) for entry in calendar.walk("VEVENT")}
            answer = (await client.get("/api/v1/events/monkey-time")).json()
        return found | {answer["calendar"]["uid"]}

    before = await uids(world)
    assert await uids(at(world, "https://evenements.example.fr")) == before
    assert {uid.partition("@")[2] for uid in before} == {"testserver.local"}


async def test_a_mail_that_cannot_be_written_stands_in_the_outbox_with_the_reason(
    world: World, client: httpx.AsyncClient, organiser_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> str:
        return "<not one>\r\nBcc: evil@example.org"

    monkeypatch.setattr(delivery, "message_id", broken)
    event = await make_event(world)
    await make_registration(world, event, email="lea@example.org")
    await run_due(world, JOB_HANDLERS)
    (mail,) = await db.rows("SELECT id, status, error, recipient FROM mail")
    assert (mail["status"], mail["recipient"]) == ("failed", "lea@example.org")
    assert "not a Message-ID" in mail["error"]
    key = {"authorization": f"Bearer {organiser_key}", "accept-language": "fr"}
    assert "lea@example.org" in (await client.get("/org/outbox", headers=key)).text
    page = (await client.get(f"/org/outbox/{mail['id']}", headers=key)).text
    assert "n’a pas pu être écrit" in page
    Path(world.settings.data_dir).mkdir(exist_ok=True)
    findings = {finding.subject: finding for finding in await examine(world.settings)}
    assert findings["mails"].good is False
    monkeypatch.undo()
    assert (await client.post(f"/org/outbox/{mail['id']}/again", headers=key)).status_code == 303
    await run_due(world, JOB_HANDLERS)
    (mail,) = await db.rows("SELECT status, error FROM mail")
    assert (mail["status"], mail["error"]) == ("kept", None)


async def test_two_changes_within_a_second_are_two_numbers(world: World) -> None:
    """The clock stands still in these tests: the count alone tells them apart."""
    introduce_features()
    event = await make_event(world)
    first, second = (await make_workshops(world, event))[:2]
    registration = await make_registration(world, event)
    await seat(world, registration, first)
    feed = calendar_url(world, registration)
    transport = httpx.ASGITransport(app=app_of(world))  # type: ignore[arg-type]
    numbers: list[dict[str, int]] = []
    async with httpx.AsyncClient(transport=transport) as client:

        async def look() -> None:
            calendar = icalendar.Calendar.from_ical((await client.get(feed)).content)
            found = {str(e["UID"]).partition("-")[0]: int(e["SEQUENCE"]) for e in calendar.walk("VEVENT")}
            numbers.append(found)

        await look()
        for slug in ("monkey-time-b", "monkey-time-c"):
            event = await edit_event(world, SYSTEM, event.slug, EventChanges(slug=slug))
            await look()
        for room in ("A", "B"):
            await db.execute("UPDATE session SET room = {} WHERE id = {}", room, first.id)
            await session_changed(world, event, first, first, False)
            await look()
    assert second.id != first.id
    for entry in ("registration", "place"):
        seen = [each[entry] for each in numbers]
        assert seen == sorted(set(seen)) if entry == "place" else seen[:3] == sorted(set(seen[:3]))
    world.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    assert (await again(registration)).calendar_sequence == 2
