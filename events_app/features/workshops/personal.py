"""A participant's own places, for the personal page."""

import msgspec

from events_app.features.events.model import EventRecord
from events_app.features.registration.hooks import PersonalSection
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import group_of
from events_app.features.workshops.model import PlaceRecord
from events_app.features.workshops.queries import places_of_each
from events_app.infra.world import World

TEMPLATE = "workshops/_mine.html"


class MyPlaces(msgspec.Struct, frozen=True):
    """`holder` is empty for the person whose page it is."""

    holder: str
    places: list[PlaceRecord]


async def my_places(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> PersonalSection | None:
    """With the companions' places on the page of whoever brought them; None before the publication."""
    if event.placement_published_at is None or registration.status is not RegistrationStatus.CONFIRMED:
        return None
    group = await group_of(registration.group_id) if registration.leads else [registration]
    confirmed = [member for member in group if member.status is RegistrationStatus.CONFIRMED]
    places = await places_of_each([member.id for member in confirmed])
    return PersonalSection(
        TEMPLATE,
        [
            MyPlaces("" if member.id == registration.id else member.name, places.get(member.id, []))
            for member in confirmed
        ],
    )
