"""The sessions that somebody chose, on their personal page and on the organiser's page of them."""

import msgspec

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration.hooks import PersonalSection
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.workshops.choosing import chosen_by_person
from events_app.infra.world import World

TEMPLATE = "workshops/_choices.html"


class Choices(msgspec.Struct, frozen=True):
    """`certain`: the places are theirs; before they have one at the event, they are wanted."""

    sessions: list[SessionRecord]
    certain: bool
    open: bool


async def my_choices(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> PersonalSection | None:
    """None where there is nothing to choose."""
    sessions = [each for each in await sessions_of(event.id) if each.is_chosen]
    if not sessions or not registration.status.is_active:
        return None
    mine = await chosen_by_person(registration.id)
    certain = registration.status is RegistrationStatus.CONFIRMED
    chosen = [session for session in sessions if session.id in mine]
    ahead = any(session.starts_at > world.now() for session in sessions)
    return PersonalSection(TEMPLATE, Choices(chosen, certain, ahead))
