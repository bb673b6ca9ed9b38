"""What the doors saw of each person, for the table of people."""

from events_app.features.admission.facts import EVENT_DOOR
from events_app.features.events.model import EventRecord
from events_app.features.registration.hooks import ExtraColumns
from events_app.infra.database import rows
from events_app.infra.i18n import Translator
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import N_


async def presence_columns(event: EventRecord, words: Translator) -> ExtraColumns:
    """When somebody first came in, and where; none before anybody did."""
    found = await rows(  # index on presence(event)
        "SELECT registration, first_at, first_gate FROM presence WHERE event = {} AND point = {}"
        " AND first_at IS NOT NULL",
        event.id,
        EVENT_DOOR,
    )
    if not found:
        return ExtraColumns([], {})
    return ExtraColumns(
        [words.gettext(N_("Came in at")), words.gettext(N_("Gate"))],
        {
            each["registration"]: [to_wall(each["first_at"], event.timezone), each["first_gate"] or ""]
            for each in found
        },
    )
