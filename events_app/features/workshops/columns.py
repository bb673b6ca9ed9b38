"""The workshop of each person, and the sessions that they chose, for the table of people."""

from uuid import UUID

from events_app.features.events.model import EventRecord
from events_app.features.registration.hooks import ExtraColumns
from events_app.features.workshops.queries import places_of_event
from events_app.infra.i18n import Translator
from events_app.kernel.errors import N_
from events_app.outputs.tables import Cell

BETWEEN = " ; "


async def place_columns(event: EventRecord, words: Translator) -> ExtraColumns:
    """One for each slot in which somebody has a place, and one for all that was chosen."""
    places = await places_of_event(event.id)
    slots = sorted({each.slot for own in places.values() for each in own if not each.session.is_chosen})
    choosing = any(each.session.is_chosen for own in places.values() for each in own)
    head = words.gettext(N_("Workshop"))
    heads = [head if len(slots) == 1 else f"{head} ({slot})" for slot in slots]
    cells: dict[UUID, list[Cell]] = {}
    for registration_id, own in places.items():
        given = {each.slot: each.session.title for each in own if not each.session.is_chosen}
        cells[registration_id] = [given.get(slot) for slot in slots]
        if choosing:
            titles = [each.session.title for each in own if each.session.is_chosen]
            cells[registration_id].append(BETWEEN.join(titles) or None)
    return ExtraColumns([*heads, *([words.gettext(N_("Chosen sessions"))] if choosing else [])], cells)
