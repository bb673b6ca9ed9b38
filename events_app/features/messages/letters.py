"""A message as the mail of one person."""

from typing import Any

from msgspec.structs import replace

from events_app.features.events.calendar import venue_line
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import event_by_id
from events_app.features.mailing.event_letters import event_facts_of, from_body
from events_app.features.mailing.model import Letter
from events_app.features.mailing.unsubscribing import REMINDERS, unsubscribe_url, wants_none
from events_app.features.messages import audience as people
from events_app.features.messages.job_kinds import MessageTo, MessageTried
from events_app.features.messages.model import MessageKind, MessageRecord, MessageStatus
from events_app.features.messages.placeholders import filled_html, filled_line
from events_app.features.messages.queries import message_by_id
from events_app.features.registration.links import manage_url
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import group_of, registration_by_id
from events_app.features.workshops.queries import places_of
from events_app.infra.i18n import translator
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.world import World
from events_app.kernel.text import called
from events_app.outputs.calendar import Mailbox


async def copy(world: World, _: ClaimedJob, asked: MessageTo) -> Letter | None:
    """None where it was stopped, or the person is no longer whom it speaks to."""
    message = await message_by_id(asked.message_id)
    lead = await registration_by_id(asked.registration_id)
    event = await event_by_id(lead.event_id) if lead else None
    if (
        message is None
        or lead is None
        or event is None
        or message.stored_status is MessageStatus.CANCELLED
        or not lead.email
        or not people.still_meant(await group_of(lead.group_id), message.audience)
    ):
        return None
    what = _stopped_by(message)
    if what and await wants_none(lead.id, what):
        return None
    written = await letter(world, event, message, lead, link=manage_url(world, lead))
    return replace(written, unsubscribe_url=unsubscribe_url(world, lead.id, what)) if what else written


def _stopped_by(message: MessageRecord) -> str:
    """What one click in it stops: reminders, or the agreement that it goes by; "" for what must be known."""
    if message.kind is MessageKind.REMINDER:
        return REMINDERS
    return message.audience.consent


async def test(world: World, _: ClaimedJob, asked: MessageTried) -> Letter | None:
    message = await message_by_id(asked.message_id)
    event = await event_by_id(message.event_id) if message else None
    if message is None or event is None:
        return None
    return await trial(world, event, message, asked.to)


async def trial(world: World, event: EventRecord, message: MessageRecord, to: str) -> Letter:
    """With the first reader's own words, but no link that opens this reader's registration."""
    readers = await people.readers(event, message.audience)
    reader = readers[0] if readers else None
    return await letter(world, event, message, reader, link=world.url(f"/events/{event.slug}"), to=to)


async def letter(
    world: World,
    event: EventRecord,
    message: MessageRecord,
    reader: RegistrationRecord | None,
    *,
    link: str,
    to: str = "",
) -> Letter:
    """In the event's language, as the organiser's own words are."""
    words = translator(event.language)
    values = await _values(event, reader) | {"link": link}
    return Letter(
        template="message",
        to=Mailbox(to or (reader.email if reader else ""), reader.name if reader and not to else ""),
        language=event.language,
        facts={
            **event_facts_of(world, event),
            "subject": (words.gettext("Test: ") if to else "") + filled_line(message.subject, values),
            "html": filled_html(message.text, values),
            "text": filled_line(message.text, values),
            "companions": [],
            "manage_url": link,
            "shows_facts": event.status is EventStatus.PUBLISHED,
        },
        registration_id=reader.id if reader and not to else None,
        footer=words.gettext("This is a test: only you receive it.") if to else "",
        **from_body(event),
    )


async def _values(event: EventRecord, reader: RegistrationRecord | None) -> dict[str, str]:
    words = translator(event.language)
    sessions = [] if reader is None else [place.session for place in await places_of(reader.id)]
    return {
        "given_name": called(reader.given_name, reader.family_name) if reader else "",
        "family_name": reader.family_name if reader else "",
        "name": reader.name if reader else "",
        "organisation": reader.organisation if reader else "",
        "event": event.title,
        "date": words.when(event.starts_at, event.ends_at, event.timezone),
        "place": venue_line(event),
        "sessions": "; ".join(_session(each, event, words) for each in sessions),
    }


def _session(session: Any, event: EventRecord, words: Any) -> str:
    hours = words.times(session.starts_at, session.ends_at, event.timezone)
    return ", ".join(part for part in (session.title, hours, session.room) if part)
