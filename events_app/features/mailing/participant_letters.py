"""Mails to participants that are about no single event."""

from typing import Any

from events_app.features.events.calendar import venue_line
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.mailing.model import Letter
from events_app.features.registration.found_again import coming
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.links import manage_url
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import registration_by_id
from events_app.features.registration.standing import standing
from events_app.infra.i18n import Translator, translator
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.world import World
from events_app.kernel.text import called
from events_app.outputs.calendar import Mailbox


async def found_again(world: World, _: ClaimedJob, about: AboutRegistration) -> Letter | None:
    """None where nobody is known, or nothing is to come any more."""
    asked = await registration_by_id(about.registration_id)
    if asked is None or asked.erased_at or not asked.email:
        return None
    found = await coming(world, asked.email)
    if not found:
        return None
    words = translator(asked.language)
    return Letter(
        template="found_again",
        to=Mailbox(asked.email, asked.name),
        sender_name=world.settings.site_name,
        language=asked.language,
        facts={
            "name": called(asked.given_name, asked.family_name),
            "site": world.settings.site_name,
            "entries": [await _entry(world, event, registration, words) for event, registration in found],
        },
        registration_id=asked.id,
        secret_link=world.url("/my-tickets"),  # it holds links of several bodies' events: it is not kept
    )


async def _entry(
    world: World, event: EventRecord, registration: RegistrationRecord, words: Translator
) -> dict[str, Any]:
    return {
        "title": event.title,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "timezone": event.timezone,
        "where": venue_line(event),
        "postponed": event.status is EventStatus.POSTPONED,
        "confirmed": registration.status is RegistrationStatus.CONFIRMED,
        "standing": await standing(world, event, registration, words),
        "manage_url": manage_url(world, registration),
    }
