"""The workshop of each person, for the table of people."""

from events_app.features.events.model import EventRecord
from events_app.features.registration.hooks import ExtraColumns
from events_app.features.workshops.queries import places_of_event
from events_app.infra.i18n import Translator
from events_app.kernel.errors import N_


async def place_columns(event: EventRecord, words: Translator) -> ExtraColumns:
    """One for each slot in which somebody has a place; none before the publication."""
    if event.placement_published_at is None:
        return ExtraColumns([], {})
    places = await places_of_event(event.id)
    slots = sorted({place.slot for own in places.values() for place in own})
    head = words.gettext(N_("Workshop"))
    heads = [head if len(slots) == 1 else f"{head} ({slot})" for slot in slots]
    return ExtraColumns(
        heads,
        {
            registration_id: [
                next((place.session.title for place in own if place.slot == slot), None) for slot in slots
            ]
            for registration_id, own in places.items()
        },
    )
