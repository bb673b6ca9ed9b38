"""Whoever came is thanked once, a day after the end, where the organiser wants it."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from events_app.app import JOB_HANDLERS
from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.model import EventRecord
from events_app.features.mailing.thanks import thank
from events_app.features.registration.links import manage_url
from events_app.infra import database as db
from events_app.infra.jobs import run_due
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.clock import FixedClock
from tests.factories import make_event, make_registration
from tests.integration.features.mailing.test_letters import parsed

pytestmark = pytest.mark.usefixtures("database")


async def attended(world: World, reminders: str) -> tuple[EventRecord, Any]:
    """Two are registered, one comes."""
    event = await make_event(world, reminders=reminders)
    lea = await make_registration(world, event, email="lea@example.org")
    await make_registration(world, event)
    there = msgspec.structs.replace(world, clock=FixedClock(event.starts_at))
    code = await ticket_code_of(there, event, lea)
    await record_scan(there, SYSTEM, event, ScanRequest(scan_id="1", ticket_code=code, gate="A"))
    return event, lea


async def thanked(world: World, event: EventRecord, **after: float) -> list[Any]:
    later = msgspec.structs.replace(world, clock=FixedClock(event.ends_at + timedelta(**after)))
    await thank(later)
    await run_due(later, JOB_HANDLERS)
    found = await db.rows("SELECT recipient, content FROM mail WHERE kind = 'mail.thanks'")
    assert {each["recipient"] for each in found} <= {"lea@example.org"}
    return [parsed(each["content"]) for each in found]


async def test_those_who_came_are_thanked_once(world: World) -> None:
    event, lea = await attended(world, "[1440, -1440]")
    assert await thanked(world, event, hours=23) == []
    for hours in (24, 25, 30):
        (mail,) = await thanked(world, event, hours=hours)
    text = mail.get_body(("plain",)).get_content()
    assert manage_url(world, lea) in text
    assert "attestation de présence" in text
    assert "/unsubscribe/" in mail["List-Unsubscribe"]
    assert [part.get_content_type() for part in mail.walk()].count("text/calendar") == 0


@pytest.mark.parametrize(("reminders", "hours"), [("[1440]", 25), ("[-1440]", 90)])
async def test_nobody_is_thanked_unasked_or_long_afterwards(
    world: World, reminders: str, hours: float
) -> None:
    event, _ = await attended(world, reminders)
    assert await thanked(world, event, hours=hours) == []
