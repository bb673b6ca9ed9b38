"""Mails as they are built, and kept where there is no server: form, words, calendar parts."""

import email
from email.message import EmailMessage
from email.policy import default

import icalendar
import pytest

from events_app.app import JOB_HANDLERS
from events_app.infra import database as db
from events_app.infra.jobs import run_due
from events_app.infra.world import World
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.usefixtures("database")


async def mails(world: World) -> list[EmailMessage]:
    """All that the worker has written, oldest first."""
    await run_due(world, JOB_HANDLERS)
    found = await db.rows("SELECT content FROM mail ORDER BY id")
    return [email.message_from_bytes(bytes(each["content"]), policy=default) for each in found]  # type: ignore[misc]


def calendar_of(mail: EmailMessage) -> icalendar.Calendar:
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return icalendar.Calendar.from_ical(part.get_content())


async def test_a_confirmation_brings_ticket_and_invitation(world: World) -> None:
    event = await make_event(world)
    await make_registration(world, event, email="lea@example.org", given_name="Léa", family_name="Martin")
    (mail,) = await mails(world)
    assert mail["Subject"] == "Votre inscription est confirmée : Monkey Time"
    assert mail["To"].addresses[0].addr_spec == "lea@example.org"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/calendar",
        "application/ics",
        "application/pdf",
    ]
    calendar = calendar_of(mail)
    (entry,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert entry["ATTENDEE"] == "mailto:lea@example.org"
    assert entry["DTSTART"].dt == event.starts_at
